import type {
  DialectName,
  EventName,
  EventOf,
  PayloadOf,
  ReplyOf,
  RequestName,
} from '../dialects/vocabularies.ts';
import type {
  ConnectionState,
  ConversationName,
  ConversationStore,
  ConversationsStore,
  NotificationsStore,
  PresenceState,
  Store,
} from './types.ts';

/**
 * A user's device. It connects at once, comes back when the connection is lost, and goes on until it is closed. Messages
 * of each conversation arrive in order, each once, and none is missing.
 */
export interface Client<D extends DialectName = DialectName> {
  /** Whose device it is: as the token says at first, and the server from the connection on. */
  readonly userId: string | undefined;
  /** Calls the listener with every event of this name. @returns a function that ends that. */
  on<K extends EventName<D>>(event: K, listener: (payload: EventOf<D, K>) => void): () => void;
  /** The same for every event, those of the platform's own among them. */
  onAny(listener: (event: string, ...args: readonly unknown[]) => void): () => void;
  /**
   * Asks for something in the dialect's words, now or when there is a connection.
   *
   * @returns the reply. Rejects with a `ParleyError`, whose code is the server's, `TIMEOUT` or `DISCONNECTED`.
   */
  request<K extends RequestName<D>>(
    event: K,
    ...payload: undefined extends PayloadOf<D, K> ? [] : [PayloadOf<D, K>]
  ): Promise<ReplyOf<D, K>>;
  /**
   * A conversation; the same store for the same name, and for its other names from when it has been loaded. Stores that
   * were asked for by two names before that show the same. Asking for it takes nothing, subscribing to it does.
   */
  conversation(name: ConversationName): ConversationStore;
  /** The inbox. */
  readonly conversations: ConversationsStore;
  readonly notifications: NotificationsStore;
  /** Who of some users is online, kept true while it is subscribed to; of nobody is that known without a connection. */
  readonly presence: { of(userIds: readonly string[]): Store<PresenceState> };
  readonly connection: Store<ConnectionState>;
  /** Ends the connection. What is in the outbox stays there, and is sent when the client connects again. */
  close(): void;
  /**
   * Connects again after `close`, or after the server has refused the token.
   *
   * @throws ParleyError `UNSUPPORTED` where there is no WebSocket.
   */
  connect(): void;
}
