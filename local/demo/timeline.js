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
   * Takes over what the server says: new messages find their place, known ones are brought up to date, and a draft
   * becomes the message that was stored under its `clientMessageId`, whichever way the word of it comes first.
   *
   * @param {readonly import('./history.js').WireMessage[]} messages
   */
  merge(messages) {
    for (const message of messages) {
      const entry = this.#entryOf(message);
      const known = this.entry(entry.key);
      if (known === undefined) this.entries.push(entry);
      else Object.assign(known, entry, { isRead: known.isRead || entry.isRead });
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
    // A draft that has an id was stored, whatever its last answer was.
    if (entry !== undefined && entry.id === undefined) Object.assign(entry, { state, reason });
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
  #entryOf({ _id, sender, content, isRead, createdAt, clientMessageId }) {
    const isMine = sender._id === this.#userId;
    const key = (isMine && clientMessageId) || _id;
    const senderName = isMine ? 'You' : sender.name;
    return { key, id: _id, state: 'sent', content, isMine, senderName, isRead, at: new Date(createdAt) };
  }
}
