import { type Heard, type Reply, readFrame, writeFrame } from './frame.ts';
import type { Platform, Socket } from './platform.ts';

/** Why a link has ended, in Socket.IO's words. */
export type EndReason = 'transport close' | 'transport error' | 'ping timeout';

/** What became of a question: its answer, or that none came in time, or that the link has ended before. */
export type Outcome = Reply | 'timeout' | 'lost';

type Ask = { readonly action: string; readonly args: readonly unknown[]; readonly timeoutMs: number };

type LinkHooks = {
  readonly opened: () => void;
  readonly ended: (reason: EndReason) => void;
};

/** Often enough to notice that the machine has slept, rare enough for a tab in the background. */
const TICK_MS = 60_000;
/** API Gateway ends a connection on which nothing was said for 10 min. */
const QUIET_TICKS = 9;
const ASLEEP_MS = 3 * TICK_MS;
/** Codes of a close: what a client that leaves says, and one whose link does not do. */
export const GOODBYE = 1000;
const BROKEN = 4000;
/** A function that starts cold takes seconds to answer. */
const PROBE_MS = 15_000;
/** Events that nobody listens to yet. */
const MOST_UNHEARD = 1_000;

/** One WebSocket: questions and their answers, events, and a sign of life where nothing else is said. */
export class Link {
  /** For how long at least it was alive when it was last heard, in ms. */
  aliveMs = 0;
  readonly #clock: Platform['clock'];
  readonly #socket: Socket;
  readonly #hooks: LinkHooks;
  readonly #asked = new Map<number, (outcome: Outcome) => void>();
  #unheard: Heard[] = [];
  #listener: ((heard: Heard) => void) | undefined;
  #nextId = 1;
  #ticks = 0;
  #quietTicks = 0;
  #tickedAt = 0;
  #isProbing: boolean = false;
  #hasEnded: boolean = false;
  #stopTicking: () => void = () => undefined;

  /** @throws whatever the WebSocket does for a URL that it does not take. */
  constructor({ WebSocket, clock }: Platform, url: string, hooks: LinkHooks) {
    this.#clock = clock;
    this.#hooks = hooks;
    this.#socket = new WebSocket(url);
    this.#socket.onopen = () => {
      this.#scheduleTick();
      hooks.opened();
    };
    this.#socket.onmessage = ({ data }) => this.#take(data);
    this.#socket.onerror = () => this.end('transport error');
    this.#socket.onclose = () => this.end('transport close');
  }

  /** Whether an answer is awaited. */
  get isBusy(): boolean {
    return this.#asked.size > 0;
  }

  /** Hands on the events that have come so far, and each that comes from now on. */
  listen(listener: (heard: Heard) => void): void {
    this.#listener = listener;
    for (const heard of this.#unheard) listener(heard);
    this.#unheard = [];
  }

  /** Asks, and tells what became of it. Who gets no answer in time finds out whether the other side is there at all. */
  ask({ action, args, timeoutMs }: Ask, done: (outcome: Outcome) => void): void {
    if (this.#hasEnded) {
      done('lost');
      return;
    }
    const id = this.#nextId++;
    const callOff = this.#clock.schedule(timeoutMs, () => {
      settle('timeout');
      this.probe();
    });
    const settle = (outcome: Outcome) => {
      callOff();
      this.#asked.delete(id);
      done(outcome);
    };
    this.#asked.set(id, settle);
    this.#quietTicks = 0;
    this.#socket.send(writeFrame(id, action, args));
  }

  /** Says something that asks for no answer. */
  tell(action: string, args: readonly unknown[]): void {
    this.#quietTicks = 0;
    if (!this.#hasEnded) this.#socket.send(writeFrame(undefined, action, args));
  }

  /** Ends the link unless the other side gives a sign of life. */
  probe(): void {
    if (this.#isProbing) return;
    this.#isProbing = true;
    const ping = { action: 'ping', args: [], timeoutMs: PROBE_MS };
    this.ask(ping, (outcome) => {
      this.#isProbing = false;
      if (outcome === 'timeout') this.end('ping timeout');
    });
  }

  /** Ends the link; whoever awaits an answer is told that it is lost. Only a goodbye says that nobody is coming back. */
  end(reason: EndReason, code: typeof GOODBYE | typeof BROKEN = BROKEN): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#stopTicking();
    const socket = this.#socket;
    // One that is not open yet reports its end as an error, which in Node must be listened to.
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.onerror = () => undefined;
    socket.close(code);
    for (const settle of [...this.#asked.values()]) settle('lost');
    this.#hooks.ended(reason);
  }

  #take(text: unknown): void {
    this.#quietTicks = 0;
    this.aliveMs = this.#ticks * TICK_MS;
    const frame = readFrame(text);
    if (frame?.kind === 'reply') this.#asked.get(frame.id)?.(frame);
    else if (frame) this.#hear(frame);
  }

  #hear(heard: Heard): void {
    if (this.#listener) this.#listener(heard);
    else if (this.#unheard.push(heard) > MOST_UNHEARD) this.end('transport error');
  }

  #scheduleTick(): void {
    this.#tickedAt = this.#clock.now();
    this.#stopTicking = this.#clock.schedule(TICK_MS, () => this.#tick());
  }

  /** A clock that is far off says that the machine has slept, or that somebody has set it: either way, look. */
  #tick(): void {
    this.#ticks += 1;
    this.#quietTicks += 1;
    const isOff = Math.abs(this.#clock.now() - this.#tickedAt) > ASLEEP_MS;
    this.#scheduleTick();
    if (isOff || this.#quietTicks >= QUIET_TICKS) this.probe();
  }
}
