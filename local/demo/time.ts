/** Times as people say them, in the language of the page's reader. */

const DAY_MS = 86_400_000;

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const SECONDS = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: 'long' });
const DATE = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long' });
const DATE_WITH_YEAR = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
const SHORT_DATE = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const SHORT_WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const RELATIVE_DAY = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

/** 14:05, or 2:05 PM */
export function clockTime(at: Date): string {
  return CLOCK.format(at);
}

/** 14:05:09 */
export function exactTime(at: Date): string {
  return SECONDS.format(at);
}

/** Today, Yesterday, Monday, 3 March, 3 March 2025. */
export function dayName(at: Date, now: Date): string {
  const days = daysBetween(at, now);
  if (days <= 1) return capitalised(RELATIVE_DAY.format(-days, 'day'));
  if (days < 7) return WEEKDAY.format(at);
  return (at.getFullYear() === now.getFullYear() ? DATE : DATE_WITH_YEAR).format(at);
}

/** The same in the width of a list: 14:05, Mon, 3 Mar. */
export function shortTime(at: Date, now: Date): string {
  const days = daysBetween(at, now);
  if (days <= 0) return clockTime(at);
  return (days < 7 ? SHORT_WEEKDAY : SHORT_DATE).format(at);
}

/** How long until the next day of the calendar, in ms. */
export function untilTomorrow(now: Date): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime() - now.getTime();
}

/** Whether two moments lie on one day of the calendar. */
export function isSameDay(a: Date, b: Date): boolean {
  return daysBetween(a, b) === 0;
}

function daysBetween(at: Date, now: Date): number {
  // Rounded: a day on which the clocks change has an hour more or less.
  return Math.round((midnight(now) - midnight(at)) / DAY_MS);
}

function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

function capitalised(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
