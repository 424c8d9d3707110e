import { isAttended, watchAttention } from './attention.js';
import { Composer } from './composer.js';
import { Connection } from './connection.js';
import { Conversation } from './conversation.js';
import { element } from './element.js';
import { FrameLog } from './frame-log.js';
import { MessageList } from './message-list.js';
import { Session } from './session.js';
import { Traffic } from './traffic.js';

const STATUSES = {
  connecting: 'Connecting…',
  open: 'Connected',
  waiting: 'Reconnecting…',
  closed: 'Offline',
};
const ROLES = { client: 'Client', business: 'Business owner' };
const PROBLEM_MS = 6_000;

/**
 * One person's window on the conversation.
 *
 * @param {import('./session.js').Config} config
 * @param {import('./session.js').Person} person
 * @param {(unread: number) => void} unreadChanged
 */
export function createPane(config, person, unreadChanged) {
  const traffic = new Traffic();
  const session = new Session(config, person);
  const connection = new Connection(session, traffic);
  const conversation = new Conversation({ session, connection, traffic, isAttended: () => isAttended(root) });
  const otherName = config.people.find(({ side }) => side !== person.side)?.name ?? 'them';
  const list = new MessageList(conversation);
  const typing = typingLine(otherName);
  const unread = element('span', { class: 'unread', hidden: '' });
  const root = element(
    'section',
    { class: 'pane', 'data-side': person.side, 'aria-label': `${person.name}’s window` },
    headerFor(person, connection, unread),
    list.root,
    typing,
    problemLine(conversation),
    new Composer(conversation, otherName).root,
    new FrameLog(traffic).root,
  );
  conversation.addEventListener('change', () => {
    list.show();
    typing.classList.toggle('shown', conversation.typingIn.isTyping);
    typing.ariaHidden = String(!conversation.typingIn.isTyping);
    showUnread(unread, conversation.unread.length);
    unreadChanged(conversation.unread.length);
  });
  list.announce('off');
  watchAttention(root, (attended) => {
    conversation.reading.consider();
    list.announce(attended ? 'polite' : 'off');
  });
  window.addEventListener('online', () => connection.status === 'waiting' && connection.open());
  connection.open();
  return root;
}

/**
 * @param {import('./session.js').Person} person
 * @param {Connection} connection
 * @param {HTMLElement} unread
 */
function headerFor(person, connection, unread) {
  return element(
    'header',
    { class: 'pane-header' },
    element('span', { class: 'avatar', 'aria-hidden': 'true' }, initials(person.name)),
    element('div', { class: 'who' }, element('h2', {}, person.name), element('p', {}, ROLES[person.side])),
    unread,
    connectionSwitch(connection),
  );
}

/**
 * Shows how the connection does, and takes the person offline and back: what happens meanwhile is caught up with.
 *
 * @param {Connection} connection
 */
function connectionSwitch(connection) {
  const label = element('span', { class: 'status' });
  const button = element('button', { type: 'button', role: 'switch', class: 'switch' }, label);
  button.append(element('span', { class: 'track', 'aria-hidden': 'true' }));
  const show = () => {
    label.textContent = STATUSES[connection.status];
    button.dataset.status = connection.status;
    button.ariaChecked = String(connection.status !== 'closed');
    button.title = connection.status === 'closed' ? 'Go online' : 'Go offline';
  };
  button.addEventListener('click', () => {
    if (connection.status === 'closed') connection.open();
    else connection.close();
  });
  connection.addEventListener('status', show);
  show();
  return button;
}

/** @param {string} name */
function typingLine(name) {
  const dots = element('span', { class: 'dots', 'aria-hidden': 'true' });
  dots.append(element('i'), element('i'), element('i'));
  return element('p', { class: 'typing', 'aria-hidden': 'true' }, dots, `${name} is typing`);
}

/** @param {Conversation} conversation */
function problemLine(conversation) {
  const line = element('p', { class: 'problem', role: 'alert' });
  let timer = 0;
  conversation.addEventListener('problem', (event) => {
    clearTimeout(timer);
    line.textContent = /** @type {CustomEvent} */ (event).detail;
    line.classList.add('shown');
    timer = setTimeout(() => line.classList.remove('shown'), PROBLEM_MS);
  });
  return line;
}

/**
 * @param {HTMLElement} badge
 * @param {number} count
 */
function showUnread(badge, count) {
  badge.hidden = count === 0;
  badge.textContent = `${count} new`;
}

/** @param {string} name */
function initials(name) {
  const words = name.split(/\s+/).filter((word) => word !== '');
  return [words.at(0), words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? '')].at(0) ?? '')
    .join('')
    .toUpperCase();
}
