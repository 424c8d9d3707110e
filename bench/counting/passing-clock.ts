import type { Clock } from '../../local/gateway/clock.ts';

const A_SECOND = 1_000;

/**
 * Stands still but where the bench puts it forward, so that no count depends on how fast the machine is. Nobody waits:
 * what falls due within a second is done at once, and what falls due later never, so that nothing but the operation
 * itself is counted.
 */
export class PassingClock implements Clock {
  #now = Date.now();

  now(): number {
    return this.#now;
  }

  pass(ms: number): void {
    this.#now += ms;
  }

  schedule(delayMs: number, task: () => void): () => void {
    if (delayMs >= A_SECOND) return () => undefined;
    this.pass(delayMs);
    const soon = setImmediate(task);
    return () => clearImmediate(soon);
  }
}
