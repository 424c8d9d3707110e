import { ConnectionLost } from './connection.js';
import { History, HistoryChanged, PAGE_SIZE } from './history.js';
import { Outbox } from './outbox.js';
import { Reading } from './reading.js';
import { Timeline } from './timeline.js';
import { TypingIn, TypingOut } from './typing.js';

/** @typedef {import('./history.js').WireMessage} WireMessage */

/**
 * One person's side of the booking's conversation, kept true over lost connections.
 * Dispatches `change` when there is something to show, and `problem` with a sentence.
 */
export class Conversation extends EventTarget {
  isLoaded = false;
  hasEarlier = false;
  #session;
  #connection;
  #history;
  #timeline;
  #outbox;
  /** Goes up with each change of the connection's status. */
  #turn = 0;
  /** The turn in which the booking was joined and caught up with. */
  #joinedTurn = -1;
  /** The message up to which nothing is missing. @type {string | undefined} */
  #upTo;

  /**
   * @param {object} parts
   * @param {import('./session.js').Session} parts.session
   * @param {import('./connection.js').Connection} parts.connection
   * @param {import('./traffic.js').Traffic} parts.traffic
   * @param {() => boolean} parts.isAttended Whether somebody looks: then what is unread is marked as read.
   */
  constructor({ session, connection, traffic, isAttended }) {
    super();
    this.#session = session;
    this.#connection = connection;
    this.#history = new History(session, traffic);
    this.#timeline = new Timeline(session.userId);
    this.#outbox = new Outbox(
      (draft) => connection.request('sendMessage', { bookingId: session.bookingId, ...draft }),
      (draft, answer) => this.#settled(draft, answer),
    );
    this.typingIn = new TypingIn(() => this.#changed());
    this.typingOut = new TypingOut((isTyping) => this.#tellTyping(isTyping));
    this.reading = new Reading(
      () => (isAttended() && this.#isCurrent ? this.unread : []),
      (messageIds) => this.#markRead(messageIds),
    );
    connection.addEventListener('status', () => void this.#statusChanged());
    connection.addEventListener('event', (frame) => {
      const { event, data } = /** @type {CustomEvent} */ (frame).detail;
      this.#receive(event, data);
    });
  }

  get entries() {
    return this.#timeline.entries;
  }

  /** The ids of others' messages that were not marked as read. */
  get unread() {
    return this.#timeline.unread;
  }

  /** @param {string} content */
  send(content) {
    const draft = { clientMessageId: crypto.randomUUID(), content };
    this.#timeline.addDraft(draft);
    this.typingOut.forget();
    this.#post(draft);
  }

  /**
   * Sends a refused message again, as the same one.
   *
   * @param {string} clientMessageId
   */
  sendAgain(clientMessageId) {
    const entry = this.#timeline.entry(clientMessageId);
    if (entry?.state !== 'failed') return;
    this.#timeline.setDraft(clientMessageId, 'sending');
    this.#post({ clientMessageId, content: entry.content });
  }

  /** Older messages than those that are shown. */
  async loadEarlier() {
    const known = this.entries.filter(({ state }) => state === 'sent').length;
    try {
      const page = await this.#history.page(Math.floor(known / PAGE_SIZE) + 1);
      this.hasEarlier = page.hasMore;
      this.#take(page.messages);
    } catch (error) {
      this.#problem(error instanceof Error ? error.message : String(error));
    }
  }

  /** Whether it was joined, caught up with, and connected since: what is pushed then leaves no gap. */
  get #isCurrent() {
    return this.#joinedTurn === this.#turn;
  }

  /** @param {import('./outbox.js').Draft} draft */
  #post(draft) {
    this.#outbox.add(draft);
    this.#changed();
    if (this.#isCurrent) void this.#outbox.flush();
  }

  /**
   * @param {import('./outbox.js').Draft} draft
   * @param {any} answer
   */
  #settled({ clientMessageId }, answer) {
    if (answer?.ok) return this.#take([answer.message]);
    this.#timeline.setDraft(clientMessageId, 'failed', answer?.error?.message ?? 'The server refused it');
    this.#changed();
  }

  async #statusChanged() {
    const turn = ++this.#turn;
    this.typingOut.forget();
    this.typingIn.told(false);
    this.#changed();
    if (this.#connection.status !== 'open') return;
    try {
      await this.#join();
      // When the connection was lost meanwhile, another turn does the rest.
      if (turn === this.#turn) this.#joined();
    } catch (error) {
      if (turn === this.#turn && !(error instanceof ConnectionLost))
        this.#connection.retry(`catching up failed: ${error}`);
    }
  }

  async #join() {
    const answer = await this.#connection.request('joinBooking', this.#session.bookingId);
    if (!answer?.ok) throw new Error(answer?.error?.message ?? 'joining was refused');
    await this.#catchUp();
  }

  #joined() {
    this.#joinedTurn = this.#turn;
    this.#connection.settle();
    this.#changed();
    void this.#outbox.flush();
  }

  /** What was said meanwhile, by its place in the log; then the newest page again, for the receipts given meanwhile. */
  async #catchUp() {
    try {
      if (this.#upTo !== undefined) this.#take(await this.#history.after(this.#upTo));
    } catch (error) {
      if (!(error instanceof HistoryChanged)) throw error;
      this.#timeline.clear();
      this.#upTo = undefined;
    }
    const newest = await this.#history.page(1);
    if (this.#upTo === undefined) this.hasEarlier = newest.hasMore;
    this.#upTo = newest.messages.at(-1)?._id;
    this.isLoaded = true;
    this.#take(newest.messages);
  }

  /**
   * @param {string} event
   * @param {any} data
   */
  #receive(event, data) {
    if (event === 'newMessage') this.#pushed(data);
    if (event === 'messagesMarkedAsRead') this.#timeline.markRead(data.messageIds);
    if (event === 'typing' && data.userId !== this.#session.userId) this.typingIn.told(data.isTyping);
    if (event === 'error') this.#refused(data);
    this.#changed();
  }

  /** @param {WireMessage} message */
  #pushed(message) {
    if (message.booking !== this.#session.bookingId) return;
    if (this.#isCurrent) this.#upTo = message._id;
    if (message.sender._id !== this.#session.userId) this.typingIn.told(false);
    this.#take([message]);
  }

  /** @param {{message: string, code?: string}} error */
  #refused({ message, code }) {
    this.#problem(message);
    if (code === 'AUTHENTICATION_FAILED') this.#connection.retry('the token is renewed');
  }

  /** @param {readonly WireMessage[]} messages */
  #take(messages) {
    this.#timeline.merge(messages);
    this.#changed();
  }

  /** @param {readonly string[]} messageIds */
  async #markRead(messageIds) {
    const answer = await this.#connection.request('markAsRead', { messageIds });
    if (answer?.ok) this.#timeline.markRead(messageIds);
    this.#changed();
  }

  /** @param {boolean} isTyping */
  #tellTyping(isTyping) {
    const { bookingId } = this.#session;
    if (this.#isCurrent) this.#connection.post('typing', { bookingId, isTyping });
  }

  #changed() {
    this.reading.consider();
    this.dispatchEvent(new Event('change'));
  }

  /** @param {string} sentence */
  #problem(sentence) {
    this.dispatchEvent(new CustomEvent('problem', { detail: sentence }));
  }
}
