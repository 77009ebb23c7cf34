// Bytes of a message, annotated: each field with its place, value, meaning and RFC section. A field
// that is pointed at or focused lights its bytes, and a byte its innermost field.

import { el, mark } from './dom.js';

/** The dump of `hex` with `fields` (`{offset, length, name, value, meaning, rfc}`). */
export function bytesView(hex, fields) {
  const bytes = hex.match(/../g) ?? [];
  const owner = owners(bytes.length, fields);
  const cells = bytes.map((byte, i) => {
    const field = owner[i];
    return el('span', { class: 'byte', 'data-at': i, 'data-band': field < 0 ? null : field % 2, 'data-first': field >= 0 && owner[i - 1] !== field }, byte);
  });
  const letters = bytes.map((byte, i) => el('span', { class: 'letter', 'data-at': i }, letter(byte)));
  const dump = el('div', { class: 'dump' });
  const rows = fields.map((field, i) => fieldRow(field, i));
  const table =
    fields.length > 0 &&
    el(
      'table',
      { class: 'stack fields-table' },
      el('caption', { class: 'unseen' }, 'Fields; arrow keys move between them'),
      el(
        'thead',
        {},
        el('tr', {}, ['Offset', 'Bytes', 'Field', 'Value', 'Meaning', 'Where'].map((text) => el('th', { scope: 'col' }, text))),
      ),
      el('tbody', {}, rows.map((one) => one.node)),
    );
  const node = el('div', { class: 'bytes' }, el('div', { class: 'dump-box', role: 'region', tabindex: 0, 'aria-label': 'Bytes in hexadecimal' }, dump), table);

  let lit = -1;
  function light(field) {
    if (field === lit) return;
    lit = field;
    const { offset = -1, length = 0 } = fields[field] ?? {};
    const end = offset + Math.max(1, length);
    for (const list of [cells, letters]) list.forEach((cell, i) => cell.classList.toggle('lit', i >= offset && i < end));
    rows.forEach((one, i) => one.node.classList.toggle('lit', i === field));
  }

  function focus(field) {
    rows.forEach((one, i) => mark(one.button, 'tabindex', i === field ? 0 : -1));
    rows[field].button.focus();
  }

  function fieldRow(field, i) {
    const button = el('button', { type: 'button', tabindex: i === 0 ? 0 : -1, onfocus: () => light(i) }, field.name);
    button.addEventListener('keydown', (event) => {
      const to = { ArrowDown: i + 1, ArrowUp: i - 1, Home: 0, End: fields.length - 1 }[event.key];
      if (to == null || to < 0 || to >= fields.length) return;
      event.preventDefault();
      focus(to);
    });
    const cell = (label, text, extra) => el('td', { 'data-label': label, 'data-empty': text === '\u2013', class: extra }, text);
    return {
      button,
      node: el(
        'tr',
        { onpointermove: (event) => moved(event) && light(i) },
        cell('Offset', String(field.offset), 'figure-cell'),
        cell('Bytes', field.length > 0 ? String(field.length) : 'bits', 'figure-cell'),
        el('th', { scope: 'row', 'data-label': 'Field' }, button),
        cell('Value', String(field.value ?? ''), 'mono'),
        cell('Meaning', field.meaning || '\u2013'),
        cell('Where', field.rfc?.replaceAll(' section ', ' §') || '\u2013', 'quiet where'),
      ),
    };
  }

  const at = (event) => event.target.dataset?.at;
  dump.addEventListener('pointermove', (event) => {
    if (moved(event) && at(event) != null) light(owner[at(event)]);
  });
  dump.addEventListener('click', (event) => {
    const field = at(event) == null ? -1 : owner[at(event)];
    if (field >= 0) focus(field);
  });

  // Sixteen to a line where they fit, else eight.
  const sized = new ResizeObserver(([entry]) => layOut(entry.contentRect.width < 560 ? 8 : 16));
  let perLine = 0;
  function layOut(many) {
    if (perLine === many) return;
    perLine = many;
    const lines = [];
    for (let start = 0; start < bytes.length; start += many) {
      lines.push(
        el('span', { class: 'offset' }, start.toString(16).padStart(4, '0')),
        el('span', { class: 'line-bytes' }, cells.slice(start, start + many)),
        el('span', { class: 'line-letters' }, letters.slice(start, start + many)),
      );
    }
    dump.replaceChildren(...lines);
  }
  layOut(16);
  sized.observe(node);
  return node;
}

/** Not when the page scrolls under a pointer that rests, as it does while arrow keys are used. */
const moved = (event) => event.movementX !== 0 || event.movementY !== 0;

/** For each byte the index of the shortest field that covers it, or -1. */
function owners(count, fields) {
  const owner = new Array(count).fill(-1);
  fields.forEach((field, i) => {
    for (let at = field.offset; at < Math.min(count, field.offset + field.length); at++) {
      if (owner[at] < 0 || field.length < fields[owner[at]].length) owner[at] = i;
    }
  });
  return owner;
}

function letter(byte) {
  const code = parseInt(byte, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
}
