// Saves a drawing as an SVG file that looks the same without the page's style sheets.

import { el, svg } from './dom.js';

const KEPT = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-opacity', 'stroke-linecap', 'stroke-linejoin', 'paint-order', 'font-family', 'font-size', 'font-weight', 'font-style', 'text-anchor', 'opacity'];

/** A button that saves `drawing` under this name. */
export function saveButton(drawing, name) {
  return el('button', { type: 'button', onclick: () => save(drawing, name) }, 'Save picture');
}

function save(drawing, name) {
  const copy = drawing.cloneNode(true);
  const from = drawing.querySelectorAll('*');
  copy.querySelectorAll('*').forEach((node, i) => {
    const style = getComputedStyle(from[i]);
    for (const key of KEPT) node.setAttribute(key, style.getPropertyValue(key));
    for (const key of ['class', 'tabindex', 'role', 'href']) node.removeAttribute(key);
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const ground = getComputedStyle(drawing.closest('.card')).backgroundColor;
  copy.prepend(svg('rect', { width: '100%', height: '100%', fill: ground }));
  const file = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }));
  el('a', { href: file, download: `${name}.svg` }).click();
  setTimeout(() => URL.revokeObjectURL(file), 10_000);
}
