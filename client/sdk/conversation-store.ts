import type { Clock } from '../connection/platform.ts';
import type { Room, Told } from '../dialects/speech.ts';
import type { Asking } from './ask.ts';
import {
  editMessage,
  enterRoom,
  isUnreadBy,
  leaveRoom,
  markRead,
  type Requests,
  type ResumedEvent,
  reactToMessage,
  readPage,
  removeMessage,
  unsupported,
} from './conversation-requests.ts';
import type { Outbox } from './outbox.ts';
import type { Entry } from './outbox-storage.ts';
import { isFinal, ParleyError } from './parley-error.ts';
import { isSameRoom } from './room.ts';
import { StateStore } from './state-store.ts';
import { Timeline } from './timeline.ts';
import type { ChatMessage, ConversationState, ConversationStore, Draft } from './types.ts';
import { OthersTyping, OwnTyping } from './typing.ts';

export type ConversationParts = Requests & {
  readonly connection: Asking;
  readonly clock: Clock;
  readonly outbox: Outbox;
  /** Whose client it is, as far as it is known. */
  readonly userId: () => string | undefined;
  /** What the user's token calls them. */
  readonly userName: () => string | undefined;
  /** Whether there is a connection. */
  readonly isOnline: () => boolean;
  /** What an event means. */
  readonly read: (event: ResumedEvent) => readonly Told[];
  /** All of the client's. */
  readonly stores: () => Iterable<OpenConversation>;
  /** Those that are to be told what happens, as this one is from when somebody looks until it has left. */
  readonly watched: Set<OpenConversation>;
};

/** A view that goes, and comes back at once, has not left. */
const LEAVE_AFTER_MS = 1_000;
const ENTER_AGAIN_MS = 5_000;
const MOST_MARKED = 5_000;
const NOTHING: ConversationState = { messages: [], typing: [], hasOlder: false, isLoading: true };

/** A conversation that is entered as long as it is looked at. */
export class OpenConversation implements ConversationStore {
  readonly #parts: ConversationParts;
  readonly #state: StateStore<ConversationState>;
  #timeline = new Timeline();
  readonly #own: OwnTyping;
  readonly #others: OthersTyping;
  /** What was marked as read already. */
  readonly #marked = new Set<string>();
  /** As it was asked for. */
  readonly #name: Room;
  /** By every name that is known. */
  #room: Room;
  /** Of the entering under way, or done last: who finds another one has been overtaken. */
  #turn: object | undefined;
  #hasJoined: boolean = false;
  #isEntering: boolean = false;
  /** Until the newest page is there; again once it was left, as nobody tells what is said meanwhile. */
  #isLoading: boolean = true;
  #older: Promise<void> | undefined;
  #error: Error | undefined;
  #stay: () => void = () => undefined;

  constructor(parts: ConversationParts, name: Room) {
    this.#parts = parts;
    this.#name = name;
    this.#room = name;
    this.#state = new StateStore(NOTHING, { begin: () => this.#begin(), end: () => this.#end() });
    this.#own = new OwnTyping(parts.clock, (isTyping) => this.#tellTyping(isTyping));
    this.#others = new OthersTyping(parts.clock, () => this.#show());
  }

  get subscribe(): ConversationStore['subscribe'] {
    return this.#state.subscribe;
  }

  get getSnapshot(): ConversationStore['getSnapshot'] {
    return this.#state.getSnapshot;
  }

  /** Whether anybody looks at it, or something waits to be sent. */
  get isNeeded(): boolean {
    return this.#turn !== undefined || this.#parts.outbox.entriesIn(this.#room).length > 0;
  }

  /** Whether this is known to be its name, or one of them. */
  isNamed(name: Room): boolean {
    return isSameRoom(this.#room, name);
  }

  async send(draft: Draft): Promise<ChatMessage> {
    const { speech, outbox } = this.#parts;
    const isRich = draft.replyTo !== undefined || (draft.attachments ?? []).length > 0;
    if (isRich && !speech.isRich) throw unsupported(speech.name);
    this.#own.sent();
    return outbox.add(this.#room, draft);
  }

  retry(clientMessageId: string): Promise<ChatMessage> {
    return this.#parts.outbox.retry(clientMessageId);
  }

  discard(clientMessageId: string): void {
    this.#parts.outbox.discard(clientMessageId);
  }

  async markRead(): Promise<void> {
    const { conversationId } = this.#room;
    const self = this.#parts.userId();
    const unread = this.#timeline.messages.filter(
      (message) => isUnreadBy(self, message) && !this.#marked.has(message.id ?? ''),
    );
    const ids = unread.flatMap(({ id }) => id ?? []);
    if (ids.length === 0 || conversationId === undefined) return;
    // Marking again changes nothing.
    if (this.#marked.size > MOST_MARKED) this.#marked.clear();
    for (const id of ids) this.#marked.add(id);
    try {
      await markRead(this.#parts, { ...this.#room, conversationId }, ids);
    } catch (thrown) {
      for (const id of ids) this.#marked.delete(id);
      throw thrown;
    }
  }

  loadOlder(): Promise<void> {
    this.#older ??= this.#loadOlder().finally(() => {
      this.#older = undefined;
      this.#show();
    });
    this.#show();
    return this.#older;
  }

  setTyping(isTyping: boolean): void {
    this.#own.set(isTyping);
  }

  async edit(messageId: string, content: string): Promise<void> {
    await editMessage(this.#parts, messageId, content);
  }

  async remove(messageId: string): Promise<void> {
    await removeMessage(this.#parts, messageId);
  }

  async react(messageId: string, emoji: string, isSet = true): Promise<void> {
    await reactToMessage(this.#parts, messageId, { emoji, isSet });
  }

  /** There is a connection again: it hears what is said here still where nothing was missed, or enters anew. */
  online(recovered: boolean): void {
    this.#hasJoined &&= recovered;
    if (this.#turn) void this.#enter();
  }

  /** It is somebody else who looks now: what was shown is not theirs, and the name may be that of something else. */
  forget(): void {
    this.#room = this.#name;
    this.#timeline = new Timeline();
    this.#marked.clear();
    this.#isLoading = true;
    this.#error = undefined;
    this.offline();
  }

  /** Nobody knows any more who is writing. */
  offline(): void {
    this.#others.clear();
    this.#show();
  }

  /** What waits to be sent has changed. */
  refresh(): void {
    this.#show();
  }

  /** Takes what an event has told, if it is about this conversation. */
  hear(told: Told): void {
    if (this.#take(told)) this.#show();
  }

  #take(told: Told): boolean {
    switch (told.kind) {
      case 'message':
        return this.#isHere(told.message) && this.#put(told.message);
      case 'edited':
        return this.#isHere(told.message) && this.#change([told.message.id ?? ''], () => told.message);
      case 'deleted': {
        const deletedAt = told.at ?? new Date(this.#parts.clock.now()).toISOString();
        return this.#change([told.messageId], (one) => ({
          ...one,
          ...{ content: '', attachments: [], reactions: [], deletedAt },
        }));
      }
      case 'reacted':
        return this.#change([told.messageId], (one) => ({ ...one, reactions: told.reactions }));
      case 'read':
        return this.#changes(() =>
          this.#timeline.read(this.#ownAmong(told), (one) => readMessage(one, told)),
        );
      case 'typing':
        this.#hearTyping(told);
        return false;
      default:
        return false;
    }
  }

  #put(message: ChatMessage): boolean {
    const { userId } = message.sender;
    if (userId !== null) this.#others.set(userId, false);
    if (this.#timeline.put(message) && this.#turn && !this.#isEntering) void this.#enter();
    return true;
  }

  #change(messageIds: readonly string[], how: (message: ChatMessage) => ChatMessage): boolean {
    return this.#changes(() => this.#timeline.change(messageIds, how));
  }

  /** The ids of a reading that are of this conversation: every one is told of them all. */
  #ownAmong({ messageIds }: Told & { readonly kind: 'read' }): readonly string[] {
    return [...new Set(messageIds)].filter((id) => id.startsWith(`${this.#room.conversationId}.`));
  }

  /** Does something. @returns whether there is anything new to show. */
  #changes(act: () => void): boolean {
    const before = this.#timeline.messages;
    act();
    return this.#timeline.messages !== before;
  }

  #hearTyping({ room, userId, isTyping }: Told & { readonly kind: 'typing' }): void {
    if (userId !== this.#parts.userId() && this.isNamed(room)) this.#others.set(userId, isTyping);
  }

  #isHere({ conversationId }: ChatMessage): boolean {
    return conversationId === this.#room.conversationId;
  }

  #begin(): void {
    this.#stay();
    this.#parts.watched.add(this);
    if (!this.#turn) void this.#enter();
  }

  #end(): void {
    this.#own.set(false);
    this.#stay = this.#parts.clock.schedule(LEAVE_AFTER_MS, () => {
      if (this.#state.isWatched) return;
      this.#turn = undefined;
      this.#hasJoined = false;
      this.#isEntering = false;
      this.#isLoading = true;
      this.#parts.watched.delete(this);
      this.#show();
      const isInUse = this.#twins().some((twin) => twin.#turn !== undefined);
      if (this.#room.conversationId === undefined || isInUse) return;
      leaveRoom(this.#parts, this.#room).catch(() => undefined);
    });
  }

  /** Stores of the same conversation that were asked for by other names, before it was known to be the same. */
  #twins(): readonly OpenConversation[] {
    return [...this.#parts.stores()].filter((one) => one !== this && one.isNamed(this.#room));
  }

  #learn(room: Room): void {
    this.#room = { ...room, ...this.#room };
    this.#show();
  }

  /** Loads what is new, and joins the room unless it is joined already. */
  async #enter(): Promise<void> {
    const turn = {};
    this.#turn = turn;
    const isOver = () => turn !== this.#turn;
    this.#isEntering = true;
    this.#isLoading = true;
    this.#show();
    const error = await this.#load(isOver).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    if (isOver()) return;
    this.#error = error;
    this.#isEntering = false;
    this.#isLoading = false;
    if (error && !isFinal(error))
      this.#parts.clock.schedule(ENTER_AGAIN_MS, () => void (isOver() || this.#enter()));
    this.#show();
  }

  async #load(isOver: () => boolean): Promise<void> {
    const page = await readPage(this.#parts, this.#room);
    if (isOver()) return;
    const { conversationId } = page;
    const room = { ...this.#room, conversationId };
    this.#timeline.load(page);
    this.#isLoading = false;
    this.#learn(room);
    for (const twin of this.#twins()) twin.#learn(room);
    if (this.#hasJoined) return;
    const { upTo, events } = await enterRoom(this.#parts, room, page.lastSeq);
    if (isOver()) return;
    this.#hasJoined = true;
    for (const event of events) for (const told of this.#parts.read(event)) this.#take(told);
    // What was said in between is in the history by now.
    if (upTo > this.#timeline.newest) this.#timeline.load(await readPage(this.#parts, room));
  }

  async #loadOlder(): Promise<void> {
    const { oldest: before, hasOlder } = this.#timeline;
    if (!hasOlder || before === undefined) return;
    this.#timeline.prepend(await readPage(this.#parts, this.#room, { before }));
  }

  #tellTyping(isTyping: boolean): void {
    const { connection, speech } = this.#parts;
    if (this.#room.conversationId === undefined || !this.#parts.isOnline()) return;
    const { action, payload } = speech.type(this.#room, isTyping);
    connection.ask({ action, args: [payload], isVolatile: true });
  }

  #show(): void {
    const { conversationId } = this.#room;
    const { hasOlder } = this.#timeline;
    this.#state.set({
      messages: this.#messages(),
      typing: this.#others.userIds,
      hasOlder,
      isLoading: this.#isLoading || this.#older !== undefined,
      ...(conversationId !== undefined && { conversationId }),
      ...(this.#error && { error: this.#error }),
    });
  }

  #messages(): readonly ChatMessage[] {
    const { messages } = this.#timeline;
    const entries = this.#parts.outbox.entriesIn(this.#room);
    if (entries.length === 0) return messages;
    const own = new Set(messages.flatMap((one) => (this.#isOwn(one) ? (one.clientMessageId ?? []) : [])));
    const waiting = entries.filter(({ clientMessageId }) => !own.has(clientMessageId));
    const sender = { userId: this.#parts.userId() ?? null, name: this.#ownName() };
    return [...messages, ...waiting.map((entry) => this.#shown(entry, sender))];
  }

  /** As it was told last, or else as the token has it. */
  #ownName(): string {
    const told = this.#timeline.messages.findLast((message) => this.#isOwn(message));
    return told?.sender.name ?? this.#parts.userName() ?? '';
  }

  #isOwn({ sender }: ChatMessage): boolean {
    return sender.userId === this.#parts.userId();
  }

  #shown({ clientMessageId, draft, createdAt, refusal }: Entry, sender: ChatMessage['sender']): ChatMessage {
    const { conversationId = '' } = this.#room;
    return {
      ...{ attachments: [], ...draft, clientMessageId, conversationId, createdAt },
      ...{ sender, isRead: false, readBy: [], reactions: [] },
      status: refusal ? 'failed' : 'sending',
      ...(refusal && { error: new ParleyError(refusal.code, refusal.message) }),
    };
  }
}

/** Somebody has read a message: `by` says who, where that is known. */
function readMessage(message: ChatMessage, { by, at }: Told & { readonly kind: 'read' }): ChatMessage {
  if (by === message.sender.userId) return message;
  const isKnown = by === undefined || at === undefined || message.readBy.some(({ userId }) => userId === by);
  const readBy = isKnown ? message.readBy : [...message.readBy, { userId: by, readAt: at }];
  return { ...message, isRead: true, readBy };
}
