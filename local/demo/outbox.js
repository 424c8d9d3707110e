import { ConnectionLost } from './connection.js';

/**
 * @typedef {object} Draft A message of this device that the server has not acknowledged yet.
 * @property {string} clientMessageId
 * @property {string} content
 */

/**
 * Sends one message at a time, so that they are stored in the order they were written, and each again under the same
 * `clientMessageId` until the server has answered, so that it is stored once.
 */
export class Outbox {
  /** @type {Draft[]} */
  #queue = [];
  /** @type {Promise<void> | undefined} */
  #flushing;
  #send;
  #settle;

  /**
   * @param {(draft: Draft) => Promise<any>} send
   * @param {(draft: Draft, answer: any) => void} settle
   */
  constructor(send, settle) {
    this.#send = send;
    this.#settle = settle;
  }

  /** @param {Draft} draft */
  add(draft) {
    this.#queue.push(draft);
  }

  /** Sends what waits. Stops at a lost connection, to be called again when there is a new one. */
  async flush() {
    if (this.#queue.length > 0) this.#flushing ??= this.#sendAll();
    await this.#flushing;
  }

  async #sendAll() {
    try {
      for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) await this.#sendHead(head);
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
    } finally {
      this.#flushing = undefined;
    }
  }

  /** @param {Draft} head */
  async #sendHead(head) {
    const answer = await this.#send(head);
    this.#queue.shift();
    this.#settle(head, answer);
  }
}
