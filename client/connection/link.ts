import { eventIn, type Heard, placeOf, type Reply, readFrame, writeFrame } from './frame.ts';
import { MOST_UNHEARD, QUIET_MS, TICK_MS, TIMEOUT_MS } from './limits.ts';
import type { Platform } from './platform.ts';
import { createTimers } from './timers.ts';

/** Why a link has ended, in Socket.IO's words. */
export type EndReason = 'transport close' | 'transport error' | 'ping timeout';

/** What became of a question: its answer, or that none came in time, or that the link has ended before. */
export type Outcome = Reply | 'timeout' | 'lost';

type Done = (outcome: Outcome) => void;

/** One WebSocket: questions and their answers, events, and a sign of life where nothing else is said. */
export type Link = {
  /** Resolves when the WebSocket is open. */
  readonly opened: Promise<void>;
  /** The server's time when it last told it, ISO 8601. */
  at?: unknown;
  /** Hands on the events that have come so far, and each that comes from now on. */
  listen(listener: (heard: Heard) => void): void;
  /** Says something that asks for no answer. */
  tell(action: string, args: readonly unknown[]): void;
  /** Asks, and tells what became of it. Who gets no answer in time finds out whether the other side is there at all. */
  ask(action: string, args: readonly unknown[], done: Done): void;
  /** The same as a promise. */
  request(action: string, payload: unknown): Promise<Outcome>;
  /** Ends the link unless the other side gives a sign of life. */
  probe(): void;
  /** Ends the link; whoever awaits an answer is told that it is lost. */
  end(reason?: EndReason): void;
};

/** Codes of a close: what a client says that leaves, and one that is coming back. */
const LEAVES = 1000;
const COMES_BACK = 4000;

/** Opens a link. @throws what the WebSocket throws at a URL that it does not take. */
export function openLink(
  { WebSocket, clock }: Platform,
  url: string,
  onEnd: (reason: EndReason) => void,
): Link {
  const socket = new WebSocket(url);
  const timers = createTimers(clock);
  const asked = new Map<unknown, Done>();
  const unheard: Heard[] = [];
  let hear = keep;
  let lastId = 0;
  let usedAt = clock.now();
  let hasEnded = false;

  const opened = new Promise<void>((resolve) => {
    socket.onopen = () => {
      tick();
      resolve();
    };
  });
  socket.onmessage = ({ data }: { readonly data: unknown }) => take(data);
  // One that is not open yet reports its end as an error, which in Node must be listened to.
  socket.onerror = () => end('transport error');
  socket.onclose = close;

  function close(): void {
    end('transport close');
  }

  function keep(heard: Heard): void {
    if (unheard.push(heard) > MOST_UNHEARD) end('transport error');
  }

  function listen(listener: (heard: Heard) => void): void {
    hear = listener;
    for (const heard of unheard) hear(heard);
  }

  function tell(action: string, args: readonly unknown[], id?: number): void {
    usedAt = clock.now();
    socket.send(writeFrame(action, args, id));
  }

  function ask(action: string, args: readonly unknown[], done: Done): void {
    if (hasEnded) {
      done('lost');
      return;
    }
    lastId += 1;
    const id = lastId;
    const settle = (outcome: Outcome) => {
      timers.cancel(expire);
      asked.delete(id);
      done(outcome);
    };
    const expire = () => {
      settle('timeout');
      if (action === 'ping') end('ping timeout');
      else probe();
    };
    asked.set(id, settle);
    timers.set(TIMEOUT_MS, expire);
    tell(action, args, id);
  }

  function request(action: string, payload: unknown): Promise<Outcome> {
    return new Promise((resolve) => ask(action, [payload], resolve));
  }

  function probe(): void {
    ask('ping', [], () => undefined);
  }

  function end(reason?: EndReason): void {
    if (hasEnded) return;
    hasEnded = true;
    timers.cancel();
    socket.onopen = socket.onmessage = null;
    socket.close(reason ? COMES_BACK : LEAVES);
    for (const settle of asked.values()) settle('lost');
    if (reason) onEnd(reason);
  }

  function take(text: unknown): void {
    usedAt = clock.now();
    const frame = readFrame(text);
    const { data, offset, reply } = frame;
    const heard = eventIn(frame);
    if (reply !== undefined) {
      const { at = link.at, expiresIn } = Object(data);
      link.at = at;
      if (expiresIn) timers.set(expiresIn, close);
      asked.get(reply)?.({ data, place: placeOf(offset) });
    } else if (heard) hear(heard);
  }

  /** Silent for long, or a clock that is far off, as where the machine has slept or somebody has set it: look. */
  function tick(): void {
    if (Math.abs(clock.now() - usedAt) >= QUIET_MS) probe();
    timers.set(TICK_MS, tick);
  }

  const link: Link = { opened, listen, tell, ask, request, probe, end };
  return link;
}
