/** The server ends typing 8 s after the last refresh. */
const REFRESH_MS = 3_000;
const PAUSE_MS = 2_500;
const FORGET_MS = 13_000;

/** Tells that this person types: when it begins, again while it goes on, and when it ends. */
export class TypingOut {
  #tell;
  #toldAt = Number.NEGATIVE_INFINITY;
  #timer = 0;

  /** @param {(isTyping: boolean) => void} tell */
  constructor(tell) {
    this.#tell = tell;
  }

  /** @param {boolean} isEmpty */
  changed(isEmpty) {
    if (isEmpty) return this.end();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(), PAUSE_MS);
    const now = performance.now();
    if (now - this.#toldAt < REFRESH_MS) return;
    this.#toldAt = now;
    this.#tell(true);
  }

  end() {
    if (this.forget()) this.#tell(false);
  }

  /** As after a message was sent, which tells the server as well. */
  forget() {
    clearTimeout(this.#timer);
    const wasTyping = this.#toldAt !== Number.NEGATIVE_INFINITY;
    this.#toldAt = Number.NEGATIVE_INFINITY;
    return wasTyping;
  }
}

/** Whether the other person types, until told otherwise, or a little longer than the server would let it go on. */
export class TypingIn {
  isTyping = false;
  #changed;
  #timer = 0;

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
  }

  /** @param {boolean} isTyping */
  told(isTyping) {
    clearTimeout(this.#timer);
    if (isTyping) this.#timer = setTimeout(() => this.told(false), FORGET_MS);
    if (this.isTyping === isTyping) return;
    this.isTyping = isTyping;
    this.#changed();
  }
}
