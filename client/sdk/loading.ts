import type { Clock } from '../connection/platform.ts';

/** Events that come close together ask for one loading. */
const SETTLES_MS = 300;

/** Loads something: once for whoever asks meanwhile, and once more for what came while it was loading. */
export class Loading {
  readonly #clock: Clock;
  readonly #load: () => Promise<void>;
  #underWay: Promise<void> | undefined;
  #isDue: boolean = false;
  #isScheduled: boolean = false;

  constructor(clock: Clock, load: () => Promise<void>) {
    this.#clock = clock;
    this.#load = load;
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
      this.#clock.schedule(SETTLES_MS, () => {
        this.#isScheduled = false;
        void this.now();
      });
    }
  }
}
