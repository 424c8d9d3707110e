import { type Change, type Connection, createConnection } from '../connection/connection.ts';
import { type Platform, platformOf } from '../connection/platform.ts';
import { checkTold } from '../dialects/check-told.ts';
import type { Room, Told } from '../dialects/speech.ts';
import { speechOf } from '../dialects/speeches.ts';
import type { DialectName } from '../dialects/vocabularies.ts';
import { ask } from './ask.ts';
import type { Client } from './client.ts';
import { ConnectionStore } from './connection-store.ts';
import { readPage } from './conversation-requests.ts';
import { OpenConversation } from './conversation-store.ts';
import { ConversationList } from './inbox-store.ts';
import { Listeners } from './listeners.ts';
import { Inbox } from './notification-store.ts';
import { Outbox } from './outbox.ts';
import { type Entry, memoryStorage } from './outbox-storage.ts';
import { ParleyError } from './parley-error.ts';
import { PresenceStore } from './presence-store.ts';
import { Renewal } from './renewal.ts';
import { restAt } from './rest.ts';
import { roomOf } from './room.ts';
import { userIn } from './token.ts';
import type { ChatMessage, ConversationName, Storage } from './types.ts';

export type ClientOptions<D extends DialectName = DialectName> = {
  /** The native wire's: `wss://…/ws`. */
  readonly url: string;
  /** Asked for a valid token before each attempt to connect, before the last one expires, and for each REST route. */
  readonly getToken: () => string | Promise<string>;
  /** @default 'booking' */
  readonly dialect?: D;
  /** Where the REST routes are: needed for the inbox, for notifications from before, and for what support asks there. */
  readonly apiUrl?: string;
  /** Where messages wait that are not sent yet, such as `localStorage`. @default they are lost with the client */
  readonly storage?: Storage;
  /** Told what goes wrong where nobody waits for it, such as a storage that is full. @default console.error */
  readonly onError?: (error: Error) => void;
  /** @default true */
  readonly autoConnect?: boolean;
  /** How long an attempt to connect may take, in ms. @default 20_000 */
  readonly timeoutMs?: number;
  readonly backoff?: Partial<Backoff>;
  /** WebSocket, clock and dice, for tests and where there is none. */
  readonly platform?: Partial<Platform>;
  /** @default the global one */
  readonly fetch?: typeof globalThis.fetch;
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

/** Refusals that may not last; whoever is refused otherwise would be again. */
const PASSING: readonly unknown[] = [undefined, 'INTERNAL', 'RATE_LIMITED'];
const NO_WEB_SOCKET =
  'There is no WebSocket here: give that of `ws` as `platform.WebSocket`, or connect in the browser alone (`autoConnect`).';
/** Conversations that nobody looks at are remembered up to so many. */
const MOST_IDLE = 50;

/**
 * A user's device: see `Client`.
 *
 * @throws ParleyError `UNSUPPORTED` where there is no WebSocket to connect with.
 */
export function createClient<D extends DialectName = 'booking'>(options: ClientOptions<D>): Client<D> {
  const client = new ParleyClient(options as ClientOptions);
  if (options.autoConnect !== false) client.connect();
  return client as unknown as Client<D>;
}

class ParleyClient {
  readonly conversations: ConversationList;
  readonly notifications: Inbox;
  readonly presence: PresenceStore;
  readonly connection: ConnectionStore;
  readonly #options: ClientOptions;
  readonly #platform: Platform;
  readonly #speech: ReturnType<typeof speechOf>;
  readonly #line: Connection;
  readonly #listeners: Listeners;
  readonly #outbox: Outbox;
  readonly #rest: ReturnType<typeof restAt> | undefined;
  readonly #renewal: Renewal;
  /** By their names, to be asked for again. */
  readonly #rooms = new Map<string, OpenConversation>();
  /** Those that somebody looks at, whether or not they can be asked for still. */
  readonly #watched = new Set<OpenConversation>();
  #userId: string | undefined;
  #token: string | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#platform = platformOf(options.platform);
    this.#speech = speechOf(options.dialect ?? 'booking');
    this.#listeners = new Listeners((error) => this.#report(error));
    this.#line = this.#newConnection();
    this.#outbox = this.#newOutbox();
    const { clock } = this.#platform;
    const { apiUrl, getToken, fetch } = options;
    this.#rest = apiUrl === undefined ? undefined : restAt({ apiUrl, getToken, clock, fetch });
    const parts = { connection: this.#line, rest: this.#rest, clock };
    this.#renewal = new Renewal({ ...parts, credentials: () => this.#credentials() });
    this.connection = new ConnectionStore(clock);
    this.presence = new PresenceStore(this.#line, this.#speech);
    this.notifications = new Inbox(parts);
    const seen = this.presence.set.bind(this.presence);
    this.conversations = new ConversationList({ ...parts, seen, userId: () => this.#userId });
  }

  get userId(): string | undefined {
    return this.#userId;
  }

  on(event: string, listener: (payload: never) => void): () => void {
    return this.#listeners.add(event, listener as (payload: unknown) => void);
  }

  onAny(listener: (event: string, ...args: readonly unknown[]) => void): () => void {
    return this.#listeners.addForAll(listener);
  }

  async request(action: string, payload?: unknown): Promise<unknown> {
    return ask(this.#line, { action, payload });
  }

  conversation(name: ConversationName): OpenConversation {
    const room = roomOf(name);
    const key = this.#keyOf(room);
    const known = this.#rooms.get(key) ?? this.#newConversation(room);
    this.#rooms.delete(key);
    this.#rooms.set(key, known);
    this.#forgetIdle();
    return known;
  }

  connect(): void {
    if (typeof this.#platform.WebSocket !== 'function') throw new ParleyError('UNSUPPORTED', NO_WEB_SOCKET);
    this.connection.opening();
    this.#line.open();
  }

  close(): void {
    this.#line.close();
    this.#renewal.stop();
    this.connection.closed();
    this.#offline();
  }

  #newConnection(): Connection {
    const { url, timeoutMs, platform, backoff = {} } = this.#options;
    return createConnection({
      ...{ url, platform, timeout: timeoutMs, reconnection: backoff.attempts !== 0 },
      reconnectionDelay: backoff.minMs,
      reconnectionDelayMax: backoff.maxMs,
      randomizationFactor: backoff.jitter,
      reconnectionAttempts: backoff.attempts,
      credentials: () => this.#credentials(),
      isRenewed: true,
      onChange: (change) => this.#changed(change),
      onEvent: ({ name, args }) => this.#heard(name, args),
    });
  }

  async #credentials(): Promise<{ readonly token: string; readonly dialect: string }> {
    const token = await this.#options.getToken();
    this.#token = token;
    this.#userId ??= userIn(token).userId;
    // What waits to be sent is shown, and kept, before there is a connection, which may be a long time.
    if (this.#userId !== undefined) void this.#outbox.adopt(this.#userId);
    return { token, dialect: this.#speech.name };
  }

  #newOutbox(): Outbox {
    const { storage = memoryStorage() } = this.#options;
    return new Outbox({
      ...{ storage, clock: this.#platform.clock, random: this.#platform.random },
      keyOf: (userId) => `parley:outbox:${userId}`,
      say: (entry, giveUp) => this.#say(entry, giveUp),
      changed: () => {
        for (const room of this.#conversations()) room.refresh();
      },
      stored: (message) => this.#tell({ kind: 'message', message }),
      report: (error) => this.#report(error),
    });
  }

  #newConversation(room: Room): OpenConversation {
    return new OpenConversation(
      {
        ...{ connection: this.#line, speech: this.#speech, rest: this.#rest },
        ...{ clock: this.#platform.clock, outbox: this.#outbox },
        userId: () => this.#userId,
        userName: () => userIn(this.#token).name,
        isOnline: () => this.#line.state === 'open',
        stores: () => this.#conversations(),
        watched: this.#watched,
      },
      room,
    );
  }

  /** The key of a conversation that is known by this name already, else its own. */
  #keyOf(name: Room): string {
    const own = JSON.stringify(name);
    if (this.#rooms.has(own)) return own;
    const [key = own] = [...this.#rooms].find(([, store]) => store.isNamed(name)) ?? [];
    return key;
  }

  #conversations(): ReadonlySet<OpenConversation> {
    return new Set([...this.#rooms.values(), ...this.#watched]);
  }

  #forgetIdle(): void {
    for (const [key, room] of this.#rooms) {
      if (this.#rooms.size <= MOST_IDLE) return;
      if (!room.isNeeded) this.#rooms.delete(key);
    }
  }

  /** A conversation that is named otherwise is found first, in a dialect that names it by its own id. */
  async #say(
    { room, draft, clientMessageId }: Entry,
    giveUp: (how: () => void) => void,
  ): Promise<ChatMessage> {
    const requests = { connection: this.#line, speech: this.#speech, rest: this.#rest };
    const isNamed = !this.#speech.isRich || room.conversationId !== undefined;
    const known = isNamed ? room : await readPage(requests, room, { limit: 1 });
    const said = this.#speech.send({ ...room, ...idIn(known) }, draft, clientMessageId);
    const reply = await ask(this.#line, said, giveUp);
    return this.#speech.message((reply as { readonly message: never }).message);
  }

  #changed(change: Change): void {
    if (change.kind === 'failed' && !PASSING.includes(change.error.data?.code)) this.#line.suspend();
    this.connection.changed(change, this.#line.state === 'closed');
    const rooms = this.#conversations();
    if (change.kind === 'lost') {
      this.#renewal.stop();
      this.#offline();
    }
    if (change.kind !== 'open') return;
    this.#renewal.start(this.#token, change.session.expiresIn);
    const { userId = this.#userId } = change.session;
    if (userId !== this.#userId) this.#forgetUser();
    this.#userId = userId;
    if (this.#userId !== undefined) void this.#outbox.resume(this.#userId);
    for (const room of rooms) room.online(change.recovered);
    this.presence.online();
    this.conversations.online();
    this.notifications.online();
  }

  /** What others do is not told any more. */
  #offline(): void {
    for (const room of this.#conversations()) room.offline();
    this.presence.forget();
  }

  /** Somebody else speaks from now on: nothing of what the one before has seen is theirs to see. */
  #forgetUser(): void {
    const { conversations, notifications, presence } = this;
    for (const store of [...this.#conversations(), conversations, notifications, presence]) store.forget();
  }

  #heard(name: string, args: readonly unknown[]): void {
    for (const told of this.#meaningOf(name, args[0])) this.#tell(told);
    this.#listeners.tell(name, args);
  }

  /** Nothing, for an event that means nothing to the stores, or cannot be read. */
  #meaningOf(name: string, payload: unknown): readonly Told[] {
    const { events } = this.#speech;
    try {
      return Object.hasOwn(events, name) ? (events[name]?.(payload as never) ?? []).map(checkTold) : [];
    } catch (cause) {
      this.#report(new Error(`An event '${name}' cannot be read.`, { cause }));
      return [];
    }
  }

  #tell(told: Told): void {
    if (told.kind === 'message') this.#confirm(told.message);
    for (const room of this.#conversations()) room.hear(told);
    this.conversations.hear(told);
    this.notifications.hear(told);
    this.presence.hear(told);
  }

  /** An own message that is told before it is answered. */
  #confirm(message: ChatMessage): void {
    const { clientMessageId, sender } = message;
    if (clientMessageId !== undefined && sender.userId === this.#userId)
      this.#outbox.confirm(clientMessageId, message);
  }

  #report(error: Error): void {
    const { onError = console.error } = this.#options;
    onError(error);
  }
}

function idIn({ conversationId }: Room): Room {
  return conversationId === undefined ? {} : { conversationId };
}
