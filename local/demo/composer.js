import { element, icon } from './element.js';

/** The longest message the server takes, in characters. */
const LONGEST = 2_000;
const NEARLY = 1_800;
const GROWS_BY_ITSELF = CSS.supports('field-sizing', 'content');

/** Where a message is written: Enter sends it, Shift and Enter begin a line. */
export class Composer {
  root;
  #conversation;
  #text;
  #count = element('span', { class: 'count', 'aria-live': 'polite' });
  #send = element(
    'button',
    { type: 'submit', class: 'send', title: 'Send', 'aria-label': 'Send' },
    icon('send'),
  );

  /**
   * @param {import('./conversation.js').Conversation} conversation
   * @param {string} otherName
   */
  constructor(conversation, otherName) {
    this.#conversation = conversation;
    this.#text = element('textarea', {
      rows: '1',
      placeholder: `Message ${otherName}`,
      'aria-label': `Message ${otherName}`,
      autocomplete: 'off',
      enterkeyhint: 'send',
      dir: 'auto',
    });
    this.root = element('form', { class: 'composer' }, this.#text, this.#count, this.#send);
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener('keydown', (event) => this.#key(event));
    this.#text.addEventListener('input', () => this.#changed());
    this.#text.addEventListener('blur', () => conversation.typingOut.end());
    this.#send.disabled = true;
  }

  #submit() {
    const content = this.#text.value.trim();
    if (this.#send.disabled) return;
    this.#text.value = '';
    this.#conversation.send(content);
    this.#changed();
    this.#text.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // While an input method composes, Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #changed() {
    const length = [...this.#text.value.trim()].length;
    this.#send.disabled = length === 0 || length > LONGEST;
    this.#count.textContent = length > NEARLY ? `${length} of ${LONGEST}` : '';
    this.#count.classList.toggle('too-long', length > LONGEST);
    this.#conversation.typingOut.changed(length === 0);
    this.#grow();
  }

  #grow() {
    if (GROWS_BY_ITSELF) return;
    this.#text.style.height = 'auto';
    const border = this.#text.offsetHeight - this.#text.clientHeight;
    this.#text.style.height = `${this.#text.scrollHeight + border}px`;
  }
}
