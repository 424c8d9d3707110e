import { eventIn, type Frame, type Heard, placeOf, type Reply, readFrame, writeFrame } from './frame.ts';
import type { Platform, Socket } from './platform.ts';

/** Why a link has ended, in Socket.IO's words. */
export type EndReason = 'transport close' | 'transport error' | 'ping timeout';

/** What became of a question: its answer, or that none came in time, or that the link has ended before. */
export type Outcome = Reply | 'timeout' | 'lost';

export type Question = {
  readonly action: string;
  readonly args: readonly unknown[];
  /** How long an answer may take, in ms. @default 20_000 */
  readonly timeoutMs?: number | undefined;
};

export const TIMEOUT_MS = 20_000;
/** Often enough to notice that the machine has slept, rare enough for a tab in the background. */
const TICK_MS = 60_000;
/** API Gateway ends a connection on which nothing was said for 10 min. */
const QUIET_TICKS = 9;
const ASLEEP_MS = 3 * TICK_MS;
/** Events that nobody listens to yet. */
const MOST_UNHEARD = 1_000;
/** Codes of a close: what a client says that leaves, and one that is coming back. */
const LEAVES = 1000;
const COMES_BACK = 4000;

/** One WebSocket: questions and their answers, events, and a sign of life where nothing else is said. */
export class Link {
  /** Resolves when the WebSocket is open. */
  readonly opened: Promise<void>;
  /** The server's time when it last told it, ISO 8601. */
  at: unknown;
  readonly #clock: Platform['clock'];
  readonly #socket: Socket;
  readonly #onEnd: (reason: EndReason) => void;
  readonly #asked = new Map<number, (outcome: Outcome) => void>();
  readonly #unheard: Heard[] = [];
  #listener: ((heard: Heard) => void) | undefined;
  #lastId = 0;
  #quietTicks = 0;
  #tickedAt = 0;
  #stopTicking: () => void = () => undefined;
  #hasEnded: boolean = false;

  /** @throws what the WebSocket throws at a URL that it does not take. */
  constructor({ WebSocket, clock }: Platform, url: string, onEnd: (reason: EndReason) => void) {
    this.#clock = clock;
    this.#onEnd = onEnd;
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.opened = new Promise((resolve) => {
      socket.onopen = () => {
        this.#tick();
        resolve();
      };
    });
    socket.onmessage = ({ data }: { readonly data: unknown }) => this.#take(data);
    socket.onerror = () => this.end('transport error');
    socket.onclose = () => this.end('transport close');
  }

  /** Hands on the events that have come so far, and each that comes from now on. */
  listen(listener: (heard: Heard) => void): void {
    this.#listener = listener;
    for (const heard of this.#unheard.splice(0)) listener(heard);
  }

  /** Says something that asks for no answer. */
  tell(action: string, args: readonly unknown[], id?: number): void {
    this.#quietTicks = 0;
    this.#socket.send(writeFrame(action, args, id));
  }

  /** Asks, and tells what became of it. Who gets no answer in time finds out whether the other side is there at all. */
  ask({ action, args, timeoutMs = TIMEOUT_MS }: Question, done: (outcome: Outcome) => void): void {
    if (this.#hasEnded) {
      done('lost');
      return;
    }
    this.#lastId += 1;
    const id = this.#lastId;
    const callOff = this.#clock.schedule(timeoutMs, () => {
      settle('timeout');
      if (action === 'ping') this.end('ping timeout');
      else this.probe();
    });
    const settle = (outcome: Outcome) => {
      callOff();
      this.#asked.delete(id);
      done(outcome);
    };
    this.#asked.set(id, settle);
    this.tell(action, args, id);
  }

  /** The same as a promise. */
  request(action: string, payload: unknown): Promise<Outcome> {
    return new Promise((resolve) => this.ask({ action, args: [payload] }, resolve));
  }

  /** Ends the link unless the other side gives a sign of life. */
  probe(): void {
    this.ask({ action: 'ping', args: [] }, () => undefined);
  }

  /** Ends the link; whoever awaits an answer is told that it is lost. */
  end(reason: EndReason | undefined): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#stopTicking();
    const socket = this.#socket;
    // One that is not open yet reports its end as an error, which in Node must be listened to.
    socket.onopen = socket.onerror = socket.onclose = socket.onmessage = () => undefined;
    socket.close(reason ? COMES_BACK : LEAVES);
    for (const settle of this.#asked.values()) settle('lost');
    if (reason) this.#onEnd(reason);
  }

  #take(text: unknown): void {
    this.#quietTicks = 0;
    const frame = readFrame(text);
    const heard = eventIn(frame);
    if (frame.reply !== undefined) this.#settle(frame);
    else if (heard && this.#listener) this.#listener(heard);
    else if (heard && this.#unheard.push(heard) > MOST_UNHEARD) this.end('transport error');
  }

  #settle({ reply, data, offset }: Frame): void {
    this.at = (data as { readonly at?: unknown } | null | undefined)?.at ?? this.at;
    this.#asked.get(reply as number)?.({ data, place: placeOf(offset) });
  }

  /** A clock that is far off says that the machine has slept, or that somebody has set it: either way, look. */
  #tick(): void {
    const isOff = Math.abs(this.#clock.now() - this.#tickedAt) > ASLEEP_MS;
    if (this.#tickedAt > 0 && (isOff || this.#quietTicks >= QUIET_TICKS)) this.probe();
    this.#tickedAt = this.#clock.now();
    this.#quietTicks += 1;
    this.#stopTicking = this.#clock.schedule(TICK_MS, () => this.#tick());
  }
}
