// Elements made in code. Text goes in as text nodes only: nothing that came from the network
// (names, hosts, paths) can become markup.

const SVG = 'http://www.w3.org/2000/svg';

/** An HTML element. Properties that begin with "on" are listeners, the rest attributes. */
export function el(name, properties, ...children) {
  return fill(document.createElement(name), properties, children);
}

/** An SVG element. */
export function svg(name, properties, ...children) {
  return fill(document.createElementNS(SVG, name), properties, children);
}

function fill(node, properties, children) {
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value == null || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? '' : value);
  }
  append(node, children);
  return node;
}

function append(node, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(node, child);
    else if (child != null && child !== false) node.append(child);
  }
}

/** Sets an element's text; leaves the document alone if it is that already. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets or removes an attribute; leaves the document alone if it is that already. */
export function mark(node, name, value) {
  if (value == null || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/**
 * Children that follow a list of items. Each item's element is made once, found again by its key
 * and updated in place, so that focus, selection and open details stay.
 */
export class Keyed {
  #parts = new Map();
  #parent;
  #keyOf;
  #make;

  /** `make(item)` gives `{node, update(item)}`. */
  constructor(parent, keyOf, make) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#make = make;
  }

  update(items, ...more) {
    const seen = new Set();
    let place = this.#parent.firstChild;
    for (const item of items) {
      const key = this.#keyOf(item);
      if (seen.has(key)) continue;
      seen.add(key);
      let part = this.#parts.get(key);
      if (!part) this.#parts.set(key, (part = this.#make(item)));
      if (part.node === place) place = place.nextSibling;
      else this.#parent.insertBefore(part.node, place);
      part.update(item, ...more);
    }
    for (const [key, part] of this.#parts) {
      if (!seen.has(key)) {
        part.node.remove();
        this.#parts.delete(key);
      }
    }
  }
}

const SHAPES = {
  up: 'M4.5 8.3l2.400 2.400 4.600-5',
  starting: 'M8 4.5V8l2.5 1.5',
  down: 'M5.400 5.400l5.200 5.200M10.600 5.400l-5.200 5.200',
  hung: 'M6.200 5.200v5.600M9.800 5.200v5.600',
  lying: 'M8 4.300v4.200M8 11v.4',
  unknown: 'M6.300 6.400a1.800 1.800 0 1 1 2.600 1.600q-.9.5-.9 1.300M8 11.300v.2',
};

/** The shape that stands for a state, in a box of 16 by 16. */
export function stateShape(state) {
  return [svg('circle', { cx: 8, cy: 8, r: 7 }), svg('path', { d: SHAPES[state] ?? SHAPES.unknown })];
}

/** A state as a shape, to stand beside its word; colour only repeats what these say. */
export function stateIcon(state) {
  return svg('svg', { class: 'state-icon', 'data-state': state, viewBox: '0 0 16 16', 'aria-hidden': 'true' }, stateShape(state));
}
