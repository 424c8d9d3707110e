import { type Change, Connection } from '../connection/connection.ts';
import type { Errand } from '../connection/errands.ts';
import type { Heard } from '../connection/frame.ts';
import type { Outcome } from '../connection/link.ts';
import type { Credentials } from '../connection/session.ts';
import { type Address, addressOf } from './address.ts';
import { Emitter, type Events } from './emitter.ts';
import type { DisconnectReason, SocketEvents } from './events.ts';
import type { Manager } from './io.ts';
import type { Auth, Options } from './options.ts';

type Listener = Events[string];
type ArgsOf<L> = L extends (...args: infer A) => unknown ? A : never;
type Flags = { readonly timeoutMs?: number; readonly isVolatile?: boolean };

/** What an application may not emit: https://socket.io/docs/v4/emit-cheatsheet/#reserved-events */
const RESERVED = /^(connect|connect_error|disconnect|disconnecting|newListener|removeListener)$/;
const LONGEST_MS = 2 ** 31 - 1;

// biome-ignore lint/suspicious/noExplicitAny: what an acknowledgement is is for the application to say
type Answer = any;

/** A socket as that of `socket.io-client` is, over the native wire. */
export class Socket<Listen extends object = Events, Emit extends object = Listen> extends Emitter<
  Listen & SocketEvents
> {
  readonly io: Manager;
  readonly nsp: string;
  auth: Auth | undefined;
  id: string | undefined;
  connected: boolean = false;
  /** Whether the last connection took up where the one before it was lost, and nothing is missed. */
  recovered = false;
  readonly #opts: Options;
  readonly #address: Address;
  readonly #connection: Connection;
  readonly #any: Listener[] = [];
  readonly #anyOutgoing: Listener[] = [];
  #flags: Flags = {};
  #lastId: string | undefined;
  /** One that came by `authenticate`. */
  #lateToken: unknown;

  constructor(io: Manager, opts: Options) {
    super();
    this.io = io;
    this.#opts = opts;
    this.auth = opts.auth;
    this.#address = addressOf(io.uri, opts);
    this.nsp = this.#address.namespace;
    const { timeout, WebSocket } = opts;
    this.#connection = new Connection({
      url: this.#address.url,
      credentials: () => this.#credentials(),
      platform: WebSocket && { WebSocket },
      timeoutMs: timeout === false ? LONGEST_MS : timeout,
      backoff: {
        minMs: opts.reconnectionDelay,
        maxMs: opts.reconnectionDelayMax,
        jitter: opts.randomizationFactor,
        attempts: opts.reconnection === false ? 0 : opts.reconnectionAttempts || undefined,
      },
      onChange: (change) => this.#changed(change),
      onEvent: (heard) => this.#hear(heard),
    });
    if (opts.autoConnect !== false) this.connect();
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  /** Whether it connects by itself when it is not connected. */
  get active(): boolean {
    return this.#connection.state !== 'closed';
  }

  connect(): this {
    if (this.nsp === '/') this.#connection.open();
    else setTimeout(() => this.emitReserved('connect_error', new Error('Invalid namespace')));
    return this;
  }

  disconnect(): this {
    const wasConnected = this.connected;
    this.#lateToken = undefined;
    this.#connection.close();
    if (wasConnected) this.#gone('io client disconnect');
    return this;
  }

  readonly open = this.connect;
  readonly close = this.disconnect;

  /** What is emitted next fails when it is not acknowledged within so many ms. */
  timeout(timeoutMs: number): this {
    this.#flags = { ...this.#flags, timeoutMs };
    return this;
  }

  /** What is emitted next is dropped where the socket is not connected. */
  get volatile(): this {
    this.#flags = { ...this.#flags, isVolatile: true };
    return this;
  }

  /** Means nothing here. */
  compress(_isCompressed: boolean): this {
    return this;
  }

  send(...args: readonly unknown[]): this {
    return this.#emit('message', args);
  }

  emit<N extends keyof Emit & string>(event: N, ...args: ArgsOf<Emit[N]>): this {
    return this.#emit(event, args);
  }

  /** Emits, and resolves to the acknowledgement. */
  emitWithAck<N extends keyof Emit & string>(event: N, ...args: readonly unknown[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const ack = (error: unknown, answer: unknown) => (error ? reject(error) : resolve(answer));
      this.#emit(event, [...args, ack], true);
    });
  }

  onAny(listener: Listener): this {
    this.#any.push(listener);
    return this;
  }

  prependAny(listener: Listener): this {
    this.#any.unshift(listener);
    return this;
  }

  offAny(listener?: Listener): this {
    remove(this.#any, listener);
    return this;
  }

  listenersAny(): Listener[] {
    return this.#any;
  }

  onAnyOutgoing(listener: Listener): this {
    this.#anyOutgoing.push(listener);
    return this;
  }

  prependAnyOutgoing(listener: Listener): this {
    this.#anyOutgoing.unshift(listener);
    return this;
  }

  offAnyOutgoing(listener?: Listener): this {
    remove(this.#anyOutgoing, listener);
    return this;
  }

  listenersAnyOutgoing(): Listener[] {
    return this.#anyOutgoing;
  }

  #emit(event: string, args: readonly unknown[], wantsError = false): this {
    if (RESERVED.test(event)) throw new Error(`"${event}" is a reserved event name`);
    const { ackTimeout, retries = 0 } = this.#opts;
    const { timeoutMs = ackTimeout && ackTimeout * (retries + 1), isVolatile } = this.#flags;
    this.#flags = {};
    const last = args.at(-1);
    const ack = typeof last === 'function' ? (last as Listener) : undefined;
    const said = ack ? args.slice(0, -1) : args;
    for (const listener of [...this.#anyOutgoing]) listener.call(this, event, ...said);
    const hasErrors = wantsError || timeoutMs !== undefined || retries > 0;
    const done = ack && ((outcome: Outcome) => acknowledge(ack, outcome, hasErrors));
    const errand = { action: event, args: said, timeoutMs, isVolatile, isRepeated: retries > 0 };
    this.#ask({ ...errand, done: event === 'authenticate' ? this.#keepToken(said, done) : done });
    return this;
  }

  /** Whatever comes first counts: the answer, or that the time for it is over. */
  #ask(errand: Errand): void {
    const { done, timeoutMs } = errand;
    let isOver = false;
    const settle = (outcome: Outcome) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      done?.(outcome);
    };
    const tooLate = () => {
      giveUp();
      settle('timeout');
    };
    const timer = done && timeoutMs !== undefined ? setTimeout(tooLate, timeoutMs) : undefined;
    const giveUp = this.#connection.ask({ ...errand, done: done && settle });
  }

  /** A token that comes late is the one to come back with. */
  #keepToken([payload]: readonly unknown[], done: Errand['done']): Errand['done'] {
    return (outcome) => {
      const answer = typeof outcome === 'string' ? {} : Object(outcome.data);
      if (answer.ok === true) this.#lateToken = Object(payload).token ?? payload;
      done?.(outcome);
    };
  }

  async #credentials(): Promise<Credentials> {
    const { extraHeaders, query } = this.#opts;
    const { auth } = this;
    const said = typeof auth === 'function' ? await new Promise(auth) : auth;
    const { token, dialect } = Object(said) as Credentials;
    return {
      token: this.#lateToken ?? (token || extraHeaders?.Authorization),
      dialect: dialect ?? query?.dialect ?? this.#address.dialect ?? undefined,
    };
  }

  #hear({ name, args }: Heard): void {
    for (const listener of [...this.#any]) listener.call(this, name, ...args);
    this.emitReserved(name, ...args);
  }

  #changed(change: Change): void {
    const { kind } = change;
    if (kind === 'attempt') this.#tellBoth('reconnect_attempt', change.attempt);
    if (kind === 'reached' && change.attempt > 0) this.#tellBoth('reconnect', change.attempt);
    if (kind === 'open') this.#came(change);
    if (kind === 'lost') this.#gone(change.reason);
    if (kind === 'failed') this.#failed(change);
    if (kind === 'gave-up' && this.#opts.reconnection !== false) this.#tellBoth('reconnect_failed');
  }

  #came({ session, recovered }: Extract<Change, { readonly kind: 'open' }>): void {
    if (!recovered) this.#lastId = session.connectionId;
    this.id = this.#lastId;
    this.recovered = recovered;
    this.connected = true;
    this.emitReserved('connect');
  }

  #gone(reason: DisconnectReason): void {
    this.connected = false;
    this.id = undefined;
    this.emitReserved('disconnect', reason);
  }

  /** The server's refusal ends it, as it does with Socket.IO: the application says when to try again. */
  #failed({ error, attempt }: Extract<Change, { readonly kind: 'failed' }>): void {
    const { code } = error;
    if (code !== undefined) this.#connection.suspend();
    this.emitReserved('connect_error', code === undefined ? error : Object.assign(error, { data: { code } }));
    if (code === undefined && attempt > 0) this.#tellBoth('reconnect_error', error);
  }

  #tellBoth(event: string, ...args: readonly unknown[]): void {
    this.io.emitReserved(event, ...args);
    this.emitReserved(event, ...args);
  }
}

function acknowledge(ack: Listener, outcome: Outcome, hasErrors: boolean): void {
  if (typeof outcome !== 'string') ack(...(hasErrors ? [null] : []), outcome.data);
  else if (hasErrors)
    ack(new Error(outcome === 'timeout' ? 'operation has timed out' : 'socket has been disconnected'));
}

/** All, where none is named. */
function remove(listeners: Listener[], listener: Listener | undefined): void {
  const kept = listener ? listeners.indexOf(listener) : 0;
  if (kept >= 0) listeners.splice(kept, listener ? 1 : listeners.length);
}
