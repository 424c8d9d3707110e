import { type Change, type Connection, createConnection } from '../connection/connection.ts';
import { fieldsIn, type Heard } from '../connection/frame.ts';
import type { Outcome } from '../connection/link.ts';
import { type Credentials, connectError } from '../connection/session.ts';
import { addressOf } from './address.ts';
import { Emitter, type Events } from './emitter.ts';
import type { SocketEvents } from './events.ts';
import type { Auth, Options } from './options.ts';

type Listener = Events[string];
type ArgsOf<L> = L extends (...args: infer A) => unknown ? A : never;

/** What an application may not emit, and a browser's could hear: https://socket.io/docs/v4/emit-cheatsheet/#reserved-events */
const RESERVED = /^(dis)?connect(ing|_error)?$/;

// biome-ignore lint/suspicious/noExplicitAny: what an acknowledgement is is for the application to say
type Answer = any;

/** A socket as that of `socket.io-client` is, over the native wire. */
export class Socket<Listen extends object = Events, Emit extends object = Listen> extends Emitter<
  Listen & SocketEvents
> {
  /** Where the events about reconnecting are, too. */
  readonly io: Emitter = new Emitter();
  readonly nsp: string;
  auth: Auth | undefined;
  /** Whether the last connection took up where the one before it was lost, and nothing is missed. */
  recovered = false;
  readonly #opts: Options;
  readonly #connection: Connection;
  #any: readonly Listener[] = [];
  #flags: { timeoutMs?: number; isVolatile?: boolean } = {};
  #lastId: string | undefined;
  /** One that came by `authenticate`. */
  #lateToken: unknown;

  constructor(uri = '/', opts: Options = {}) {
    super();
    this.#opts = opts;
    this.auth = opts.auth;
    const { url, namespace } = addressOf(uri);
    this.nsp = namespace;
    const { WebSocket } = opts;
    this.#connection = createConnection({
      ...opts,
      url,
      credentials: () => this.#credentials(),
      platform: WebSocket && { WebSocket },
      onChange: (change) => this.#changed(change),
      onEvent: (heard) => this.#hear(heard),
    });
    if (opts.autoConnect !== false) this.connect();
  }

  get connected(): boolean {
    return this.#connection.state === 'open';
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  /** Whether it connects by itself when it is not connected. */
  get active(): boolean {
    return this.#connection.state !== 'closed';
  }

  get id(): string | undefined {
    return this.connected ? this.#lastId : undefined;
  }

  connect(): this {
    this.#connection.open();
    return this;
  }

  disconnect(): this {
    const { connected } = this;
    this.#lateToken = undefined;
    this.#connection.close();
    if (connected) this.emitReserved('disconnect', 'io client disconnect');
    return this;
  }

  readonly open = this.connect;
  readonly close = this.disconnect;

  /** What is emitted next fails when it is not acknowledged within so many ms. */
  timeout(timeoutMs: number): this {
    this.#flags.timeoutMs = timeoutMs;
    return this;
  }

  /** What is emitted next is dropped where the socket is not connected. */
  get volatile(): this {
    this.#flags.isVolatile = true;
    return this;
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
    this.#any = [...this.#any, listener];
    return this;
  }

  prependAny(listener: Listener): this {
    this.#any = [listener, ...this.#any];
    return this;
  }

  /** Without a listener, all of them. */
  offAny(listener?: Listener): this {
    this.#any = this.#any.filter((other) => other !== (listener ?? other));
    return this;
  }

  listenersAny(): readonly Listener[] {
    return this.#any;
  }

  #emit(event: string, args: readonly unknown[], wantsError = false): this {
    if (RESERVED.test(event)) throw new Error(`"${event}" is a reserved event name`);
    const { ackTimeout, retries = 0 } = this.#opts;
    const { timeoutMs = ackTimeout && ackTimeout * (retries + 1), isVolatile } = this.#flags;
    this.#flags = {};
    const said = [...args];
    const ack = typeof said.at(-1) === 'function' ? (said.pop() as Listener) : undefined;
    const isToken = event === 'authenticate';
    const hasErrors = wantsError || timeoutMs !== undefined || retries > 0;
    const done = (outcome: Outcome) => {
      if (isToken) this.#keepToken(said, outcome);
      if (ack) acknowledge(ack, outcome, hasErrors);
    };
    this.#connection.ask({
      ...{ action: event, args: said, timeoutMs, isVolatile, isRepeated: retries > 0 },
      done: ack || isToken ? done : undefined,
    });
    return this;
  }

  /** A token that comes late is the one to come back with. */
  #keepToken([payload]: readonly unknown[], outcome: Outcome): void {
    if (fieldsIn(outcome).ok === true) this.#lateToken = Object(payload).token ?? payload;
  }

  async #credentials(): Promise<Credentials> {
    const { extraHeaders, query } = this.#opts;
    const { auth, nsp } = this;
    if (nsp !== '/') throw connectError('Invalid namespace', 'INVALID_PAYLOAD');
    const said = typeof auth === 'function' ? await new Promise(auth) : auth;
    const { token, dialect } = Object(said) as Credentials;
    return {
      token: this.#lateToken ?? (token || extraHeaders?.Authorization),
      dialect: dialect ?? query?.dialect,
    };
  }

  #hear({ name, args }: Heard): void {
    for (const listener of this.#any) listener.call(this, name, ...args);
    this.emitReserved(name, ...args);
  }

  #changed(change: Change): void {
    const { kind } = change;
    if (kind === 'attempt') this.#tellBoth('reconnect_attempt', change.attempt);
    if (kind === 'open') this.#came(change);
    if (kind === 'lost') this.emitReserved('disconnect', change.reason);
    if (kind === 'failed') this.#failed(change);
    if (kind === 'gave-up' && this.#opts.reconnection !== false) this.#tellBoth('reconnect_failed');
  }

  #came({ session, recovered, attempt }: Extract<Change, { readonly kind: 'open' }>): void {
    if (!recovered) this.#lastId = session.connectionId;
    this.recovered = recovered;
    if (attempt > 0) this.#tellBoth('reconnect', attempt);
    this.emitReserved('connect');
  }

  /** The server's refusal ends it, as it does with Socket.IO: the application says when to try again. */
  #failed({ error, attempt }: Extract<Change, { readonly kind: 'failed' }>): void {
    const { data } = error;
    if (data) this.#connection.suspend();
    this.emitReserved('connect_error', error);
    if (!data && attempt > 0) this.#tellBoth('reconnect_error', error);
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
