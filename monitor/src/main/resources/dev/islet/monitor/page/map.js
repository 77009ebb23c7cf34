// The running configuration as a picture: who is outside, which interfaces the board has, which
// service listens where. Wide screens get three columns; narrow ones one, with the links as arcs.

import { el, svg, say, mark, stateShape } from './dom.js';
import { fit, serviceName } from './format.js';
import { live } from './live.js';
import { saveButton } from './picture.js';

const AGAIN = 5000;
const NARROW = 680;
const NODE = 50;
const GAP = 14;
const MANY = 12; // clients drawn; the others are counted
const OUTSIDE = ['internet', 'neighbor', 'client'];
const GLYPHS = {
  internet: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 1 0 0-13M1.5 8h13M8 1.5q-4 6.5 0 13q4-6.5 0-13',
  neighbor: 'M2 5.5h12v5H2zM4.5 8h.1M7 8h.1M8 5.5V2M5.800 3.5L8 1.5l2.200 2',
  client: 'M3 3h10v7H3zM1.5 12.5h13',
  interface: 'M2.5 3h11v10h-11zM5.5 13v-3h5v3M6.5 5.5v2M9.5 5.5v2',
};
export function map() {
  let picture = { nodes: [], links: [] };
  let known = '';
  let width = 0;
  let timer = 0;
  let open = true;

  const status = el('p', { class: 'quiet', role: 'status' }, 'Loading …');
  const drawing = svg('svg', { class: 'map-drawing', role: 'group', 'aria-label': 'Map of the running configuration' });
  const frame = el('div', { class: 'card map-box' }, drawing);
  const body = el('tbody', {});
  const table = el(
    'details',
    {},
    el('summary', {}, 'As a table'),
    el(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Map as a table' },
      el('table', {}, el('thead', {}, el('tr', {}, ['What', 'Kind', 'Address', 'State', 'Linked to'].map((text) => el('th', { scope: 'col' }, text)))), body),
    ),
  );
  const node = el('div', { class: 'map' }, el('div', { class: 'head' }, el('h1', {}, 'Map'), status, saveButton(drawing, 'map')), frame, table);

  async function load() {
    try {
      const answer = await fetch('/api/map');
      if (!answer.ok) throw new Error(`the monitor answered ${answer.status}`);
      const text = await answer.text();
      if (!open) return;
      if (text !== known) {
        known = text;
        picture = JSON.parse(text);
        for (const one of picture.nodes) if (one.kind === 'service') one.label = serviceName(one.id);
        draw();
      }
      say(status, counted(picture.nodes));
    } catch (fault) {
      if (open) say(status, `Not shown: ${fault.message}`);
    }
    if (open) timer = setTimeout(load, AGAIN);
  }

  function draw() {
    if (width < 100) return;
    const { nodes, hidden } = shown(picture.nodes);
    const ids = new Set(nodes.map((one) => one.id));
    const links = merged(picture.links).filter((one) => ids.has(one.from) && ids.has(one.to));
    const placed = width < NARROW ? column(nodes, width) : columns(nodes, links, width);
    const paths = links.map((link) => edge(link, placed, links));
    mark(drawing, 'width', width);
    mark(drawing, 'height', placed.height);
    mark(drawing, 'viewBox', `0 0 ${width} ${placed.height}`);
    drawing.replaceChildren(...placed.frames, ...paths, ...nodes.map((one) => box(one, placed.places.get(one.id))));
    if (hidden > 0) {
      const last = placed.places.get(nodes.findLast((one) => one.kind === 'client').id);
      drawing.append(
        svg('a', { href: '#/tables/leases', 'aria-label': `and ${hidden} more clients` }, svg('text', { class: 'more', x: last.x + 4, y: last.y + NODE + 18 }, `and ${hidden} more clients`)),
      );
    }
    fillTable();
    states();
  }

  function box(one, { x, y, width: wide }) {
    const room = wide - 44;
    const service = one.kind === 'service';
    const glyph = svg('g', { class: 'glyph', transform: `translate(${x + 10} ${y + NODE / 2 - 9}) scale(1.125)` }, svg('path', { d: GLYPHS[one.kind] ?? GLYPHS.interface }));
    const word = service && svg('text', { class: 'state-word', x: x + wide - 10, y: y + 20, 'text-anchor': 'end' });
    const detail = one.detail ?? '';
    const words = svg('svg', { x: x + 36, y, width: Math.max(1, room - (service ? 8 : 0)), height: NODE }, svg('text', { class: 'label', y: 21 }, one.label), ' ', svg('text', { class: 'detail', y: 38 }, detail));
    const item = svg(
      'a',
      {
        class: `node ${one.kind}`,
        href: target(one),
        'data-id': one.id,
        'aria-label': `${one.label} ${detail}, ${KINDS[one.kind] ?? one.kind}`,
        onfocus: () => light(one.id),
        onblur: () => light(null),
        onpointerenter: () => light(one.id),
        onpointerleave: () => light(null),
      },
      svg('rect', { x, y, width: wide, height: NODE, rx: 8 }),
      glyph,
      words, // an inner svg cuts what is too long for the box
      ' ',
      word,
    );
    return item;
  }

  /** States come with every second, the picture itself changes seldom. */
  function states() {
    const services = new Map((live.sample?.services ?? []).map((one) => [one.name, one.state]));
    for (const item of drawing.querySelectorAll('.node')) {
      const one = picture.nodes.find((candidate) => candidate.id === item.dataset.id);
      if (one?.kind !== 'service') {
        if (one?.state === 'down') mark(item, 'data-state', 'down');
        continue;
      }
      const state = services.get(one.id) ?? one.state ?? 'unknown';
      if (item.dataset.state === state) continue;
      item.dataset.state = state;
      say(item.querySelector('.state-word'), state);
      mark(item, 'aria-label', `${one.label} ${one.detail ?? ''} ${state}, service`);
      item.querySelector('.glyph').replaceChildren(...stateShape(state));
    }
  }

  function light(id) {
    drawing.classList.toggle('dim', id != null);
    const near = new Set([id]);
    for (const line of drawing.querySelectorAll('.edge')) {
      const on = line.dataset.from === id || line.dataset.to === id;
      line.classList.toggle('lit', on);
      if (on) near.add(line.dataset.from).add(line.dataset.to);
    }
    for (const item of drawing.querySelectorAll('.node')) item.classList.toggle('lit', near.has(item.dataset.id));
  }

  function fillTable() {
    const names = new Map(picture.nodes.map((one) => [one.id, one.label]));
    body.replaceChildren(
      ...picture.nodes.map((one) => {
        const linked = merged(picture.links)
          .filter((link) => link.from === one.id || link.to === one.id)
          .map((link) => `${names.get(link.from === one.id ? link.to : link.from) ?? '?'}${link.label ? ` (${link.label})` : ''}`);
        return el(
          'tr',
          {},
          el('th', { scope: 'row' }, one.label),
          [KINDS[one.kind] ?? one.kind, one.detail ?? '\u2013', one.state ?? '\u2013', linked.join(', ') || '\u2013'].map((text) => el('td', {}, text)),
        );
      }),
    );
  }

  const sized = new ResizeObserver(([entry]) => {
    width = Math.floor(entry.contentRect.width);
    draw();
  });
  sized.observe(frame);
  live.addEventListener('sample', states);
  load();
  return {
    node,
    close() {
      open = false;
      clearTimeout(timer);
      sized.disconnect();
      live.removeEventListener('sample', states);
    },
  };
}

const KINDS = { internet: 'network', neighbor: 'neighbour', client: 'client', interface: 'interface', service: 'service', board: 'board' };

function target({ id, kind, label, detail }) {
  switch (kind) {
    case 'service':
      return `#/trace/${encodeURIComponent(id)}`;
    case 'client':
      return `#/ladder/${encodeURIComponent((detail || label).split(/[ ,]/)[0])}`;
    case 'interface':
      return '#/history/net';
    default:
      return '#/tables/routes';
  }
}

function counted(nodes) {
  const of = (kind, one, many) => {
    const count = nodes.filter((node) => node.kind === kind).length;
    return count > 0 && `${count} ${count === 1 ? one : many}`;
  };
  return [of('service', 'service', 'services'), of('interface', 'interface', 'interfaces'), of('neighbor', 'neighbour', 'neighbours'), of('client', 'client', 'clients')]
    .filter(Boolean)
    .join(' · ');
}

function shown(all) {
  const clients = all.filter((one) => one.kind === 'client');
  const kept = new Set(clients.slice(0, MANY));
  const nodes = all.filter((one) => one.kind !== 'board' && (one.kind !== 'client' || kept.has(one)));
  const board = all.find((one) => one.kind === 'board');
  return { nodes: Object.assign(nodes, { board }), hidden: clients.length - kept.size };
}

/** Several links between the same two are one line with all their labels. */
function merged(links) {
  const pairs = new Map();
  for (const { from, to, label } of links) {
    const key = JSON.stringify([from, to]);
    const pair = pairs.get(key) ?? { from, to, labels: [] };
    if (label && !pair.labels.includes(label)) pair.labels.push(label);
    pairs.set(key, pair);
  }
  return [...pairs.values()].map(({ from, to, labels }) => ({ from, to, label: labels.join(', ') }));
}

/** Outside, interfaces, services: from left to right; the board is the frame around the last two. */
function columns(nodes, links, width) {
  const outside = OUTSIDE.flatMap((kind) => nodes.filter((one) => one.kind === kind));
  const interfaces = nodes.filter((one) => one.kind === 'interface');
  const services = nodes.filter((one) => one.kind === 'service');
  const sizes = [Math.min(240, width * 0.25), Math.min(220, width * 0.24), Math.min(290, width * 0.29)];
  const free = (width - sizes[0] - sizes[1] - sizes[2] - 40) / 2;
  const lefts = [4, outside.length > 0 ? 4 + sizes[0] + free : 24, width - 36 - sizes[2]];
  const top = 56;
  const tallest = Math.max(outside.length, interfaces.length, services.length, 1);
  const height = top + tallest * (NODE + GAP) + 26;
  const places = new Map();
  [outside, interfaces, services].forEach((list, i) => {
    const spare = (tallest - list.length) * (NODE + GAP);
    list.forEach((one, k) => places.set(one.id, { x: lefts[i], y: top + k * (NODE + GAP) + (list.length < tallest ? (spare * (k + 1)) / (list.length + 1) : 0), width: sizes[i], column: i }));
  });
  const frames = [
    svg('rect', { class: 'board-frame', x: lefts[1] - 20, y: 6, width: width - lefts[1] + 18, height: height - 12, rx: 12 }),
    svg('text', { class: 'board-name', x: lefts[1] - 6, y: 28 }, fit([nodes.board?.label ?? 'This board', nodes.board?.detail].filter(Boolean).join(' · '), width - lefts[1] - 20, 7.2)),
    outside.length > 0 && svg('text', { class: 'board-name', x: lefts[0], y: 28 }, 'Outside'),
    svg('text', { class: 'column-name', x: lefts[1], y: 48 }, 'Interfaces'),
    svg('text', { class: 'column-name', x: lefts[2], y: 48 }, 'Services'),
  ].filter(Boolean);
  return { places, frames, height, wide: true };
}

function column(nodes, width) {
  const left = 58;
  const places = new Map();
  const frames = [];
  let y = 4;
  const group = (title, list) => {
    if (list.length === 0) return;
    frames.push(svg('text', { class: 'column-name', x: left, y: y + 14 }, title));
    y += 22;
    for (const one of list) {
      places.set(one.id, { x: left, y, width: width - left - 2, column: 0 });
      y += NODE + 8;
    }
    y += 6;
  };
  group('Outside', nodes.filter((one) => one.kind === 'internet' || one.kind === 'neighbor'));
  group(nodes.board ? `Interfaces of ${fit(nodes.board.label, width - left - 100, 7)}` : 'Interfaces', nodes.filter((one) => one.kind === 'interface'));
  group('Services', nodes.filter((one) => one.kind === 'service'));
  group('Clients', nodes.filter((one) => one.kind === 'client'));
  return { places, frames, height: y + 22, wide: false };
}

function edge(link, { places, wide }, links) {
  const a = places.get(link.from);
  const b = places.get(link.to);
  const props = { class: 'edge', 'data-from': link.from, 'data-to': link.to };
  if (!wide) {
    const from = port(a, link, links, places);
    const to = port(b, link, links, places);
    const reach = 14 + Math.min(40, Math.abs(to - from) / 14);
    return svg('g', props, svg('path', { d: `M${a.x} ${from}C${a.x - reach} ${from} ${b.x - reach} ${to} ${b.x} ${to}` }));
  }
  if (a.column === b.column) {
    const x = a.x + a.width;
    const from = a.y + NODE / 2 + 6;
    const to = b.y + NODE / 2 - 6;
    return svg('g', props, svg('path', { d: `M${x} ${from}C${x + 26} ${from} ${x + 26} ${to} ${x} ${to}` }));
  }
  const [left, right] = a.column < b.column ? [a, b] : [b, a];
  const start = left.x + left.width;
  const from = port(left, link, links, places);
  const to = port(right, link, links, places);
  const bend = (right.x - start) * 0.45;
  const room = right.x - start - 30;
  const label = right.column === 2 && link.label && room > 60;
  return svg(
    'g',
    props,
    svg('path', { d: `M${start} ${from}C${start + bend} ${from} ${right.x - bend} ${to} ${right.x} ${to}` }),
    label && svg('text', { class: 'edge-label', x: right.x - 7, y: from < to ? to + 12 : to - 5, 'text-anchor': 'end' }, fit(link.label, room, 6)),
  );
}

/** Left of a box, right of it, or in the same column. */
const side = (other, place) => Math.sign(other.column - place.column);

/** Where a link meets the side of a box: the links of a side are spread over it. */
function port(place, link, links, places) {
  const id = [...places].find(([, one]) => one === place)[0];
  const other = (one) => places.get(one.from === id ? one.to : one.from);
  const mine = links
    .filter((one) => one.from === id || one.to === id)
    .filter((one) => side(other(one), place) === side(other(link), place))
    .sort((a, b) => other(a).y - other(b).y);
  return place.y + 8 + ((NODE - 16) * (mine.indexOf(link) + 1)) / (mine.length + 1);
}
