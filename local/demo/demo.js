import { element } from './element.js';
import { createPane } from './pane.js';
import { loadConfig } from './session.js';

/** @typedef {import('./session.js').Person} Person */

const SIDES = /** @type {const} */ (['client', 'business']);
const WINDOWS = { client: 'Client’s window', business: 'Business’s window' };

await start();

async function start() {
  try {
    show(await loadConfig());
  } catch (error) {
    const again = element('button', { type: 'button', class: 'quiet' }, 'Try again');
    again.addEventListener('click', () => location.reload());
    byId('page-notice').replaceChildren('The local stack does not answer. ', again);
    console.error(error);
  }
}

/** @param {import('./session.js').Config} config */
function show(config) {
  const as = new URLSearchParams(location.search).get('as');
  const people = SIDES.flatMap((side) => config.people.find((person) => person.side === side) ?? []);
  const chosen = people.filter(({ side }) => side === as);
  const shown = chosen.length > 0 ? chosen : people;
  byId('booking').textContent = config.booking.title;
  showViews(people, chosen.length > 0);
  const [first] = shown;
  const badges = shown.length > 1 ? switcher(shown) : new Map();
  const title = [...chosen.map(({ name }) => name), 'Parley'].join(' · ');
  document.title = title;
  const panes = shown.map((person) =>
    createPane(config, person, (unread) => {
      const badge = badges.get(person.side);
      if (badge !== undefined) badge.textContent = unread > 0 ? String(unread) : '';
      if (chosen.length > 0) document.title = unread > 0 ? `(${unread}) ${title}` : title;
    }),
  );
  byId('panes').replaceChildren(...panes);
  byId('panes').classList.toggle('single', panes.length === 1);
  if (first !== undefined) document.body.dataset.shown = first.side;
}

/**
 * @param {readonly Person[]} people
 * @param {boolean} isSingle
 */
function showViews(people, isSingle) {
  const alone = people.map(({ side }) => link(`/?as=${side}`, WINDOWS[side], '_blank'));
  byId('windows').replaceChildren(...(isSingle ? [link('/', 'Both side by side', '')] : alone));
}

/**
 * @param {string} href
 * @param {string} text
 * @param {string} target
 */
function link(href, text, target) {
  return element('a', target === '' ? { href } : { href, target, rel: 'noopener' }, text);
}

/**
 * On a narrow screen one person is shown at a time.
 *
 * @param {readonly Person[]} people
 * @returns {Map<string, HTMLElement>} where each person's number of unread messages goes
 */
function switcher(people) {
  const badges = new Map();
  const buttons = people.map(({ side, name }) => {
    const badge = element('span', { class: 'unread' });
    badges.set(side, badge);
    const button = element('button', { type: 'button', 'data-side': side }, name, badge);
    button.addEventListener('click', () => {
      document.body.dataset.shown = side;
      press(buttons, side);
    });
    return button;
  });
  press(buttons, people[0]?.side);
  byId('switcher').replaceChildren(...buttons);
  byId('switcher').hidden = false;
  return badges;
}

/**
 * @param {readonly HTMLButtonElement[]} buttons
 * @param {string | undefined} side
 */
function press(buttons, side) {
  for (const button of buttons) button.ariaPressed = String(button.dataset.side === side);
}

/** @param {string} id */
function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no #${id}.`);
  return found;
}
