import type { Heard } from './frame.ts';

const MOST_TEXTS = 1_000;

/**
 * Tells apart what two links of one device say twice, where it has no place by which to tell: each is news as often as
 * the one link has said it that has said it more often.
 */
export class Overlap {
  /** How much more often the old link has said something than the new one. */
  readonly #leads = new Map<string, number>();

  /** Whether an event is news. */
  isNews({ name, args }: Heard, isOld: boolean): boolean {
    const text = JSON.stringify([name, args]);
    const lead = this.#leads.get(text) ?? 0;
    const step = isOld ? 1 : -1;
    if (this.#leads.size < MOST_TEXTS) this.#leads.set(text, lead + step);
    return lead * step >= 0;
  }
}
