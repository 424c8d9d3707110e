import { catchUp } from './catch-up.ts';
import { createErrands, type Errand } from './errands.ts';
import type { Heard } from './frame.ts';
import {
  DRAIN_MS,
  HOLE_MS,
  RENEW_AHEAD_MS,
  REPLACE_AGAIN_MS,
  REPLACE_MS,
  REPLACE_SPREAD_MS,
  TIMEOUT_MS,
} from './limits.ts';
import { type EndReason, type Link, openLink } from './link.ts';
import { createLogOrder } from './log-order.ts';
import { createOverlap } from './overlap.ts';
import { type Platform, platformOf } from './platform.ts';
import {
  CONNECT,
  type ConnectError,
  type Credentials,
  connectError,
  granted,
  type Session,
} from './session.ts';
import { createTimers } from './timers.ts';

/** Those about time are Socket.IO's, in ms: https://socket.io/docs/v4/client-options/ */
export type ConnectionOptions = {
  /** Of the native wire: `wss://…/ws`. */
  readonly url: string;
  readonly credentials: () => Credentials | Promise<Credentials>;
  readonly platform?: Partial<Platform> | undefined;
  /** How long an attempt may take; false: as long as it takes. @default 20_000 */
  readonly timeout?: number | false | undefined;
  /** Whether it tries again after a failure or a loss. @default true */
  readonly reconnection?: boolean | undefined;
  /** Attempts after a failure or a loss before it gives up. @default any number */
  readonly reconnectionAttempts?: number | undefined;
  /** The pause before the first further attempt; each later one is twice as long. @default 1_000 */
  readonly reconnectionDelay?: number | undefined;
  /** @default 5_000 */
  readonly reconnectionDelayMax?: number | undefined;
  /** By which part of it a pause may be shorter or longer, from 0 to 1. @default 0.5 */
  readonly randomizationFactor?: number | undefined;
  /** Whether somebody else renews the token. @default the connection is replaced before it expires */
  readonly isRenewed?: boolean;
  readonly onChange: (change: Change) => void;
  readonly onEvent: (heard: Heard) => void;
};

/** What happens to a connection. `attempt` counts from 1 after a loss or a failure; that of `open()` itself is 0. */
export type Change =
  /** It tries again. */
  | { readonly kind: 'attempt'; readonly attempt: number }
  /** It is there; `recovered` where it was there before and has missed nothing. */
  | {
      readonly kind: 'open';
      readonly session: Session;
      readonly recovered: boolean;
      readonly attempt: number;
    }
  /** An attempt has failed; with a `code`, by the server's refusal. It tries again, unless it is told not to now. */
  | { readonly kind: 'failed'; readonly error: ConnectError; readonly attempt: number }
  /** Its attempts have all failed: it is `closed`. */
  | { readonly kind: 'gave-up' }
  /** It was there, and is there no more. It tries again. */
  | { readonly kind: 'lost'; readonly reason: EndReason };

export type ConnectionState = 'closed' | 'connecting' | 'open';

/**
 * A device's connection to Parley over the native wire, for as long as it is wanted: it comes back when it is lost, and
 * is replaced before API Gateway ends it. Messages of each conversation arrive in order, each once, and none is missing;
 * what is sent in a conversation goes one by one, and is stored once.
 */
export type Connection = {
  readonly state: ConnectionState;
  /** Connects, and keeps connected until it is closed. */
  open(): void;
  /** Says goodbye: rooms are left, and what waits to be said is lost. */
  close(): void;
  /** Ends the connection, and remembers where it stands and what it has to say, for when it is opened again. */
  suspend(): void;
  /** Asks for something now, or when it is connected. @returns gives it up: it is not said, or at least not again. */
  ask(errand: Errand): () => void;
};

/** An attempt to connect, which another one may overtake. */
type Attempt = { link?: Link };

export function createConnection(options: ConnectionOptions): Connection {
  const { url, credentials, isRenewed, timeout = TIMEOUT_MS, onChange, onEvent } = options;
  const { reconnection = true, reconnectionAttempts, randomizationFactor = 0.5 } = options;
  const { reconnectionDelay = 1_000, reconnectionDelayMax = 5_000 } = options;
  const platform = platformOf(options.platform);
  const { clock, random } = platform;
  const timers = createTimers(clock);
  const order = createLogOrder({ deliver: (heard) => guard(() => onEvent(heard)), missing });
  const errands = createErrands(platform, order, guard);
  let state: ConnectionState = 'closed';
  let count = 0;
  let attempt: Attempt | undefined;
  /** The latest that was let in; it has ended unless the connection is open. */
  let link: Link | undefined;
  /** A link that is replaced already, and whether what is heard meanwhile is news. */
  let old: Link | undefined;
  let isNews: ReturnType<typeof createOverlap> | undefined;
  let session: Session | undefined;
  let stopListening = (): void => undefined;

  function open(): void {
    if (state !== 'closed') return;
    state = 'connecting';
    count = 0;
    stopListening = platform.onNetwork(network);
    connect();
  }

  function close(): void {
    suspend();
    forget();
    session = undefined;
  }

  function suspend(): void {
    state = 'closed';
    stopListening();
    drop();
  }

  /** Ends all that goes on: for good, or for a reason that has it come back. */
  function drop(reason?: EndReason): void {
    const links = [attempt?.link, link, old];
    attempt = old = isNews = undefined;
    timers.cancel();
    errands.use(undefined);
    order.forgetHeld();
    for (const each of links) each?.end(reason);
  }

  function forget(): void {
    errands.reset();
    order.reset();
  }

  function connect(): void {
    const mine: Attempt = {};
    attempt = mine;
    if (timeout) timers.set(timeout, timedOut);
    enter(mine).catch((error: ConnectError) => {
      if (attempt === mine) failed(error);
    });
  }

  function timedOut(): void {
    failed(connectError('timeout'));
  }

  /** Says who comes in the first frame: so the token stands in no URL, and a refusal has words. */
  async function enter(mine: Attempt): Promise<void> {
    const offered = await credentials();
    if (attempt !== mine) return;
    const address = `${url}${url.includes('?') ? '&' : '?'}offsets=1`;
    const entering = openLink(platform, address, (reason) => ended(entering, reason));
    mine.link = entering;
    await entering.opened;
    if (attempt !== mine) return;
    const answer = await entering.request(CONNECT, { ...offered, replaces: state === 'open' });
    if (attempt !== mine) return;
    const entered = granted(answer) as Session;
    const recovered = await comeBack(entering, entered).catch((error) => {
      if (state === 'open') throw error;
      return false;
    });
    if (attempt !== mine) return;
    admit(entering, entered, recovered);
  }

  /** Somebody else begins anew, but not as long as the connection is there. */
  async function comeBack(entering: Link, { userId }: Session): Promise<boolean> {
    if (!session) return false;
    if (session.userId === userId) return userId !== undefined && hearAll(entering);
    if (state !== 'open') forget();
    throw connectError('another user');
  }

  function hearAll(from: Link): Promise<boolean> {
    return catchUp(from, order, link?.at);
  }

  function admit(entered: Link, admitted: Session, recovered: boolean): void {
    const isFirst = state !== 'open';
    attempt = undefined;
    timers.cancel(timedOut);
    timers.set(lifeOf(admitted), replace);
    session = admitted;
    old = isFirst ? undefined : link;
    link = entered;
    order.hearsAll = admitted.hearsAll === true;
    errands.use(entered);
    if (isFirst) {
      state = 'open';
      tell({ kind: 'open', session, recovered, attempt: count });
      count = 0;
    } else timers.set(DRAIN_MS, letGo);
    entered.listen((heard) => hear(heard, entered));
  }

  /** How long until it is to be replaced: before it is cut, and before its token expires, where that is not soon. */
  function lifeOf({ expiresIn = 0 }: Session): number {
    const lifeMs = REPLACE_MS + random() * REPLACE_SPREAD_MS;
    const holdsMs = isRenewed ? 0 : expiresIn - RENEW_AHEAD_MS;
    return holdsMs > 0 ? Math.min(holdsMs, lifeMs) : lifeMs;
  }

  function letGo(): void {
    old?.end();
    old = isNews = undefined;
    errands.resume();
  }

  function hear(heard: Heard, from: Link): void {
    if (heard.place || !isNews || isNews(heard, from === (old ?? link))) order.take(heard);
  }

  function failed(error: ConnectError): void {
    const entering = attempt?.link;
    attempt = undefined;
    timers.cancel(timedOut);
    entering?.end();
    if (state === 'open') {
      isNews = undefined;
      timers.set(REPLACE_AGAIN_MS, replace);
      return;
    }
    tell({ kind: 'failed', error, attempt: count });
    retryLater();
  }

  function ended(which: Link, reason: EndReason): void {
    if (which === attempt?.link) failed(connectError('websocket error'));
    else if (which === old) letGo();
    else if (which === link) lost(reason);
  }

  function lost(reason: EndReason): void {
    drop(reason);
    state = 'connecting';
    tell({ kind: 'lost', reason });
    retryLater();
  }

  function retryLater(): void {
    if (state !== 'connecting') return;
    if (!reconnection || (reconnectionAttempts && count >= reconnectionAttempts)) {
      suspend();
      tell({ kind: 'gave-up' });
      return;
    }
    const pauseMs = Math.min(reconnectionDelay * 2 ** count, reconnectionDelayMax);
    const spread = 1 + randomizationFactor * (2 * random() - 1);
    count += 1;
    timers.set(Math.min(pauseMs * spread, reconnectionDelayMax), retry);
  }

  function retry(): void {
    timers.cancel(retry);
    tell({ kind: 'attempt', attempt: count });
    if (state === 'connecting') connect();
  }

  function network(isOnline: boolean): void {
    if (!isOnline) link?.end('transport close');
    else if (timers.has(retry)) retry();
    else link?.probe();
  }

  /** Opens another link before this one is cut, and only then lets it go. */
  function replace(): void {
    isNews = createOverlap();
    connect();
  }

  function missing(isUrgent: boolean): void {
    if (isUrgent) link?.end('transport error');
    else if (!timers.has(fill)) timers.set(HOLE_MS, fill);
  }

  function fill(): void {
    if (link) hearAll(link).catch(() => state === 'open' && missing(false));
  }

  function tell(change: Change): void {
    guard(() => onChange(change));
  }

  /** What goes wrong in the application is the application's matter, and the environment's to report. */
  function guard(task: () => void): void {
    try {
      task();
    } catch (thrown) {
      clock.schedule(0, () => {
        throw thrown;
      });
    }
  }

  return {
    get state() {
      return state;
    },
    ...{ open, close, suspend, ask: errands.ask },
  };
}
