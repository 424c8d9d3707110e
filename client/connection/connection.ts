import { catchUp } from './catch-up.ts';
import { type Errand, Errands } from './errands.ts';
import type { Heard } from './frame.ts';
import { type EndReason, Link, TIMEOUT_MS } from './link.ts';
import { LogOrder } from './log-order.ts';
import { Overlap } from './overlap.ts';
import { type Platform, platformOf } from './platform.ts';
import {
  CONNECT,
  type ConnectError,
  type Credentials,
  connectError,
  type Session,
  sessionIn,
} from './session.ts';
import { Timers } from './timers.ts';

export type ConnectionOptions = {
  /** Of the native wire: `wss://…/ws`. */
  readonly url: string;
  readonly credentials: () => Credentials | Promise<Credentials>;
  readonly platform?: Partial<Platform> | undefined;
  /** How long an attempt may take, in ms. @default 20_000 */
  readonly timeoutMs?: number | undefined;
  readonly backoff?: { readonly [K in keyof Backoff]?: Backoff[K] | undefined };
  readonly onChange: (change: Change) => void;
  readonly onEvent: (heard: Heard) => void;
};

/** When it tries again. */
export type Backoff = {
  /** The pause before the first further attempt, in ms; each later one is twice as long. @default 1_000 */
  readonly minMs: number;
  /** @default 5_000 */
  readonly maxMs: number;
  /** By which part of it a pause may be shorter or longer, from 0 to 1. @default 0.5 */
  readonly jitter: number;
  /** Attempts after a failure or a loss before it gives up. @default any number */
  readonly attempts: number;
};

/** What happens to a connection. `attempt` counts from 1 after a loss or a failure; that of `open()` itself is 0. */
export type Change =
  /** It tries again. */
  | { readonly kind: 'attempt'; readonly attempt: number }
  /** The other side is reached, and has not let it in yet. */
  | { readonly kind: 'reached'; readonly attempt: number }
  /** It is there; `recovered` where it was there before and has missed nothing. */
  | { readonly kind: 'open'; readonly session: Session; readonly recovered: boolean }
  /** An attempt has failed. It tries again, unless it is `closed` by now: refused for good. */
  | { readonly kind: 'failed'; readonly error: ConnectError; readonly attempt: number }
  /** Its attempts have all failed: it is `closed`. */
  | { readonly kind: 'gave-up' }
  /** It was there, and is there no more. It tries again. */
  | { readonly kind: 'lost'; readonly reason: EndReason };

export type ConnectionState = 'closed' | 'connecting' | 'open';

/** Refusals that may not last; whoever is refused otherwise would be again. */
const PASSING: readonly unknown[] = [undefined, 'INTERNAL', 'RATE_LIMITED'];
/** Dialects whose devices hear every message of their user's, joined or not. */
const HEARS_ALL = /^(direct|appointment)$/;
/** What the direct dialect tells a connection that is new; one that replaces another is not, to the application. */
const GREETINGS: readonly unknown[] = ['connection', 'online_users'];
/** Messages may be posted in another order than they were stored, within about a second. */
const HOLE_MS = 1_000;
/** API Gateway ends a connection after 2 h; clients that came together need not go together. */
const REPLACE_MS = 105 * 60_000;
const REPLACE_SPREAD_MS = 10 * 60_000;
const REPLACE_AGAIN_MS = 60_000;
/** An answer may be on its way still to a link that is replaced, or an event that was not told to the new one. */
const DRAIN_MS = TIMEOUT_MS;
/** So long before its end a token is renewed. */
const RENEW_AHEAD_MS = 60_000;
const RENEW_AGAIN_MS = 1_000;
/** What was being delivered when a connection broke may be lost with it. */
const DOUBTFUL_MS = 30_000;

/**
 * A device's connection to Parley over the native wire, for as long as it is wanted: it comes back when it is lost, and
 * is replaced before API Gateway ends it. Messages of each conversation arrive in order, each once, and none is missing;
 * what is sent in a conversation goes one by one, and is stored once.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #platform: Platform;
  readonly #order: LogOrder;
  readonly #errands: Errands;
  readonly #timers: Timers;
  #state: ConnectionState = 'closed';
  #attempt = 0;
  /** Of the attempt under way: who finds another one has been overtaken. */
  #turn: object | undefined;
  #next: Link | undefined;
  #link: Link | undefined;
  /** A link that is replaced already, and what both say meanwhile. */
  #old: Link | undefined;
  #overlap: Overlap | undefined;
  #session: Session | undefined;
  #credentials: Credentials = {};
  /** The server's time when it last told it, ISO 8601. */
  #at: unknown;
  #stopListening: () => void = () => undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#platform = platformOf(options.platform);
    this.#timers = new Timers(this.#platform.clock);
    this.#order = new LogOrder({
      deliver: (heard) => this.#guard(() => options.onEvent(heard)),
      missing: (isUrgent) => this.#missing(isUrgent),
    });
    this.#errands = new Errands(this.#platform, this.#order);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Connects, and keeps connected until it is closed. */
  open(): void {
    if (this.#state !== 'closed') return;
    this.#state = 'connecting';
    this.#attempt = 0;
    this.#stopListening = this.#platform.onNetwork((isOnline) => this.#network(isOnline));
    this.#connect();
  }

  /** Says goodbye: rooms are left, and what waits to be said is lost. */
  close(): void {
    this.suspend();
    this.#errands.reset();
    this.#order.reset();
    this.#session = undefined;
  }

  /** Ends the connection, and remembers where it stands and what it has to say, for when it is opened again. */
  suspend(): void {
    this.#state = 'closed';
    this.#stopListening();
    this.#timers.clear();
    const links = [this.#next, this.#link, this.#old];
    this.#turn = this.#next = this.#old = undefined;
    this.#unlink();
    for (const link of links) link?.end(undefined);
  }

  /** Asks for something now, or when it is connected. @returns gives it up: it is not said, or at least not again. */
  ask(errand: Errand): () => void {
    const { done } = errand;
    return this.#errands.add({ ...errand, done: done && ((outcome) => this.#guard(() => done(outcome))) });
  }

  #connect(): void {
    const turn = {};
    this.#turn = turn;
    const { timeoutMs = TIMEOUT_MS } = this.#options;
    this.#timers.set('open', timeoutMs, () => this.#failed(connectError('timeout')));
    this.#enter(() => turn !== this.#turn).catch((error: ConnectError) => {
      if (turn === this.#turn) this.#failed(error);
    });
  }

  /** Says who comes in the first frame: so the token stands in no URL, and a refusal has words. */
  async #enter(isOver: () => boolean): Promise<void> {
    const { url, credentials } = this.#options;
    const offered = await credentials();
    if (isOver()) return;
    const address = `${url}${url.includes('?') ? '&' : '?'}offsets=1`;
    const link = new Link(this.#platform, address, (reason) => this.#ended(link, reason));
    this.#next = link;
    await link.opened;
    if (isOver()) return;
    if (!this.#link) this.#tell({ kind: 'reached', attempt: this.#attempt });
    const answer = await link.request(CONNECT, offered);
    if (isOver()) return;
    const session = sessionIn(answer);
    const recovered = await this.#catchUp(link, session);
    if (isOver()) return;
    this.#credentials = offered;
    this.#admit(link, session, recovered);
  }

  /** Somebody else begins anew. */
  async #catchUp(link: Link, { userId }: Session): Promise<boolean> {
    if (this.#session && this.#session.userId !== userId) {
      this.#errands.reset();
      this.#order.reset();
    } else if (this.#session && userId !== undefined) {
      return catchUp(link, {
        order: this.#order,
        rooms: Object.keys(this.#order.joined),
        since: this.#since,
      });
    }
    return false;
  }

  get #since(): number {
    return Date.parse(String(this.#link?.at ?? this.#at)) - DOUBTFUL_MS;
  }

  #admit(link: Link, session: Session, recovered: boolean): void {
    const { random } = this.#platform;
    this.#turn = this.#next = undefined;
    this.#timers.clear('open');
    this.#timers.set('replace', REPLACE_MS + random() * REPLACE_SPREAD_MS, () => this.#replace());
    this.#keepRenewed(session.expiresIn);
    this.#session = session;
    this.#attempt = 0;
    this.#old = this.#link;
    this.#link = link;
    this.#order.hearsAll = HEARS_ALL.test(session.dialect);
    this.#errands.use(link);
    if (this.#old) this.#timers.set('drain', DRAIN_MS, () => this.#letGo());
    else {
      this.#state = 'open';
      this.#tell({ kind: 'open', session, recovered });
    }
    link.listen((heard) => this.#hear(heard, link));
    if (!this.#old) this.#overlap = undefined;
  }

  #letGo(): void {
    this.#old?.end(undefined);
    this.#old = this.#overlap = undefined;
    this.#errands.resume();
  }

  #hear(heard: Heard, link: Link): void {
    const isOld = link === (this.#old ?? this.#link);
    const isGreeting = !isOld && GREETINGS.includes(heard.name);
    const isNews = !this.#overlap || (!isGreeting && this.#overlap.isNews(heard, isOld));
    if (heard.place || isNews) this.#order.take(heard);
  }

  #failed(error: ConnectError): void {
    this.#turn = undefined;
    this.#timers.clear('open');
    const next = this.#next;
    this.#next = undefined;
    next?.end(undefined);
    if (this.#link) {
      this.#overlap = undefined;
      this.#timers.set('replace', REPLACE_AGAIN_MS, () => this.#replace());
      return;
    }
    if (!PASSING.includes(error.code)) this.suspend();
    this.#tell({ kind: 'failed', error, attempt: this.#attempt });
    if (this.#state === 'connecting') this.#retryLater();
  }

  #ended(link: Link, reason: EndReason): void {
    if (link === this.#next) this.#failed(connectError('websocket error'));
    else if (link === this.#link) this.#lost(link, reason);
    else if (link === this.#old) this.#letGo();
  }

  #lost(link: Link, reason: EndReason): void {
    this.#at = link.at;
    this.#unlink();
    this.#timers.clear('hole', 'replace', 'renew');
    this.#state = 'connecting';
    this.#tell({ kind: 'lost', reason });
    if (this.#state === 'connecting' && !this.#turn) this.#retryLater();
  }

  #unlink(): void {
    this.#link = undefined;
    this.#errands.use(undefined);
    this.#order.forgetHeld();
  }

  #retryLater(): void {
    const {
      minMs = 1_000,
      maxMs = 5_000,
      jitter = 0.5,
      attempts = Number.POSITIVE_INFINITY,
    } = this.#options.backoff ?? {};
    if (this.#attempt >= attempts) {
      this.suspend();
      this.#tell({ kind: 'gave-up' });
      return;
    }
    const pauseMs = Math.min(minMs * 2 ** this.#attempt, maxMs);
    const spread = 1 + jitter * (2 * this.#platform.random() - 1);
    this.#attempt += 1;
    this.#timers.set('retry', Math.min(pauseMs * spread, maxMs), () => this.#retry());
  }

  #retry(): void {
    this.#timers.clear('retry');
    this.#tell({ kind: 'attempt', attempt: this.#attempt });
    if (this.#state === 'connecting') this.#connect();
  }

  #network(isOnline: boolean): void {
    if (!isOnline) this.#link?.end('transport close');
    else if (this.#timers.has('retry')) this.#retry();
    else this.#link?.probe();
  }

  /** Opens another link before this one is cut, and only then lets it go. */
  #replace(): void {
    this.#overlap = new Overlap();
    this.#connect();
  }

  #missing(isUrgent: boolean): void {
    if (isUrgent) this.#link?.end('transport error');
    else if (!this.#timers.has('hole')) this.#timers.set('hole', HOLE_MS, () => this.#fill());
  }

  #fill(): void {
    const { joined, waiting } = this.#order;
    const rooms = Object.keys(waiting).filter((id) => joined[id] !== undefined);
    if (this.#link) void catchUp(this.#link, { order: this.#order, rooms, since: this.#since });
  }

  /** Renews the token before it expires, and tries again, more and more often, as long as the old one holds. */
  #keepRenewed(holdsMs = 0): void {
    const pauseMs = holdsMs > 2 * RENEW_AHEAD_MS ? holdsMs - RENEW_AHEAD_MS : holdsMs / 2;
    if (pauseMs < RENEW_AGAIN_MS) return;
    this.#timers.set('renew', pauseMs, () => {
      this.#renew().then(
        ({ expiresIn }) => this.#keepRenewed(expiresIn),
        () => this.#keepRenewed(holdsMs - pauseMs),
      );
    });
  }

  /** Rejects where there is no other token, or it is refused. */
  async #renew(): Promise<Session> {
    const credentials = await this.#options.credentials();
    if (!this.#link || credentials.token === this.#credentials.token) throw connectError('no new token');
    const session = sessionIn(await this.#link.request(CONNECT, credentials));
    this.#credentials = credentials;
    return session;
  }

  #tell(change: Change): void {
    this.#guard(() => this.#options.onChange(change));
  }

  /** What goes wrong in the application is the application's matter, and the environment's to report. */
  #guard(task: () => void): void {
    try {
      task();
    } catch (thrown) {
      this.#platform.clock.schedule(0, () => {
        throw thrown;
      });
    }
  }
}
