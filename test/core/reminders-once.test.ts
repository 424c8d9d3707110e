import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCalledOff } from '../../lambdas/core/appointment.ts';
import type { Booking } from '../../lambdas/core/directory.ts';
import type { SignalOf } from '../../lambdas/core/signals.ts';
import type { QueuedTask } from '../fakes/memory-ports.ts';
import { BOOKING, CLIENT, DAY_MS, MINUTE_MS, OWNER, type Platform, platform } from './platform.ts';

const START = Date.UTC(2040, 0, 2, 10);
const STARTS = [0, 30, 1_440].map((later) => new Date(START + later * MINUTE_MS).toISOString());
const REMINDERS = [1_440, 60, 15];

/** What the platform says, or time does, or a task that comes late and again, in several workers at once. */
type Step =
  | { readonly kind: 'put'; readonly startTime: string; readonly status: string; readonly atOnce: number }
  | { readonly kind: 'forget' }
  | { readonly kind: 'pass'; readonly minutes: number }
  | { readonly kind: 'stray'; readonly which: number; readonly atOnce: number };

const atOnce = fc.integer({ min: 1, max: 3 });
const put: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('put'),
  startTime: fc.constantFrom(...STARTS),
  status: fc.constantFrom('pending', 'confirmed', 'cancelled'),
  atOnce,
});
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: put },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget') }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('pass'), minutes: fc.integer({ min: 1, max: 900 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('stray'), which: fc.nat(30), atOnce }) },
);

/** An appointment as it should be, and the reminders of it that must have been said by now. */
class Appointment {
  readonly #scene: Platform;
  readonly #tasks = new Set<QueuedTask>();
  readonly due = new Set<string>();
  #booking: Booking | undefined;

  constructor(scene: Platform) {
    this.#scene = scene;
  }

  async do(step: Step): Promise<void> {
    const { clock, armed, told } = this.#scene;
    const before = { now: clock.now(), told: told.length };
    await this.#take(step);
    for (const task of armed.values()) this.#tasks.add(task);
    this.#noteDue(before.now);
    for (const { signal } of told.slice(before.told)) {
      if (signal.kind === 'appointment-reminded') this.#expectTrue(signal, before.now);
    }
  }

  async #take(step: Step): Promise<void> {
    const { clock, until, perform, put: say, forget } = this.#scene;
    const repeat = (times: number, act: () => Promise<void>) =>
      Promise.all(Array.from({ length: times }, () => act()));
    if (step.kind === 'pass') return until(clock.now() + step.minutes * MINUTE_MS);
    if (step.kind === 'forget') {
      this.#booking = undefined;
      return forget();
    }
    if (step.kind === 'put') {
      const booking = { ...BOOKING, startTime: step.startTime, status: step.status };
      this.#booking = booking;
      await repeat(step.atOnce, () => say(booking));
      return;
    }
    const late = [...this.#tasks].filter(({ dueAt }) => dueAt <= clock.now());
    const stray = late[step.which % Math.max(1, late.length)];
    if (stray) await repeat(step.atOnce, () => perform(stray.task));
  }

  /** Those whose time has come since then, while the appointment stood. */
  #noteDue(since: number): void {
    const { startTime } = this.#booking ?? {};
    if (!this.#booking || !startTime || isCalledOff(this.#booking)) return;
    for (const minutes of REMINDERS) {
      const at = Date.parse(startTime) - minutes * MINUTE_MS;
      if (at <= since || at > this.#scene.clock.now()) continue;
      for (const userId of [CLIENT, OWNER]) this.due.add(`${userId} ${startTime} ${minutes}`);
    }
  }

  #expectTrue({ startTime, minutesUntil }: SignalOf<'appointment-reminded'>, since: number): void {
    expect(startTime).toBe(this.#booking?.startTime);
    expect(isCalledOff(this.#booking ?? {})).toBe(false);
    const left = (ms: number) => Math.ceil((Date.parse(startTime) - ms) / MINUTE_MS);
    expect(minutesUntil).toBeGreaterThanOrEqual(left(this.#scene.clock.now()));
    expect(minutesUntil).toBeLessThanOrEqual(left(since));
    expect(minutesUntil).toBeGreaterThan(0);
  }
}

test('each reminder is said once to each side, and none that is not true, whatever is said, repeated or done at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(steps, { minLength: 3, maxLength: 20 }),
      fc.infiniteStream(fc.nat(3)),
      async (story, pauses) => {
        const scene = platform();
        // Who waits longer is overtaken.
        scene.setTurn(async () => {
          for (let left = pauses.next().value; left > 0; left -= 1) await undefined;
        });
        const appointment = new Appointment(scene);
        await appointment.do({ kind: 'put', startTime: STARTS[0] ?? '', status: 'pending', atOnce: 1 });
        for (const step of story) await appointment.do(step);
        await appointment.do({ kind: 'pass', minutes: (3 * DAY_MS) / MINUTE_MS });
        const said = scene.told.flatMap(({ signal, users }) =>
          signal.kind === 'appointment-reminded' ? [`${users[0]} ${signal.notification.id}`] : [],
        );
        expect(new Set(said).size).toBe(said.length);
        expect(said.length).toBeGreaterThanOrEqual(appointment.due.size);
        const inboxes = (await scene.inboxes()).flat().filter(({ type }) => type === 'appointment_reminder');
        expect(inboxes).toHaveLength(said.length);
      },
    ),
  );
});
