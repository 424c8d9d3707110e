import { vi } from 'vitest';
import type { ParleyClient } from '../../client/react/index.ts';
import type {
  ChatMessage,
  ConnectionState,
  ConversationName,
  ConversationState,
  ConversationStore,
  ConversationsState,
  ConversationsStore,
  NotificationsState,
  NotificationsStore,
  PresenceState,
  Store,
} from '../../client/sdk/types.ts';

/** A store whose state the test sets, and which counts who is subscribed. */
export class FakeStore<State> implements Store<State> {
  #state: State;
  readonly #listeners = new Set<() => void>();

  constructor(state: State) {
    this.#state = state;
  }

  get subscribers(): number {
    return this.#listeners.size;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  getSnapshot(): State {
    return this.#state;
  }

  set(part: Partial<State>): void {
    this.#state = { ...this.#state, ...part };
    this.tell();
  }

  /** Tells everybody, though nothing has changed. */
  tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export class FakeConversation extends FakeStore<ConversationState> implements ConversationStore {
  readonly send = vi.fn(async () => message(1));
  readonly retry = vi.fn(async () => message(1));
  readonly discard = vi.fn();
  readonly markRead = vi.fn(async () => undefined);
  readonly loadOlder = vi.fn(async () => undefined);
  readonly setTyping = vi.fn();
  readonly edit = vi.fn(async () => undefined);
  readonly remove = vi.fn(async () => undefined);
  readonly react = vi.fn(async () => undefined);

  constructor() {
    super({ messages: [], typing: [], hasOlder: false, isLoading: false });
  }
}

class FakeConversations extends FakeStore<ConversationsState> implements ConversationsStore {
  readonly refresh = vi.fn(async () => undefined);
}

class FakeNotifications extends FakeStore<NotificationsState> implements NotificationsStore {
  readonly markRead = vi.fn(async () => undefined);
  readonly markAllRead = vi.fn(async () => undefined);
}

/** A client without a server: the test says what is heard. */
export class FakeClient implements ParleyClient {
  readonly userId = 'ann';
  readonly connection = new FakeStore<ConnectionState>({ status: 'online', since: 0 });
  readonly conversations = new FakeConversations({
    conversations: [],
    unreadCount: 0,
    isLoading: false,
  });
  readonly notifications = new FakeNotifications({ notifications: [], unreadCount: 0, isLoading: false });
  /** The conversations that were asked for, by their names as JSON. */
  readonly opened = new Map<string, FakeConversation>();
  readonly watched = new Map<string, FakeStore<PresenceState>>();
  readonly connect = vi.fn();
  readonly close = vi.fn();
  readonly presence = { of: (userIds: readonly string[]) => this.watching(userIds) };

  conversation(name: ConversationName): FakeConversation {
    return kept(this.opened, JSON.stringify(name), () => new FakeConversation());
  }

  watching(userIds: readonly string[]): FakeStore<PresenceState> {
    return kept(this.watched, userIds.join(), () => new FakeStore<PresenceState>({}));
  }
}

export function message(seq: number, more: Partial<ChatMessage> = {}): ChatMessage {
  return {
    id: `c1.${seq}`,
    seq,
    conversationId: 'c1',
    sender: { userId: 'ben', name: 'Ben' },
    content: `message ${seq}`,
    createdAt: new Date(Date.UTC(2026, 1, 9, 10, seq)).toISOString(),
    status: 'sent',
    isRead: false,
    readBy: [],
    attachments: [],
    reactions: [],
    ...more,
  };
}

function kept<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
