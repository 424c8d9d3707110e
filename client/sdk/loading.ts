import type { Clock } from '../connection/platform.ts';
import { isFinal } from './parley-error.ts';

/** Events that come close together ask for one loading. */
const SETTLES_MS = 300;
const AGAIN_MS = 5_000;

type Parts = {
  readonly clock: Clock;
  /** Rejects where it has failed. */
  readonly load: () => Promise<void>;
  readonly failed: (error: Error) => void;
  /** Whether anybody waits for what is loaded. */
  readonly isWatched: () => boolean;
};

/**
 * Loads something: once for whoever asks meanwhile, once more for what came while it was loading, and again after a
 * failure that may not last.
 */
export class Loading {
  readonly #parts: Parts;
  #underWay: Promise<void> | undefined;
  #isDue: boolean = false;
  #isScheduled: boolean = false;
  #callOff: () => void = () => undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  now(): Promise<void> {
    this.#underWay ??= this.#load().finally(() => {
      this.#underWay = undefined;
      if (this.#isDue) this.soon();
      this.#isDue = false;
    });
    return this.#underWay;
  }

  soon(): void {
    if (this.#underWay !== undefined) this.#isDue = true;
    else if (!this.#isScheduled) {
      this.#isScheduled = true;
      this.#parts.clock.schedule(SETTLES_MS, () => {
        this.#isScheduled = false;
        void this.now();
      });
    }
  }

  async #load(): Promise<void> {
    const { clock, load, failed, isWatched } = this.#parts;
    this.#callOff();
    try {
      await load();
    } catch (thrown) {
      failed(thrown as Error);
      if (isWatched() && !isFinal(thrown)) this.#callOff = clock.schedule(AGAIN_MS, () => void this.now());
    }
  }
}
