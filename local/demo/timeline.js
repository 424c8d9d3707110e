/**
 * @typedef {object} Entry A message as the page shows it.
 * @property {string} key What it is called on the page, from its first showing to its last.
 * @property {string} [id] Its name on the server, once it has one.
 * @property {'sending' | 'sent' | 'failed'} state
 * @property {string} content
 * @property {boolean} isMine
 * @property {string} senderName
 * @property {boolean} isRead
 * @property {Date} at
 * @property {string} [reason] Why it was refused.
 */

/** The messages in the order of the log, and below them the own ones that are not in it yet. */
export class Timeline {
  /** @type {Entry[]} */
  entries = [];
  #userId;

  /** @param {string} userId */
  constructor(userId) {
    this.#userId = userId;
  }

  /**
   * Takes over what the server says: new messages find their place, known ones are brought up to date.
   *
   * @param {readonly import('./history.js').WireMessage[]} messages
   */
  merge(messages) {
    for (const message of messages) {
      const known = this.entries.find(({ id }) => id === message._id);
      if (known === undefined) this.entries.push(this.#entryOf(message));
      else known.isRead ||= message.isRead;
    }
    this.#arrange();
  }

  /** @param {import('./outbox.js').Draft} draft */
  addDraft({ clientMessageId, content }) {
    this.entries.push({
      key: clientMessageId,
      state: 'sending',
      content,
      isMine: true,
      senderName: 'You',
      isRead: false,
      at: new Date(),
    });
  }

  /**
   * @param {string} key
   * @param {'sending' | 'failed'} state
   * @param {string} [reason]
   */
  setDraft(key, state, reason = '') {
    const entry = this.entry(key);
    if (entry !== undefined) Object.assign(entry, { state, reason });
    this.#arrange();
  }

  /**
   * The draft is the message that the server stored.
   *
   * @param {string} key
   * @param {import('./history.js').WireMessage} message
   */
  acknowledge(key, message) {
    // A history read meanwhile may have brought it already; the draft's place on the page is kept.
    this.entries = this.entries.filter(({ id }) => id !== message._id);
    const entry = this.entry(key);
    if (entry !== undefined) Object.assign(entry, this.#entryOf(message), { key });
    this.#arrange();
  }

  /** @param {readonly string[]} ids */
  markRead(ids) {
    for (const entry of this.entries)
      if (entry.id !== undefined && ids.includes(entry.id)) entry.isRead = true;
  }

  /** @param {string} key */
  entry(key) {
    return this.entries.find((entry) => entry.key === key);
  }

  /** Drops what came from the server; drafts stay. */
  clear() {
    this.entries = this.entries.filter(({ state }) => state !== 'sent');
  }

  /** The ids of others' messages that were not marked as read. */
  get unread() {
    return this.entries.flatMap(({ isMine, isRead, id }) =>
      isMine || isRead || id === undefined ? [] : [id],
    );
  }

  #arrange() {
    const order = (/** @type {Entry} */ { state, at }) => (state === 'sent' ? at.getTime() : Infinity);
    this.entries.sort((a, b) => (order(a) === order(b) ? 0 : order(a) - order(b)));
  }

  /**
   * @param {import('./history.js').WireMessage} message
   * @returns {Entry}
   */
  #entryOf({ _id, sender, content, isRead, createdAt }) {
    const isMine = sender._id === this.#userId;
    const senderName = isMine ? 'You' : sender.name;
    return { key: _id, id: _id, state: 'sent', content, isMine, senderName, isRead, at: new Date(createdAt) };
  }
}
