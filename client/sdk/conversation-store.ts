import type { Clock } from '../connection/platform.ts';
import { given, type Room, type Told } from '../dialects/speech.ts';
import type { Asking } from './ask.ts';
import { changeIn } from './changes.ts';
import {
  editMessage,
  type Names,
  type Requests,
  reactToMessage,
  readPage,
  removeMessage,
  unsupported,
} from './conversation-requests.ts';
import { History } from './history.ts';
import type { Outbox } from './outbox.ts';
import { ReadMarks } from './read-marks.ts';
import { isSameRoom } from './room.ts';
import { StateStore } from './state-store.ts';
import { Stay } from './stay.ts';
import type { Page } from './timeline.ts';
import type { ChatMessage, ConversationState, ConversationStore, Draft } from './types.ts';
import { OthersTyping, OwnTyping } from './typing.ts';
import { withWaiting } from './waiting-messages.ts';

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
  /** All of the client's. */
  readonly stores: () => Iterable<OpenConversation>;
  /** Those that are to be told what happens, as this one is from when somebody looks until it has left. */
  readonly watched: Set<OpenConversation>;
};

const NOTHING: ConversationState = { messages: [], typing: [], hasOlder: false, isLoading: true };

/** A conversation that is entered as long as it is looked at. */
export class OpenConversation implements ConversationStore {
  readonly #parts: ConversationParts;
  readonly #state: StateStore<ConversationState>;
  readonly #history: History<Page & Names>;
  readonly #stay: Stay;
  readonly #marks: ReadMarks;
  readonly #own: OwnTyping;
  readonly #others: OthersTyping;
  /** As it was asked for. */
  readonly #name: Room;
  /** By every name that is known. */
  #room: Room;

  constructor(parts: ConversationParts, name: Room) {
    this.#parts = parts;
    this.#name = name;
    this.#room = name;
    this.#state = new StateStore(NOTHING, { begin: () => this.#begin(), end: () => this.#end() });
    this.#history = new History({
      ask: (before) => readPage(parts, this.#room, given('before', before)),
      loaded: (names) => this.#learn(names),
    });
    this.#stay = this.#newStay();
    this.#marks = new ReadMarks(parts);
    this.#own = new OwnTyping(parts.clock, (isTyping) => this.#tellTyping(isTyping));
    this.#others = new OthersTyping(parts.clock, () => this.refresh());
  }

  get subscribe(): ConversationStore['subscribe'] {
    return this.#state.subscribe;
  }

  get getSnapshot(): ConversationStore['getSnapshot'] {
    return this.#state.getSnapshot;
  }

  /** Whether anybody looks at it, or something waits to be sent. */
  get isNeeded(): boolean {
    return this.#stay.isOn || this.#parts.outbox.entriesIn(this.#room).length > 0;
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
    if (conversationId === undefined) return;
    const room = { ...this.#room, conversationId };
    await this.#marks.mark(room, this.#history.messages, this.#parts.userId());
  }

  loadOlder(): Promise<void> {
    const loaded = this.#history.loadOlder().finally(() => this.refresh());
    this.refresh();
    return loaded;
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

  /** There is a connection again, over which nothing of what was said was missed, or something may have been. */
  online(recovered: boolean): void {
    this.#stay.online(recovered);
  }

  /** It is somebody else who looks now: what was shown is not theirs, and the name may be that of something else. */
  forget(): void {
    this.#room = this.#name;
    this.#history.forget();
    this.#marks.forget();
    this.#stay.forget();
    this.offline();
  }

  /** Nobody knows any more who is writing. */
  offline(): void {
    this.#others.clear();
    this.refresh();
  }

  /** Takes what an event has told, if it is about this conversation. */
  hear(told: Told): void {
    if (told.kind === 'message') this.#hearMessage(told.message);
    else if (told.kind === 'typing') this.#hearTyping(told);
    else this.#hearChange(told);
  }

  /** Shows how it stands now: what it is made of has changed, or what waits to be sent has. */
  refresh(): void {
    const { conversationId } = this.#room;
    const { error } = this.#stay;
    this.#state.set({
      messages: this.#messages(),
      typing: this.#others.userIds,
      hasOlder: this.#history.hasOlder,
      isLoading: this.#stay.isLoading || this.#history.isLoadingOlder,
      ...(conversationId !== undefined && { conversationId }),
      ...(error && { error }),
    });
  }

  #messages(): readonly ChatMessage[] {
    const { outbox, userId, userName } = this.#parts;
    const { conversationId } = this.#room;
    const context = { conversationId, userId: userId(), name: userName() };
    return withWaiting(this.#history.messages, outbox.entriesIn(this.#room), context);
  }

  #hearMessage(message: ChatMessage): void {
    if (message.conversationId !== this.#room.conversationId) return;
    const { userId } = message.sender;
    if (userId !== null) this.#others.set(userId, false);
    if (this.#history.put(message)) this.#stay.loadAgain();
    this.refresh();
  }

  #hearTyping({ room, userId, isTyping }: Told & { readonly kind: 'typing' }): void {
    if (userId !== this.#parts.userId() && this.isNamed(room)) this.#others.set(userId, isTyping);
  }

  #hearChange(told: Told): void {
    const changed = changeIn(told, () => new Date(this.#parts.clock.now()).toISOString());
    // Who has read is told once of all that they have, wherever it was said.
    const messageIds = changed?.messageIds.filter((id) => id.startsWith(`${this.#room.conversationId}.`));
    if (!changed || !messageIds?.length) return;
    if (this.#history.change({ ...changed, messageIds })) this.refresh();
  }

  #newStay(): Stay {
    const { clock } = this.#parts;
    return new Stay({
      ...{ requests: this.#parts, clock, history: this.#history },
      room: () => this.#room,
      changed: () => this.refresh(),
      ended: () => this.#ended(),
    });
  }

  #begin(): void {
    this.#parts.watched.add(this);
    this.#stay.begin();
  }

  #end(): void {
    this.#own.set(false);
    this.#stay.end();
  }

  #ended(): boolean {
    this.#parts.watched.delete(this);
    return this.#twins().some((twin) => twin.#stay.isOn);
  }

  /** Stores of the same conversation that were asked for by other names, before it was known to be the same. */
  #twins(): readonly OpenConversation[] {
    return [...this.#parts.stores()].filter((one) => one !== this && one.isNamed(this.#room));
  }

  #learn({ conversationId, bookingId }: Names): void {
    this.#room = { ...given('bookingId', bookingId), ...this.#room, conversationId };
    for (const twin of this.#twins()) {
      twin.#room = { ...this.#room, ...twin.#room };
      twin.refresh();
    }
    this.refresh();
  }

  #tellTyping(isTyping: boolean): void {
    const { connection, speech } = this.#parts;
    if (this.#room.conversationId === undefined || !this.#parts.isOnline()) return;
    const { action, payload } = speech.type(this.#room, isTyping);
    connection.ask({ action, args: [payload], isVolatile: true });
  }
}
