import { element } from './element.js';

const MOST = 200;
const PREVIEW_LENGTH = 120;
const ARROWS = { sent: '↑', received: '↓', note: '·' };
const NAMES = { sent: 'sent', received: 'received', note: 'note' };
const JSON_PART = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const time = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hour12: false,
});

/** Shows what passes between one person's page and the server, the newest last. */
export class FrameLog {
  root;
  #count = element('span', { class: 'frame-count' }, '0');
  #list = element('ol', { class: 'frame-list', tabindex: '0', 'aria-label': 'Frames' });
  #total = 0;

  /** @param {import('./traffic.js').Traffic} traffic */
  constructor(traffic) {
    this.root = element(
      'details',
      { class: 'frames' },
      element('summary', {}, 'Frames ', this.#count),
      this.#list,
    );
    this.root.addEventListener('toggle', () => this.#toEnd());
    traffic.addEventListener('passage', (event) => this.#add(/** @type {CustomEvent} */ (event).detail));
  }

  /** @param {import('./traffic.js').Passage} passage */
  #add(passage) {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    const follows = scrollHeight - scrollTop - clientHeight < 40;
    this.#total += 1;
    this.#count.textContent = String(this.#total);
    this.#list.append(rowFor(passage));
    if (this.#list.children.length > MOST) this.#list.firstElementChild?.remove();
    if (follows) this.#toEnd();
  }

  #toEnd() {
    this.#list.scrollTop = this.#list.scrollHeight;
  }
}

/** @param {import('./traffic.js').Passage} passage */
function rowFor({ at, direction, label, body }) {
  const heading = [
    element('span', { class: 'arrow', 'aria-hidden': 'true' }, ARROWS[direction]),
    element('span', { class: 'unseen' }, `${NAMES[direction]} `),
    element('time', { datetime: at.toISOString() }, time.format(at)),
    element('span', { class: 'label' }, label),
  ];
  if (body === undefined) return element('li', { class: direction }, element('p', {}, ...heading));
  const preview = element('span', { class: 'preview' }, JSON.stringify(body).slice(0, PREVIEW_LENGTH));
  const details = element('details', {}, element('summary', {}, ...heading, preview));
  // Most frames are never looked into, so they are set out only when somebody does.
  const setOut = () => details.append(element('pre', {}, ...coloured(JSON.stringify(body, null, 2))));
  details.addEventListener('toggle', setOut, { once: true });
  return element('li', { class: direction }, details);
}

/**
 * JSON in pieces, its keys, strings and other values marked.
 *
 * @param {string} json
 */
function* coloured(json) {
  let end = 0;
  for (const match of json.matchAll(JSON_PART)) {
    const [whole, string, colon] = match;
    yield json.slice(end, match.index);
    if (string === undefined) yield element('span', { class: 'value' }, whole);
    else yield element('span', { class: colon === undefined ? 'string' : 'key' }, string);
    if (colon !== undefined) yield colon;
    end = match.index + whole.length;
  }
  yield json.slice(end);
}
