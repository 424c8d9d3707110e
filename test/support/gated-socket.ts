import { expect } from 'vitest';
import { WebSocket } from 'ws';
import type { WebSocketType } from '../../client/connection/platform.ts';

/** Keeps frames back, either way, until a test lets them pass. */
export class Gate {
  readonly WebSocket: WebSocketType;
  /** Frames in which these words stand are kept back. */
  #words: string | undefined;
  #kept: (() => void)[] = [];

  constructor() {
    const pass = (text: string, go: () => void) => this.#pass(text, go);
    this.WebSocket = class extends WebSocket {
      override send(text: string): void {
        pass(text, () => super.send(text));
      }

      override emit(event: string, ...args: unknown[]): boolean {
        if (event === 'message') pass(String(args[0]), () => super.emit(event, ...args));
        return event === 'message' || super.emit(event, ...args);
      }
    } as unknown as WebSocketType;
  }

  /** Waits until a frame is kept back. */
  async hasKept(): Promise<void> {
    await expect.poll(() => this.#kept.length).toBeGreaterThan(0);
  }

  /** Keeps back frames with these words from now on; what was kept goes. */
  keep(words: string | undefined): void {
    this.#words = words;
    for (const go of this.#kept.splice(0)) go();
  }

  #pass(text: string, go: () => void): void {
    if (this.#words !== undefined && text.includes(this.#words)) this.#kept.push(go);
    else go();
  }
}
