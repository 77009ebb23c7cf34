// The exchanges of one client across all services in one picture, top to bottom in time.

import { el, svg, say, mark } from './dom.js';
import { exact, duration, fit, serviceName } from './format.js';
import { records, sentence, STATES } from './records.js';
import { Clients, way } from './clients.js';
import { detailPane } from './detail.js';
import { saveButton } from './picture.js';

const ROWS = 60;
const ROW = 36;
const HEAD = 44;
const TIME = 82; // the column of times
const ORDER = ['dhcp', 'dns', 'web', 'ftp', 'voip', 'router'];
const NEAR = 5000; // ms within which an upstream exchange belongs to the question before it

export function ladder(rest) {
  const clients = new Clients();
  let wanted = rest || 'all';
  let chosen = null;
  let paused = false;
  let rows = [];
  let width = 0;
  let timer = 0;

  const select = el('select', { id: 'client', onchange: () => (location.hash = select.value === 'all' ? '#/ladder' : `#/ladder/${encodeURIComponent(select.value)}`) });
  const pause = el('button', { type: 'button', 'aria-pressed': 'false', onclick: flip }, 'Pause');
  const clear = el('button', { type: 'button', onclick: () => (choose(null), records.clear()) }, 'Clear');
  const status = el('p', { class: 'quiet', role: 'status' });
  const drawing = svg('svg', { class: 'ladder-drawing', role: 'group', 'aria-label': 'Exchanges, oldest first' });
  const empty = el('p', { class: 'quiet empty' }, 'Nothing yet. What clients ask from now on appears here: join the network, look a name up, open a page.');
  const frame = el('div', { class: 'card ladder-box' }, empty, drawing);
  const tableBody = el('tbody', {});
  const table = el(
    'details',
    { ontoggle: fillTable },
    el('summary', {}, 'As a table'),
    el(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Exchanges as a table' },
      el('table', {}, el('thead', {}, el('tr', {}, ['Time', 'From', 'To', 'What'].map((text) => el('th', { scope: 'col' }, text)))), tableBody),
    ),
  );
  const detail = detailPane();
  const node = el(
    'div',
    { class: 'ladder' },
    el('div', { class: 'head' }, el('h1', {}, 'Ladder')),
    el('div', { class: 'bar' }, el('span', { class: 'field' }, el('label', { for: 'client' }, 'Client'), select), pause, clear, saveButton(drawing, 'ladder')),
    status,
    el('div', { class: 'panes' }, el('div', { class: 'stack-box' }, frame, table), detail.node),
  );

  /** The records of the wanted client, each with its two ends. */
  function gather() {
    const asked = new Map(); // name asked for to when: what is done upstream for it belongs here too
    const seen = new Set();
    const mine = [];
    for (const record of records.list) {
      clients.learn(record);
      const ends = way(record);
      const key = clients.key(ends.id);
      if (key != null && (ends.way === 'in' || ends.way === 'out' || ends.way === 'note')) seen.add(key);
      const name = record.fields?.name;
      const near = name != null && key == null && record.time - (asked.get(name) ?? -Infinity) < NEAR;
      if (wanted !== 'all' && key !== clients.key(wanted) && !near) continue;
      if (name != null && ends.way === 'in') asked.set(name, record.time);
      mine.push({ record, ...ends, key });
    }
    // Each service's records come in order, those of several nearly so.
    rows = mine.sort((a, b) => a.record.time - b.record.time).slice(-ROWS);
    options(seen);
    return mine.length;
  }

  function options(seen) {
    const now = wanted === 'all' ? 'all' : clients.key(wanted);
    if (now !== 'all') seen.add(now);
    const keys = ['all', ...[...seen].sort()];
    const labels = keys.map((key) => (key === 'all' ? 'All clients' : clients.label(key)));
    if (labels.join('\n') !== [...select.options].map((one) => one.text).join('\n')) {
      select.replaceChildren(...keys.map((key, i) => el('option', { value: key }, labels[i])));
    }
    select.value = now;
  }

  function draw(force) {
    if (!paused || force) {
      const all = gather();
      render();
      fillTable();
      say(status, `${paused ? 'paused' : STATES[records.state]} · ${rows.length < all ? `the last ${rows.length} of ${all}` : all} ${all === 1 ? 'record' : 'records'}`);
    } else say(status, 'paused');
  }

  function lifelines() {
    const services = [...new Set(rows.map((one) => one.record.service))].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
    const names = [wanted === 'all' ? 'clients' : clients.short(clients.key(wanted)), ...services.map(serviceName)];
    const upstream = rows.some((one) => one.way === 'up' || one.way === 'back');
    if (upstream) names.push('upstream');
    return { services, names };
  }

  function render() {
    empty.hidden = rows.length > 0;
    drawing.toggleAttribute('hidden', rows.length === 0);
    if (rows.length === 0 || width < 100) return;
    const { services, names } = lifelines();
    const times = width < 560 ? 0 : TIME;
    const gap = (width - times) / names.length;
    const place = (i) => times + gap * (i + 0.5);
    const parts = [];
    let y = HEAD;
    let last = null;
    const items = [];
    for (const one of rows) {
      const { record } = one;
      if (last != null && record.time - last > 1000) {
        items.push(svg('text', { class: 'gap', x: times > 0 ? times + 4 : 4, y: y + 16 }, `${duration(record.time - last)} later`));
        y += 24;
      }
      last = record.time;
      items.push(rung(one, services, place, names.length, y, times));
      y += ROW + (times > 0 ? 0 : 4);
    }
    names.forEach((name, i) => {
      const x = place(i);
      parts.push(svg('path', { class: 'life', d: `M${x} ${HEAD - 10}V${y + 6}` }));
      parts.push(svg('text', { class: 'life-name', x, y: 20, 'text-anchor': 'middle' }, fit(name, gap - 8, 7.4), svg('title', {}, name)));
    });
    mark(drawing, 'viewBox', `0 0 ${width} ${y + 10}`);
    mark(drawing, 'width', width);
    mark(drawing, 'height', y + 10);
    const focused = drawing.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    drawing.replaceChildren(...parts, ...items);
    rove();
    if (focused) drawing.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
  }

  function rung(one, services, place, count, y, times) {
    const { record } = one;
    const at = place(1 + services.indexOf(record.service));
    const far = one.way === 'up' || one.way === 'back' ? place(count - 1) : place(0);
    const inward = one.way === 'in' || one.way === 'back';
    const [from, to] = inward ? [far, at] : [at, far];
    const arrow = y + 24;
    const start = one.way === 'note' ? Math.max(times + 4, Math.min(at + 10, width - 160)) : Math.max(Math.min(from, to) + 8, times + 4);
    const who = wanted === 'all' && one.way === 'in' && one.key ? clients.short(one.key) + ' ' : '';
    const when = exact(record.time);
    const tip = to > from ? -7 : 7;
    const group = svg(
      'g',
      {
        class: 'rung',
        role: 'button',
        tabindex: -1,
        'data-id': record.id,
        'data-way': one.way,
        'aria-pressed': String(record === chosen),
        'aria-label': `${times > 0 ? when : ''} ${who}${record.kind} ${sentence(record)}, ${ends(one).join(' to ')}`,
        onclick: () => choose(record),
        onkeydown: keys,
      },
      svg('rect', { class: 'ground', x: 0, y: y + 1, width, height: ROW - 2, rx: 4 }),
      times > 0 && [svg('text', { class: 'when', x: 2, y: y + 15 }, when), ' '],
      // An inner svg cuts what is too long for the line.
      svg('svg', { x: start, y, width: Math.max(1, width - start - 4), height: 20 }, svg('text', { y: 15 }, svg('tspan', { class: 'kind' }, who + record.kind), ' ', svg('tspan', { dx: 3 }, sentence(record)))),
      one.way === 'note'
        ? svg('circle', { class: 'spot', cx: at, cy: y + 16, r: 4.5 })
        : [svg('path', { class: 'shaft', d: `M${from} ${arrow}H${to}` }), svg('path', { class: 'tip', d: `M${to} ${arrow}l${tip} -4v8z` }), svg('circle', { class: 'from', cx: from, cy: arrow, r: 2.5 })],
    );
    return group;
  }

  function ends({ way: direction, record, key, other }) {
    const service = serviceName(record.service);
    const client = key == null ? 'client' : clients.short(key);
    return { in: [client, service], out: [service, client], up: [service, other], back: [other, service], note: [service] }[direction];
  }

  function keys(event) {
    const rungs = [...drawing.querySelectorAll('.rung')];
    const at = rungs.indexOf(event.currentTarget);
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      choose(rows[at].record);
      return;
    }
    const to = { ArrowDown: rungs[at + 1], ArrowUp: rungs[at - 1], Home: rungs[0], End: rungs.at(-1) }[event.key];
    if (!to) return;
    event.preventDefault();
    for (const rung of rungs) mark(rung, 'tabindex', rung === to ? 0 : -1);
    to.focus();
  }

  function rove() {
    const rungs = [...drawing.querySelectorAll('.rung')];
    const now = rungs.find((one) => one.getAttribute('aria-pressed') === 'true') ?? rungs[0];
    if (now) mark(now, 'tabindex', 0);
  }

  function choose(record) {
    chosen = record;
    for (const rung of drawing.querySelectorAll('.rung')) {
      mark(rung, 'aria-pressed', String(rung.dataset.id === String(record?.id)));
    }
    detail.show(record);
  }

  function fillTable() {
    if (!table.open) return;
    tableBody.replaceChildren(
      ...rows.map((one) => {
        const [from, to] = ends(one);
        const what = `${one.record.kind}: ${sentence(one.record)}`;
        return el('tr', {}, el('td', {}, exact(one.record.time)), el('td', {}, from), el('td', {}, to ?? '\u2013'), el('td', {}, what));
      }),
    );
  }

  function flip() {
    paused = !paused;
    mark(pause, 'aria-pressed', String(paused));
    draw(!paused);
  }

  async function learnLeases() {
    clearTimeout(timer);
    try {
      const answer = await fetch('/api/table/leases?q=&limit=1000');
      if (answer.ok) clients.leases((await answer.json()).rows);
    } catch {
      // without the leases a client's MAC and address stand apart until its next grant
    }
    draw();
    timer = setTimeout(learnLeases, 10_000);
  }

  const sized = new ResizeObserver(([entry]) => {
    width = Math.floor(entry.contentRect.width);
    render();
  });
  sized.observe(frame);
  const changed = () => draw();
  records.addEventListener('change', changed);
  records.addEventListener('state', changed);
  const end = records.follow('all');
  learnLeases();
  return {
    node,
    go(where) {
      wanted = where || 'all';
      draw(true);
    },
    close() {
      end();
      clearTimeout(timer);
      timer = -1;
      sized.disconnect();
      records.removeEventListener('change', changed);
      records.removeEventListener('state', changed);
    },
  };
}
