import type { Clock } from '../connection/platform.ts';

/** The server takes somebody who says nothing more for one who has stopped after 8 s. */
const SAY_EVERY_MS = 3_000;
const IDLE_MS = 5_000;
/** Word of an end may be lost. */
const LONGEST_MS = 12_000;

/** Tells that the user is writing, sparingly, and that they have stopped. */
export class OwnTyping {
  readonly #clock: Clock;
  readonly #tell: (isTyping: boolean) => void;
  #saidAt: number | undefined;
  #callOff: () => void = () => undefined;

  constructor(clock: Clock, tell: (isTyping: boolean) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  set(isTyping: boolean): void {
    this.#callOff();
    if (isTyping) {
      this.#callOff = this.#clock.schedule(IDLE_MS, () => this.set(false));
      const pauseMs = Math.abs(this.#clock.now() - (this.#saidAt ?? Number.NEGATIVE_INFINITY));
      if (pauseMs < SAY_EVERY_MS) return;
      this.#saidAt = this.#clock.now();
      this.#tell(true);
    } else if (this.#saidAt !== undefined) {
      this.#saidAt = undefined;
      this.#tell(false);
    }
  }

  /** The user has sent what they wrote, which says that they have stopped. */
  sent(): void {
    this.#callOff();
    this.#saidAt = undefined;
  }
}

/** Who else is writing, for as long as that may be true. */
export class OthersTyping {
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #until = new Map<string, () => void>();

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  get userIds(): readonly string[] {
    return [...this.#until.keys()];
  }

  set(userId: string, isTyping: boolean): void {
    const callOff = this.#until.get(userId);
    callOff?.();
    if (isTyping)
      this.#until.set(
        userId,
        this.#clock.schedule(LONGEST_MS, () => this.set(userId, false)),
      );
    else this.#until.delete(userId);
    if (isTyping !== (callOff !== undefined)) this.#changed();
  }

  /** Nobody is any more, as far as is known. */
  clear(): void {
    for (const callOff of this.#until.values()) callOff();
    this.#until.clear();
  }
}
