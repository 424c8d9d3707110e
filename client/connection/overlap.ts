import type { Heard } from './frame.ts';
import type { Link } from './link.ts';

const MOST_TEXTS = 1_000;

/**
 * Tells apart what two links of one device say twice. Messages have their places; of anything else each is told as often
 * as the one has said it that has said it more often.
 */
export class Overlap {
  readonly #old: Link;
  /** How much more often the old link has said something than the new one. */
  readonly #leads = new Map<string, number>();

  constructor(old: Link) {
    this.#old = old;
  }

  /** Whether an event is new, coming by this link. */
  isNews({ name, args }: Heard, link: Link): boolean {
    const text = JSON.stringify([name, args]);
    const lead = this.#leads.get(text) ?? 0;
    const step = link === this.#old ? 1 : -1;
    if (this.#leads.size < MOST_TEXTS) this.#leads.set(text, lead + step);
    return lead * step >= 0;
  }
}
