import { WebSocket } from 'ws';
import type { Clock } from './clock.ts';
import type { ConnectionEnd, ConnectionFacts } from './events.ts';
import type { Limits } from './limits.ts';

/** Both the idle cut and the end of the two hours look like this to the client and to `$disconnect`. */
const GOING_AWAY: ConnectionEnd = { code: 1001, reason: 'Going away' };

/** Characters. To compress a short frame takes longer than to send it, and a thread besides. */
const COMPRESSED_FROM = 1024;

/**
 * One open WebSocket, cut when idle or old. It ends once: whoever ends it first, client or gateway, decides the code
 * that `$disconnect` tells.
 *
 * Idle means no data message in either direction; protocol pings and pongs do not count.
 */
export class Connection {
  readonly facts: ConnectionFacts;
  /** Whether @connections knows the connection yet. */
  visible = false;
  lastActiveAt: number;
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #onEnd: (end: ConnectionEnd) => void;
  readonly #callOff = new Map<'idle' | 'lifetime', () => void>();
  #end: ConnectionEnd | undefined;

  constructor(
    facts: ConnectionFacts,
    socket: WebSocket,
    stage: { readonly clock: Clock; readonly limits: Limits; readonly onEnd: (end: ConnectionEnd) => void },
  ) {
    this.facts = facts;
    this.#socket = socket;
    this.#clock = stage.clock;
    this.#onEnd = stage.onEnd;
    this.lastActiveAt = stage.clock.now();
    this.#watchIdle(stage.limits.idleTimeoutMs, stage.limits.idleTimeoutMs);
    const { connectionLifetimeMs } = stage.limits;
    this.#callOff.set(
      'lifetime',
      stage.clock.schedule(connectionLifetimeMs, () => this.close(GOING_AWAY)),
    );
  }

  get isOpen(): boolean {
    return this.#end === undefined && this.#socket.readyState === WebSocket.OPEN;
  }

  /** Bytes sent that the client has not taken yet, beyond what the kernel holds. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** Notes a data message: the idle time starts anew. */
  touch(): void {
    this.lastActiveAt = this.#clock.now();
  }

  /** Sends a text frame, whatever the bytes were: API Gateway has no binary frames. */
  send(text: string): void {
    if (!this.isOpen) return;
    this.touch();
    this.#socket.send(text, { compress: text.length >= COMPRESSED_FROM });
  }

  /** Ends the connection by a closing handshake, without waiting for the client's half of it. */
  close(end: ConnectionEnd): void {
    if (this.#end) return;
    this.#socket.close(end.code, end.reason);
    this.finish(end);
  }

  /** Ends the connection without a word, as a network does. */
  cut(): void {
    this.#socket.terminate();
  }

  /** Takes note that the connection has ended; the first to say so is believed. */
  finish(end: ConnectionEnd): void {
    if (this.#end) return;
    this.#end = end;
    for (const callOff of this.#callOff.values()) callOff();
    this.#onEnd(end);
  }

  #watchIdle(delayMs: number, limitMs: number): void {
    const check = () => {
      const leftMs = this.lastActiveAt + limitMs - this.#clock.now();
      if (leftMs > 0) this.#watchIdle(leftMs, limitMs);
      else this.close(GOING_AWAY);
    };
    this.#callOff.set('idle', this.#clock.schedule(delayMs, check));
  }
}
