import type { Clock } from '../connection/platform.ts';
import { given, type Told } from '../dialects/speech.ts';
import { Loading } from './loading.ts';
import { ParleyError } from './parley-error.ts';
import type { Rest } from './rest.ts';
import { StateStore } from './state-store.ts';
import type { ChatMessage, ConversationSummary, ConversationsState, ConversationsStore } from './types.ts';

export type ConversationsParts = {
  readonly rest: Rest | undefined;
  readonly clock: Clock;
  readonly userId: () => string | undefined;
  /** Told who is online, as the list has it. */
  readonly seen: (people: readonly { readonly userId: string; readonly isOnline: boolean }[]) => void;
};

/** Whose reading it was, and of how many messages, is not always told; nor which message was the last. */
const UNCLEAR: ReadonlySet<Told['kind']> = new Set(['read', 'edited', 'deleted', 'message-elsewhere']);
const PAGE = 100;
const MOST_PAGES = 5;

type Participant = {
  readonly user: { readonly _id: string; readonly name: string };
  readonly role: string;
  readonly isOnline: boolean;
};

/** A row as `GET /messaging/conversations` has it. */
type Row = {
  readonly _id: string;
  readonly relatedBooking: string | null;
  readonly title: string | null;
  readonly status: string;
  readonly participants: readonly Participant[];
  readonly lastMessage: {
    readonly _id: string;
    readonly content: string;
    readonly sender: string | null;
    readonly timestamp: string;
  } | null;
  readonly unreadCount: number;
  readonly updatedAt: string;
};

type Listed = {
  readonly conversations: readonly Row[];
  readonly pagination: { readonly hasMore: boolean };
};

const NOTHING: ConversationsState = { conversations: [], unreadCount: 0, isLoading: true };

/** One's conversations: loaded over REST, and kept true by what is heard. */
export class ConversationList implements ConversationsStore {
  readonly #parts: ConversationsParts;
  readonly #state: StateStore<ConversationsState>;
  readonly #loading: Loading;
  #isWanted: boolean = false;

  constructor(parts: ConversationsParts) {
    this.#parts = parts;
    const begin = () => this.#begin();
    this.#state = new StateStore<ConversationsState>(NOTHING, { begin, end: () => undefined });
    this.#loading = new Loading({
      clock: parts.clock,
      load: () => this.#load(),
      failed: (error) => this.#state.set({ ...this.getSnapshot(), isLoading: false, error }),
      isWatched: () => this.#state.isWatched,
    });
  }

  get subscribe(): ConversationsStore['subscribe'] {
    return this.#state.subscribe;
  }

  get getSnapshot(): ConversationsStore['getSnapshot'] {
    return this.#state.getSnapshot;
  }

  refresh(): Promise<void> {
    this.#isWanted = true;
    return this.#loading.now();
  }

  /** There is a connection again: what happened meanwhile was not told. */
  online(): void {
    if (this.#isWanted) this.#loading.soon();
  }

  forget(): void {
    this.#state.set(NOTHING);
  }

  hear(told: Told): void {
    if (!this.#isWanted) return;
    if (told.kind === 'message') this.#hearMessage(told.message);
    else if (told.kind === 'summary') this.#hearSummary(told);
    else if (UNCLEAR.has(told.kind)) this.#loading.soon();
  }

  #begin(): void {
    if (!this.#isWanted) void this.refresh();
  }

  #hearMessage(message: ChatMessage): void {
    const row = this.#find(message.conversationId);
    if (!row) this.#loading.soon();
    if (!row || (message.seq ?? 0) <= (row.lastMessage?.seq ?? 0)) return;
    const { unreadCount } = row;
    const isOwn = message.sender.userId === this.#parts.userId();
    const unread = isOwn ? unreadCount : unreadCount + 1;
    this.#replace({ ...row, lastMessage: message, unreadCount: unread, updatedAt: message.createdAt });
  }

  #hearSummary({ conversationId, ...told }: Told & { readonly kind: 'summary' }): void {
    const row = this.#find(conversationId);
    if (!row) {
      this.#loading.soon();
      return;
    }
    const { unreadCount, status, updatedAt, title = row.title } = told;
    this.#replace({ ...row, unreadCount, status, title, updatedAt });
  }

  #find(conversationId: string): ConversationSummary | undefined {
    return this.getSnapshot().conversations.find((row) => row.conversationId === conversationId);
  }

  #replace(row: ConversationSummary): void {
    const { conversations } = this.getSnapshot();
    const others = conversations.filter(({ conversationId }) => conversationId !== row.conversationId);
    this.#show([row, ...others]);
  }

  #show(rows: readonly ConversationSummary[]): void {
    const conversations = rows.toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
    const unreadCount = rows.reduce((sum, row) => sum + row.unreadCount, 0);
    this.#state.set({ conversations, unreadCount, isLoading: false });
  }

  async #load(): Promise<void> {
    this.#state.set({ ...this.getSnapshot(), isLoading: true });
    this.#show((await this.#rows()).map(summaryOf));
  }

  async #rows(): Promise<readonly Row[]> {
    const { rest, seen } = this.#parts;
    if (!rest) throw new ParleyError('UNSUPPORTED', 'The list of conversations takes an `apiUrl`.');
    const rows = new Map<string, Row>();
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const path = `/messaging/conversations?page=${page}&limit=${PAGE}`;
      const { conversations, pagination } = (await rest('GET', path)) as Listed;
      for (const row of conversations) rows.set(row._id, row);
      if (!pagination.hasMore) break;
    }
    const people = [...rows.values()].flatMap(({ participants }) => participants);
    seen(people.map(({ user, isOnline }) => ({ userId: user._id, isOnline })));
    return [...rows.values()];
  }
}

function summaryOf(row: Row): ConversationSummary {
  const { _id: conversationId, relatedBooking, title, status, participants, unreadCount, updatedAt } = row;
  const people = participants.map(({ user, role }) => ({ userId: user._id, name: user.name, role }));
  return {
    ...{ conversationId, title: title ?? '', status, participants: people, unreadCount, updatedAt },
    ...given('bookingId', relatedBooking),
    ...given('lastMessage', lastMessageOf(row)),
  };
}

function lastMessageOf({ _id: conversationId, lastMessage, participants }: Row): ChatMessage | undefined {
  if (!lastMessage) return undefined;
  const { _id: id, content, sender: userId, timestamp: createdAt } = lastMessage;
  const name = participants.find(({ user }) => user._id === userId)?.user.name ?? '';
  return {
    ...{ id, seq: Number(id.slice(id.lastIndexOf('.') + 1)), conversationId, content, createdAt },
    ...{
      sender: { userId, name },
      status: 'sent',
      isRead: false,
      readBy: [],
      attachments: [],
      reactions: [],
    },
  };
}
