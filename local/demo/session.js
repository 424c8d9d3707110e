/**
 * @typedef {object} Person
 * @property {string} userId
 * @property {string} name
 * @property {'client' | 'business'} side
 * @property {string} token
 */

/**
 * @typedef {object} Config
 * @property {string} webSocketUrl
 * @property {{id: string, title: string}} booking
 * @property {Person[]} people
 */

/** @returns {Promise<Config>} */
export async function loadConfig() {
  const response = await fetch('/demo/config.json', { cache: 'no-store' });
  if (!response.ok) throw new Error(`config.json was answered with ${response.status}`);
  return response.json();
}

/** One person's credentials, renewed on demand: a stack that was restarted may sign with another secret. */
export class Session {
  #config;
  #person;

  /**
   * @param {Config} config
   * @param {Person} person
   */
  constructor(config, person) {
    this.#config = config;
    this.#person = person;
  }

  get userId() {
    return this.#person.userId;
  }

  get bookingId() {
    return this.#config.booking.id;
  }

  get authorization() {
    return `Bearer ${this.#person.token}`;
  }

  /** A browser cannot set headers on a WebSocket, so the token travels in the query. */
  get webSocketUrl() {
    const url = new URL(this.#config.webSocketUrl);
    url.searchParams.set('dialect', 'booking');
    url.searchParams.set('token', this.#person.token);
    return url.href;
  }

  async renew() {
    const config = await loadConfig();
    const person = config.people.find(({ userId }) => userId === this.userId);
    if (person === undefined) throw new Error(`${this.userId} is not one of the demo's people any more`);
    this.#config = config;
    this.#person = person;
  }
}
