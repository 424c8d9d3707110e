import type { Heard } from './frame.ts';
import { MOST_TEXTS } from './limits.ts';

/**
 * Tells apart what two links of one device say twice, where it has no place by which to tell: each is news as often as
 * the one link has said it that has said it more often.
 *
 * @returns whether an event is news.
 */
export function createOverlap(): (heard: Heard, isOld: boolean) => boolean {
  /** How much more often the old link has said something than the new one. */
  const leads = new Map<string, number>();
  return ({ name, args }, isOld) => {
    const text = JSON.stringify([name, args]);
    const lead = leads.get(text) ?? 0;
    const step = isOld ? 1 : -1;
    if (leads.size < MOST_TEXTS) leads.set(text, lead + step);
    return lead * step >= 0;
  };
}
