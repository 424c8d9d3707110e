/** @typedef {'connecting' | 'open' | 'waiting' | 'closed'} ConnectionStatus */

/** No answer came: the connection was lost first, or the answer took too long. What was asked may have happened. */
export class ConnectionLost extends Error {
  name = 'ConnectionLost';
}

const ANSWER_WITHIN_MS = 10_000;
const OPEN_WITHIN_MS = 10_000;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;

/**
 * A WebSocket that speaks the native JSON wire and comes back by itself.
 * Dispatches `status`, and `event` for each `{event, data}` frame.
 */
export class Connection extends EventTarget {
  /** @type {ConnectionStatus} */
  status = 'closed';
  #session;
  #traffic;
  /** @type {WebSocket | undefined} */
  #socket;
  /** @type {Map<number, {action: string, resolve: (data: any) => void, reject: (error: Error) => void, timer: number}>} */
  #asked = new Map();
  #nextId = 1;
  #failures = 0;
  #timer = 0;

  /**
   * @param {import('./session.js').Session} session
   * @param {import('./traffic.js').Traffic} traffic
   */
  constructor(session, traffic) {
    super();
    this.#session = session;
    this.#traffic = traffic;
  }

  open() {
    if (this.status === 'connecting' || this.status === 'open') return;
    void this.#dial();
  }

  close() {
    if (this.status !== 'closed') this.#end('closed', 'disconnected by hand');
  }

  /**
   * Drops the connection and makes another one, later each time until `settle` is called.
   *
   * @param {string} why
   */
  retry(why) {
    if (this.status === 'open') this.#end('waiting', why);
  }

  /** All is well: the next lost connection is the first again. */
  settle() {
    this.#failures = 0;
  }

  /**
   * Sends a frame with an id and waits for its reply. Rejects with ConnectionLost when none can come.
   *
   * @param {string} action
   * @param {unknown} data
   * @returns {Promise<any>}
   */
  request(action, data) {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (!this.#send({ action, data, id })) return reject(new ConnectionLost('not connected'));
      const timer = setTimeout(() => this.#end('waiting', `no answer to ${action}`), ANSWER_WITHIN_MS);
      this.#asked.set(id, { action, resolve, reject, timer });
    });
  }

  /**
   * Sends a frame that nobody waits for; without a connection it is dropped.
   *
   * @param {string} action
   * @param {unknown} data
   */
  post(action, data) {
    this.#send({ action, data });
  }

  /** @param {{action: string, data: unknown, id?: number}} frame */
  #send(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    this.#traffic.pass('sent', frame.action, frame);
    return true;
  }

  async #dial() {
    clearTimeout(this.#timer);
    this.#become('connecting');
    try {
      if (this.#failures > 0) await this.#session.renew();
    } catch {
      if (this.status === 'connecting') this.#end('waiting', 'the server does not answer');
      return;
    }
    if (this.status === 'connecting' && this.#socket === undefined) this.#connect();
  }

  #connect() {
    const socket = new WebSocket(this.#session.webSocketUrl);
    this.#socket = socket;
    const impatience = setTimeout(() => socket.close(), OPEN_WITHIN_MS);
    const ifCurrent = (/** @type {() => void} */ then) => this.#socket === socket && then();
    socket.addEventListener('open', () => {
      clearTimeout(impatience);
      ifCurrent(() => this.#opened());
    });
    socket.addEventListener('message', ({ data }) => ifCurrent(() => this.#receive(String(data))));
    socket.addEventListener('close', ({ code, reason }) => {
      clearTimeout(impatience);
      ifCurrent(() => this.#end('waiting', `closed with ${code} ${reason}`.trim()));
    });
  }

  #opened() {
    this.#traffic.pass('note', 'connected');
    this.#become('open');
  }

  /** @param {string} text */
  #receive(text) {
    /** @type {any} */
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      this.#traffic.pass('received', 'not JSON', text);
      return;
    }
    const asked = this.#asked.get(frame.reply)?.action ?? '';
    this.#traffic.pass('received', frame.event ?? `reply ${asked}`.trim(), frame);
    if (frame.reply !== undefined) this.#answer(frame.reply, frame.data);
    else if (frame.event !== undefined) this.dispatchEvent(new CustomEvent('event', { detail: frame }));
  }

  /**
   * @param {number} id
   * @param {any} data
   */
  #answer(id, data) {
    const asked = this.#asked.get(id);
    if (asked === undefined) return;
    this.#asked.delete(id);
    clearTimeout(asked.timer);
    asked.resolve(data);
  }

  /**
   * Ends the connection at once: a dead peer would keep a closing handshake waiting.
   *
   * @param {'waiting' | 'closed'} status
   * @param {string} why
   */
  #end(status, why) {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#traffic.pass('note', why);
    for (const { reject, timer } of this.#asked.values()) {
      clearTimeout(timer);
      reject(new ConnectionLost(why));
    }
    this.#asked.clear();
    clearTimeout(this.#timer);
    this.#become(status);
    if (status === 'waiting') this.#timer = setTimeout(() => this.#dial(), this.#delay());
    else this.#failures = 0;
  }

  /** Doubles from attempt to attempt; the jitter keeps clients that were cut together from coming back together. */
  #delay() {
    const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures);
    this.#failures += 1;
    return longest * (0.5 + Math.random() / 2);
  }

  /** @param {ConnectionStatus} status */
  #become(status) {
    if (this.status === status) return;
    this.status = status;
    this.dispatchEvent(new Event('status'));
  }
}
