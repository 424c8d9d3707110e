/**
 * @typedef {object} Passage What passed between this page and the server.
 * @property {Date} at
 * @property {'sent' | 'received' | 'note'} direction
 * @property {string} label
 * @property {unknown} [body]
 */

const SECRET = /token|authorization|password|secret/i;

/** What passed, told to whoever listens for `passage`, without what must not be shown. */
export class Traffic extends EventTarget {
  /**
   * @param {Passage['direction']} direction
   * @param {string} label
   * @param {unknown} [body]
   */
  pass(direction, label, body) {
    /** @type {Passage} */
    const passage = { at: new Date(), direction, label, body: withoutSecrets(body) };
    this.dispatchEvent(new CustomEvent('passage', { detail: passage }));
  }
}

/**
 * The value without what would let a reader act as this person: a screenshot of the log may be shown to anybody.
 *
 * @param {unknown} value
 * @returns {unknown}
 */
function withoutSecrets(value) {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === null || typeof value !== 'object') return value;
  const isAuthentication = 'action' in value && value.action === 'authenticate';
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const isSecret = SECRET.test(key) || (isAuthentication && (key === 'data' || key === 'args'));
      return [key, isSecret ? '•••' : withoutSecrets(inner)];
    }),
  );
}
