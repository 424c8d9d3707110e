/**
 * @typedef {object} WireMessage A message as the booking dialect shows it.
 * @property {string} _id
 * @property {string} booking
 * @property {{_id: string, name: string}} sender
 * @property {string} senderType
 * @property {string} content
 * @property {boolean} isRead
 * @property {string} createdAt
 * @property {string} [clientMessageId] When its sender gave one.
 */

/**
 * @typedef {object} Page
 * @property {WireMessage[]} messages Oldest first.
 * @property {boolean} hasMore Older ones; after a message, newer ones.
 */

export const PAGE_SIZE = 50;

/** The server does not know of the message after which the rest was asked for: its history is another one now. */
export class HistoryChanged extends Error {
  name = 'HistoryChanged';
}

/** Reads the booking's messages over HTTPS. */
export class History {
  #session;
  #traffic;

  /**
   * @param {import('./session.js').Session} session
   * @param {import('./traffic.js').Traffic} traffic
   */
  constructor(session, traffic) {
    this.#session = session;
    this.#traffic = traffic;
  }

  /**
   * A page, the newest being 1.
   *
   * @param {number} page
   */
  page(page) {
    return this.#get({ page: String(page), limit: String(PAGE_SIZE) });
  }

  /**
   * Everything that was said after a message, however long the absence was.
   *
   * @param {string} messageId
   */
  async after(messageId) {
    /** @type {WireMessage[]} */
    const messages = [];
    for (let last = messageId, hasMore = true; hasMore; ) {
      const page = await this.#get({ after: last, limit: String(PAGE_SIZE) });
      messages.push(...page.messages);
      last = page.messages.at(-1)?._id ?? last;
      hasMore = page.hasMore && page.messages.length > 0;
    }
    return messages;
  }

  /**
   * @param {Record<string, string>} query
   * @returns {Promise<Page>}
   */
  async #get(query) {
    const id = encodeURIComponent(this.#session.bookingId);
    const path = `/api/messages/booking/${id}?${new URLSearchParams(query)}`;
    this.#traffic.pass('sent', `GET ${path}`);
    const response = await fetch(path, { headers: { Authorization: this.#session.authorization } });
    const answer = await response.json();
    this.#traffic.pass('received', `answered ${response.status}`, answer);
    if (response.ok && answer.success) {
      const { messages, pagination } = answer.data;
      return { messages, hasMore: pagination?.hasMore ?? messages.length === PAGE_SIZE };
    }
    const refused = 'after' in query && (response.status === 400 || response.status === 404);
    throw refused ? new HistoryChanged(answer.message) : new Error(answer.message);
  }
}
