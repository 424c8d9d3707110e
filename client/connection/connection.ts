import { type Backoff, pauseBefore } from './backoff.ts';
import { catchUp } from './catch-up.ts';
import type { Heard } from './frame.ts';
import { type EndReason, GOODBYE, type Link } from './link.ts';
import { ConnectError, type Credentials, introduce, Opening, type Session } from './opening.ts';
import { Overlap } from './overlap.ts';
import { type Platform, platformOf } from './platform.ts';
import { keepRenewed } from './renewal.ts';
import { Timers } from './timers.ts';
import { type Ask, Traffic } from './traffic.ts';

export type ConnectionOptions = Credentials & {
  readonly platform?: Partial<Platform>;
  readonly backoff?: Partial<Backoff>;
  /** Attempts after the first, or after a loss, before it gives up; undefined: without end. */
  readonly attempts?: number | undefined;
  readonly onChange: (change: Change) => void;
  readonly onEvent: (heard: Heard) => void;
};

/** What happens to a connection. `attempt` counts from 1 after a loss or a failure; the very first one is 0. */
export type Change =
  /** It tries again. */
  | { readonly kind: 'attempt'; readonly attempt: number }
  /** The other side is reached, and has not let it in yet. */
  | { readonly kind: 'reached'; readonly attempt: number }
  /** It is there; `recovered` where it was there before and has missed nothing. */
  | { readonly kind: 'open'; readonly session: Session; readonly recovered: boolean }
  /** An attempt has failed. It tries again, unless the server has refused it, or it gives up. */
  | { readonly kind: 'failed'; readonly error: ConnectError; readonly attempt: number }
  | { readonly kind: 'gave-up' }
  /** It was there, and is there no more. It tries again. */
  | { readonly kind: 'lost'; readonly reason: EndReason };

export type ConnectionState = 'closed' | 'connecting' | 'open';

/** Refusals that may not last; whoever is refused otherwise would be again. */
const PASSING = new Set<string | undefined>([undefined, 'INTERNAL', 'RATE_LIMITED']);
/** Messages may be posted in another order than they were stored, within about a second. */
const HOLE_MS = 1_000;
/** API Gateway ends a connection after 2 h; clients that came together need not go together. */
const REPLACE_MS = 105 * 60_000;
const REPLACE_SPREAD_MS = 10 * 60_000;
const REPLACE_AGAIN_MS = 60_000;
/** What an old link was about to tell when its client had a new one. */
const DRAIN_MS = 1_000;
const MOST_DRAIN_MS = 15_000;
const BACKOFF: Backoff = { min: 1_000, max: 5_000, jitter: 0.5 };

/**
 * A device's connection to Parley over the native wire, for as long as it is wanted: it comes back when it is lost, and
 * is replaced before API Gateway ends it. Messages of each conversation arrive in order, each once, and none is missing;
 * what is sent in a conversation goes one by one, and is stored once.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #platform: Platform;
  readonly #traffic: Traffic;
  readonly #timers: Timers;
  #state: ConnectionState = 'closed';
  #attempt = 0;
  #opening: Opening | undefined;
  /** A link that is let in, and catches up. */
  #entering: Link | undefined;
  #link: Link | undefined;
  #session: Session | undefined;
  /** A link whose client has another one already, and what both say meanwhile. */
  #draining: Link | undefined;
  #overlap: Overlap | undefined;
  /** Until when all was heard, in ms of the server's time. */
  #heardUntil: number | undefined;
  #token: string | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#platform = platformOf(options.platform);
    this.#traffic = new Traffic(this.#platform, {
      deliver: options.onEvent,
      missing: () => this.#awaitMissing(),
    });
    this.#timers = new Timers(this.#platform.clock);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Connects, and keeps connected until `close`. */
  open(): void {
    if (this.#state !== 'closed') return;
    this.#state = 'connecting';
    this.#attempt = 0;
    this.#connect();
  }

  /** Says goodbye. Rooms are left, and what was not said yet is lost. */
  close(): void {
    this.#stop();
    this.#traffic.reset();
    this.#session = undefined;
  }

  /** Asks for something now, or when there is a connection. @returns a way to drop it, as long as it was not said. */
  ask(ask: Ask): () => void {
    return this.#traffic.ask(ask);
  }

  /** Finds out whether the connection is there still; where it is awaited, tries at once. */
  check(): void {
    if (this.#link) this.#link.probe();
    else if (this.#timers.has('retry')) this.#retryNow();
  }

  /** The network has gone, whatever the WebSocket thinks. */
  interrupt(): void {
    this.#link?.end('transport close');
  }

  #connect(): void {
    const attempt = this.#attempt;
    this.#opening = new Opening(this.#platform, this.#options, {
      reached: () => {
        if (!this.#link) this.#tell({ kind: 'reached', attempt });
      },
      admitted: (...admitted) => this.#enter(...admitted),
      failed: (error) => this.#failed(error),
      ended: (link, reason) => this.#ended(link, reason),
    });
  }

  #enter(link: Link, session: Session, token: string | undefined): void {
    this.#opening = undefined;
    this.#token = token;
    const isSame = this.#session !== undefined && this.#session.userId === session.userId;
    if (this.#session && !isSame) this.#traffic.reset();
    if (isSame && session.userId !== undefined) {
      this.#entering = link;
      this.#catchUp(link, 'all', (isComplete) => this.#admit(link, session, isComplete));
    } else this.#admit(link, session, false);
  }

  #admit(link: Link, session: Session, recovered: boolean): void {
    const old = this.#link;
    this.#entering = undefined;
    this.#link = link;
    this.#session = session;
    this.#heardUntil = Date.parse(session.at) || undefined;
    this.#attempt = 0;
    this.#timers.set('replace', REPLACE_MS + this.#platform.random() * REPLACE_SPREAD_MS, () =>
      this.#replace(),
    );
    this.#keepToken(session);
    this.#traffic.use(link, session.dialect);
    if (old) this.#drain(old);
    else this.#opened(session, recovered);
    if (this.#link === link) link.listen((heard) => this.#hear(heard, link));
    if (!old) this.#overlap = undefined;
  }

  #opened(session: Session, recovered: boolean): void {
    this.#state = 'open';
    this.#tell({ kind: 'open', session, recovered });
  }

  #hear(heard: Heard, link: Link): void {
    if (!heard.place && this.#overlap?.isNews(heard, link) === false) return;
    this.#traffic.hear(heard);
    if (this.#traffic.order.isOverfull) link.end('transport error');
  }

  #failed(error: ConnectError): void {
    this.#opening = undefined;
    if (this.#link) {
      this.#overlap = undefined;
      this.#timers.set('replace', REPLACE_AGAIN_MS, () => this.#replace());
      return;
    }
    if (!PASSING.has(error.code)) this.#stop();
    this.#tell({ kind: 'failed', error, attempt: this.#attempt });
    if (this.#state === 'connecting') this.#retryLater();
  }

  #ended(link: Link, reason: EndReason): void {
    if (link === this.#entering) {
      this.#entering = undefined;
      this.#failed(new ConnectError('websocket error'));
    } else if (link === this.#link) this.#lost(link, reason);
    else this.#traffic.resume();
    if (link === this.#draining) {
      this.#draining = undefined;
      this.#overlap = undefined;
    }
  }

  #lost(link: Link, reason: EndReason): void {
    this.#link = undefined;
    this.#timers.clear('hole', 'replace', 'renew');
    if (this.#heardUntil !== undefined) this.#heardUntil += link.aliveMs;
    this.#traffic.use(undefined);
    this.#traffic.order.forgetHeld();
    this.#state = 'connecting';
    this.#tell({ kind: 'lost', reason });
    const isUnderWay = this.#opening !== undefined || this.#entering !== undefined;
    if (this.#state === 'connecting' && !isUnderWay) this.#retryLater();
  }

  #retryLater(): void {
    const { attempts = Number.POSITIVE_INFINITY, backoff } = this.#options;
    if (this.#attempt >= attempts) {
      this.#stop();
      this.#tell({ kind: 'gave-up' });
      return;
    }
    this.#attempt += 1;
    const pauseMs = pauseBefore(this.#attempt, { ...BACKOFF, ...backoff }, this.#platform.random);
    this.#timers.set('retry', pauseMs, () => this.#retryNow());
  }

  #retryNow(): void {
    this.#timers.clear('retry');
    this.#tell({ kind: 'attempt', attempt: this.#attempt });
    if (this.#state === 'connecting') this.#connect();
  }

  /** Opens another link before this one is cut, and only then lets it go. */
  #replace(): void {
    if (!this.#link) return;
    this.#overlap = new Overlap(this.#link);
    this.#connect();
  }

  /** An answer may be on its way still, or an event that was not told to the new link. */
  #drain(old: Link, leftMs = MOST_DRAIN_MS): void {
    this.#draining = old;
    this.#timers.set('drain', DRAIN_MS, () => {
      if (old.isBusy && leftMs > 0) this.#drain(old, leftMs - DRAIN_MS);
      else old.end('transport close', GOODBYE);
    });
  }

  #awaitMissing(): void {
    if (this.#timers.has('hole')) return;
    this.#timers.set('hole', HOLE_MS, () => this.#fillHole());
  }

  #fillHole(): void {
    if (this.#link) this.#catchUp(this.#link, 'holes', () => undefined);
  }

  #catchUp(link: Link, scope: 'all' | 'holes', done: (isComplete: boolean) => void): void {
    const { order } = this.#traffic;
    const hear = (heard: Heard) => this.#traffic.hear(heard);
    catchUp(link, { order, scope, since: this.#heardUntil, hear }, done);
  }

  #keepToken({ expiresIn }: Session): void {
    if (expiresIn !== undefined) keepRenewed(this.#timers, expiresIn, () => this.#renew());
  }

  async #renew(): Promise<number | undefined> {
    const token = await this.#options.getToken();
    const link = this.#link;
    if (token === undefined || token === this.#token || !link) return undefined;
    return new Promise((resolve) => {
      introduce(link, { token }, (result) => {
        if (result instanceof ConnectError) return resolve(undefined);
        this.#token = token;
        resolve(result.expiresIn);
      });
    });
  }

  #stop(): void {
    this.#state = 'closed';
    this.#timers.clear();
    this.#opening?.cancel();
    const links = [this.#link, this.#entering, this.#draining];
    this.#opening = this.#link = this.#entering = this.#draining = undefined;
    for (const link of links) link?.end('transport close', GOODBYE);
    this.#traffic.use(undefined);
    this.#traffic.order.forgetHeld();
  }

  #tell(change: Change): void {
    this.#options.onChange(change);
  }
}
