/**
 * Time that passes only when it is told to. It begins far ahead of the machine's, by which a real engine deletes rows
 * whose time to live has run out.
 */
export class VirtualClock {
  #now: number;

  constructor(now = Date.UTC(2040, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  pass(ms: number): void {
    this.#now += ms;
  }
}
