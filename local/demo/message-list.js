import { element, icon } from './element.js';

/** @typedef {import('./timeline.js').Entry} Entry */

const SAME_BREATH_MS = 5 * 60_000;
const NEAR_END_PX = 80;

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const STATES = { sending: 'Sending', sent: 'Sent', read: 'Read', failed: 'Not sent' };

/** Shows the messages, keeps the reader's place in them, and follows the end while the reader is there. */
export class MessageList {
  root;
  #list = element('ol', { class: 'messages', role: 'log', 'aria-label': 'Messages' });
  #earlier = element('button', { type: 'button', class: 'quiet earlier', hidden: '' }, 'Earlier messages');
  #empty = element('p', { class: 'empty' });
  #toEnd = element('button', { type: 'button', class: 'to-end', hidden: '' }, 'New messages', icon('down'));
  #scroller = element('div', {
    class: 'scroller',
    tabindex: '0',
    role: 'group',
    'aria-label': 'Conversation',
  });
  /** @type {Map<string, HTMLLIElement>} */
  #items = new Map();
  /** How far above the end the reader is, in px. */
  #fromEnd = 0;
  #conversation;

  /** @param {import('./conversation.js').Conversation} conversation */
  constructor(conversation) {
    this.#conversation = conversation;
    this.#scroller.append(this.#earlier, this.#empty, this.#list);
    this.root = element('div', { class: 'conversation' }, this.#scroller, this.#toEnd);
    this.#earlier.addEventListener('click', () => void conversation.loadEarlier());
    this.#toEnd.addEventListener('click', () => this.#goToEnd());
    this.#scroller.addEventListener('scroll', () => this.#scrolled());
    new ResizeObserver(() => this.#follows && this.#goToEnd()).observe(this.#scroller);
  }

  /** @param {'polite' | 'off'} politeness How a screen reader reads out what is new. */
  announce(politeness) {
    this.#list.ariaLive = politeness;
  }

  /** Brings the page up to date with the conversation. */
  show() {
    const { entries, isLoaded, hasEarlier } = this.#conversation;
    const lastBefore = this.#list.lastElementChild;
    const fromEnd = this.#scroller.scrollHeight - this.#scroller.scrollTop;
    const isOlder = this.#arrange(entries);
    this.#earlier.hidden = !hasEarlier;
    this.#empty.hidden = entries.length > 0;
    this.#empty.textContent = isLoaded ? 'No messages yet. Say hello!' : 'Loading…';
    if (isOlder && !this.#follows) this.#scroller.scrollTop = this.#scroller.scrollHeight - fromEnd;
    const last = entries.at(-1);
    if (this.#list.lastElementChild !== lastBefore && last?.state === 'sending') this.#fromEnd = 0;
    if (this.#follows) this.#goToEnd();
    else if (this.#list.lastElementChild !== lastBefore) this.#toEnd.hidden = false;
  }

  /**
   * @param {readonly Entry[]} entries
   * @returns {boolean} whether there is something new above what was the first
   */
  #arrange(entries) {
    const firstBefore = this.#list.firstElementChild;
    for (const [key, item] of this.#items) {
      if (entries.some((entry) => entry.key === key)) continue;
      item.remove();
      this.#items.delete(key);
    }
    entries.forEach((entry, index) => {
      const item = this.#items.get(entry.key) ?? this.#itemFor(entry);
      if (this.#list.children[index] !== item)
        this.#list.insertBefore(item, this.#list.children[index] ?? null);
      update(item, entry, entries[index - 1]);
    });
    return firstBefore !== null && firstBefore !== this.#list.firstElementChild;
  }

  /** @param {Entry} entry */
  #itemFor({ key, content, isMine, senderName }) {
    const again = element('button', { type: 'button', class: 'quiet' }, 'Try again');
    again.addEventListener('click', () => this.#conversation.sendAgain(key));
    const item = element(
      'li',
      { class: isMine ? 'message mine' : 'message' },
      element('p', { class: 'day' }),
      element('p', { class: 'sender' }, senderName),
      element(
        'div',
        { class: 'bubble' },
        element('p', { class: 'content', dir: 'auto' }, content),
        element('p', { class: 'meta' }, element('time'), element('span', { class: 'receipt' })),
      ),
      element('p', { class: 'refusal', role: 'alert', hidden: '' }, element('span'), again),
    );
    this.#items.set(key, item);
    return item;
  }

  get #follows() {
    return this.#fromEnd < NEAR_END_PX;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#fromEnd = scrollHeight - scrollTop - clientHeight;
    if (this.#follows) this.#toEnd.hidden = true;
  }

  #goToEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#toEnd.hidden = true;
  }
}

/**
 * @param {HTMLLIElement} item
 * @param {Entry} entry
 * @param {Entry | undefined} previous
 */
function update(item, entry, previous) {
  const isNewDay = previous?.at.toDateString() !== entry.at.toDateString();
  const isSameSender = !isNewDay && previous?.isMine === entry.isMine;
  const isNext = isSameSender && entry.at.getTime() - previous.at.getTime() < SAME_BREATH_MS;
  item.classList.toggle('next', isNext);
  item.classList.toggle('same-sender', isSameSender);
  write(part(item, 'day'), isNewDay ? dayName(entry.at) : '');
  const clock = part(item, 'meta').firstElementChild;
  if (clock instanceof HTMLTimeElement) {
    clock.dateTime = entry.at.toISOString();
    write(clock, time.format(entry.at));
  }
  if (entry.isMine) showState(item, entry);
}

/**
 * @param {HTMLLIElement} item
 * @param {Entry} entry
 */
function showState(item, entry) {
  const state = entry.state === 'sent' && entry.isRead ? 'read' : entry.state;
  if (item.dataset.state === state) return;
  item.dataset.state = state;
  const label = element('span', { class: 'unseen' }, STATES[state]);
  const receipt = part(item, 'receipt');
  receipt.replaceChildren(icon(state), label);
  receipt.title = STATES[state];
  const refusal = part(item, 'refusal');
  refusal.hidden = state !== 'failed';
  if (refusal.firstElementChild) write(refusal.firstElementChild, `Not sent: ${entry.reason ?? ''}`);
}

/**
 * @param {Element} item
 * @param {string} name
 * @returns {HTMLElement}
 */
function part(item, name) {
  const found = item.querySelector(`.${name}`);
  if (!(found instanceof HTMLElement)) throw new Error(`A message has no ${name}.`);
  return found;
}

/**
 * @param {Element} target
 * @param {string} text
 */
function write(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** @param {Date} at */
function dayName(at) {
  const daysAgo = Math.round(
    (new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000,
  );
  if (daysAgo === 0) return 'Today';
  return daysAgo === 1 ? 'Yesterday' : day.format(at);
}
