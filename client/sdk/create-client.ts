import { type Change, type Connection, createConnection } from '../connection/connection.ts';
import { type Platform, platformOf } from '../connection/platform.ts';
import { checkTold } from '../dialects/check-told.ts';
import type { Room, Told } from '../dialects/speech.ts';
import { speechOf } from '../dialects/speeches.ts';
import type { DialectName } from '../dialects/vocabularies.ts';
import { ask } from './ask.ts';
import type { Client } from './client.ts';
import type { ClientOptions } from './client-options.ts';
import { ConnectionStore } from './connection-store.ts';
import { type Requests, sendMessage } from './conversation-requests.ts';
import { OpenConversation } from './conversation-store.ts';
import { Conversations } from './conversations.ts';
import { ConversationList } from './inbox-store.ts';
import { Listeners } from './listeners.ts';
import { Inbox } from './notification-store.ts';
import { Outbox } from './outbox.ts';
import { memoryStorage } from './outbox-storage.ts';
import { ParleyError } from './parley-error.ts';
import { PresenceStore } from './presence-store.ts';
import { Renewal } from './renewal.ts';
import { restAt } from './rest.ts';
import { roomOf } from './room.ts';
import { userIn } from './token.ts';
import type { ChatMessage, ConversationName } from './types.ts';

/** Refusals that may not last; whoever is refused otherwise would be again. */
const PASSING: readonly unknown[] = [undefined, 'INTERNAL', 'RATE_LIMITED'];
const NO_WEB_SOCKET =
  'There is no WebSocket here: give that of `ws` as `platform.WebSocket`, or connect in the browser alone (`autoConnect`).';

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
  readonly #requests: Requests;
  readonly #renewal: Renewal;
  readonly #rooms: Conversations;
  #userId: string | undefined;
  #token: string | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#platform = platformOf(options.platform);
    this.#speech = speechOf(options.dialect ?? 'booking');
    this.#listeners = new Listeners((error) => this.#report(error));
    this.#line = this.#newConnection();
    this.#outbox = this.#newOutbox();
    this.#rooms = new Conversations((name) => this.#newConversation(name));
    const { clock } = this.#platform;
    const { apiUrl, getToken, fetch } = options;
    const rest = apiUrl === undefined ? undefined : restAt({ apiUrl, getToken, clock, fetch });
    this.#requests = { connection: this.#line, speech: this.#speech, rest };
    const parts = { ...this.#requests, clock };
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
    return this.#rooms.get(roomOf(name));
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
      say: (entry, giveUp) => sendMessage(this.#requests, entry, giveUp),
      changed: () => {
        for (const room of this.#rooms.all) room.refresh();
      },
      stored: (message) => this.#tell({ kind: 'message', message }),
      report: (error) => this.#report(error),
    });
  }

  #newConversation(name: Room): OpenConversation {
    const parts = {
      ...this.#requests,
      ...{ clock: this.#platform.clock, outbox: this.#outbox },
      userId: () => this.#userId,
      userName: () => userIn(this.#token).name,
      isOnline: () => this.#line.state === 'open',
      stores: () => this.#rooms.all,
      watched: this.#rooms.watched,
    };
    return new OpenConversation(parts, name);
  }

  #changed(change: Change): void {
    if (change.kind === 'failed' && !PASSING.includes(change.error.data?.code)) this.#line.suspend();
    this.connection.changed(change, this.#line.state === 'closed');
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
    for (const room of this.#rooms.all) room.online(change.recovered);
    this.presence.online();
    this.conversations.online();
    this.notifications.online();
  }

  /** What others do is not told any more. */
  #offline(): void {
    for (const room of this.#rooms.all) room.offline();
    this.presence.forget();
  }

  /** Somebody else speaks from now on: nothing of what the one before has seen is theirs to see. */
  #forgetUser(): void {
    const { conversations, notifications, presence } = this;
    for (const store of [...this.#rooms.all, conversations, notifications, presence]) store.forget();
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
    for (const room of this.#rooms.all) room.hear(told);
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
