import type { Socket } from 'socket.io-client';
import { expect } from 'vitest';
import type { Heard, NativeClient } from './native-client.ts';

/** A patient client: what does not come within this time does not come. */
const PATIENCE_MS = 45_000;

/** An unmodified Socket.IO client, asked for what a device on the native wire is asked for. */
export class StockDevice implements Pick<NativeClient, 'request' | 'next' | 'unawaited'> {
  readonly #socket: Socket;
  readonly #heard: Heard[] = [];
  readonly #taken = new Set<Heard>();

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.onAny((event: string, data?: unknown) => this.#heard.push({ event, data }));
  }

  /** The events that no test has awaited yet, without what recovery adds to them. */
  get unawaited(): readonly Heard[] {
    return this.#heard.filter((heard) => !this.#taken.has(heard));
  }

  /** Sends an event, and gives its acknowledgement. */
  request(event: string, data?: unknown): Promise<unknown> {
    return this.#socket.timeout(PATIENCE_MS).emitWithAck(event, ...(data === undefined ? [] : [data]));
  }

  /** The payload of the first event of this name that was not awaited before. */
  async next(event: string): Promise<unknown> {
    const find = () => this.unawaited.find((heard) => heard.event === event);
    await expect.poll(find, { timeout: PATIENCE_MS, interval: 10 }).toBeDefined();
    const found = find() as Heard;
    this.#taken.add(found);
    return found.data;
  }
}
