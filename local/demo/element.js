/**
 * Builds an element. Text and attributes are set as such: nothing a person wrote ever becomes markup.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Readonly<Record<string, string>>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, ...children) {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value);
  created.append(...children);
  return created;
}

const SVG = 'http://www.w3.org/2000/svg';

const OUTLINES = {
  sending: 'M8 4.5v3.7l2.4 1.5M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z',
  sent: 'M3 8.5l3.3 3.3L13 5',
  read: 'M1 8.5l3 3L10.5 5M7 10.5l1 1L14.5 5',
  failed: 'M8 4.5v4.2M8 11.3v.2M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z',
  send: 'M8 13V3M3.5 7.5L8 3l4.5 4.5',
  down: 'M8 3v10M3.5 8.5L8 13l4.5-4.5',
};

/**
 * A line icon, for the eye alone.
 *
 * @param {keyof typeof OUTLINES} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', OUTLINES[name]);
  svg.append(path);
  return svg;
}
