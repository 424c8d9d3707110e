import { ConnectionLost } from './connection.js';

const GATHER_MS = 150;
const AT_ONCE = 100;

/** Marks what is unread as read while somebody looks, several messages by one frame. */
export class Reading {
  #toTell;
  #mark;
  /** Told once; again only when no answer came. @type {Set<string>} */
  #asked = new Set();
  #timer = 0;

  /**
   * @param {() => readonly string[]} toTell What was not marked as read, and may be now.
   * @param {(messageIds: readonly string[]) => Promise<void>} mark
   */
  constructor(toTell, mark) {
    this.#toTell = toTell;
    this.#mark = mark;
  }

  /** To be called whenever there may be something to tell. */
  consider() {
    if (this.#timer === 0) this.#timer = setTimeout(() => void this.#tell(), GATHER_MS);
  }

  async #tell() {
    this.#timer = 0;
    const all = this.#toTell().filter((id) => !this.#asked.has(id));
    const ids = all.slice(0, AT_ONCE);
    if (ids.length === 0) return;
    for (const id of ids) this.#asked.add(id);
    if (all.length > ids.length) this.consider();
    try {
      await this.#mark(ids);
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      for (const id of ids) this.#asked.delete(id);
    }
  }
}
