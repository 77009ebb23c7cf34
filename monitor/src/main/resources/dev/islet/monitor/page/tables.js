// What the services hold now: leases, queries, sessions, calls, routes; filtered by the monitor,
// sorted here.

import { el, say, mark, Keyed } from './dom.js';
import { UNKNOWN, show, duration, moment } from './format.js';

const TABLES = { leases: 'Leases', queries: 'Queries', sessions: 'Sessions', calls: 'Calls', routes: 'Routes' };
const LIMIT = 200;
const AGAIN = 3000;

export function tables(rest, asked) {
  let name = Object.hasOwn(TABLES, rest) ? rest : 'leases';
  let sort = null; // {key, up}
  let timer = 0;
  let loads = 0;
  let columns = [];
  let rows = [];

  const links = Object.entries(TABLES).map(([key, title]) => el('a', { href: `#/tables/${key}`, 'data-table': key }, title));
  const filter = el('input', {
    type: 'search',
    id: 'filter',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'name, address, …',
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(load, 150);
    },
  });
  const follow = el('input', { type: 'checkbox', id: 'follow', checked: true, onchange: load });
  const count = el('p', { class: 'quiet', role: 'status' });
  const head = el('tr', {});
  const body = el('tbody', {});
  const table = el('table', { class: 'stack wide' }, el('caption', { class: 'unseen' }), el('thead', {}, head), body);
  let parts = new Keyed(body, keyOf, row);
  const node = el(
    'div',
    { class: 'tables' },
    el('div', { class: 'head' }, el('h1', {}, 'Tables')),
    el(
      'div',
      { class: 'bar' },
      el('nav', { class: 'segments', 'aria-label': 'Tables' }, links),
      el('span', { class: 'field' }, el('label', { for: 'filter' }, 'Filter'), filter),
      el('span', { class: 'field' }, follow, el('label', { for: 'follow' }, 'Keep up to date')),
    ),
    count,
    el('div', { class: 'card flush scroll-x', tabindex: 0, role: 'region', 'aria-label': 'Table' }, table),
  );
  filter.value = asked.get('q') ?? '';

  function open() {
    for (const link of links) mark(link, 'aria-current', link.dataset.table === name ? 'true' : null);
    say(table.caption, TABLES[name]);
    columns = [];
    rows = [];
    sort = null;
    head.replaceChildren();
    body.replaceChildren();
    parts = new Keyed(body, keyOf, row);
    say(count, 'Loading …');
    load();
  }

  async function load() {
    const mine = ++loads;
    clearTimeout(timer);
    try {
      const answer = await fetch(`/api/table/${name}?limit=${LIMIT}&q=${encodeURIComponent(filter.value.trim())}`);
      if (!answer.ok) throw new Error(`the monitor answered ${answer.status}`);
      const said = await answer.json();
      if (mine !== loads) return;
      heads(said.columns);
      rows = said.rows.map((one, i) => ({ ...one, '': i }));
      say(count, summary(said));
      draw();
    } catch (fault) {
      if (mine === loads) say(count, `Not shown: ${fault.message}`);
    }
    if (mine === loads && follow.checked) timer = setTimeout(load, AGAIN);
  }

  function summary({ total, why }) {
    if (why) return `${UNKNOWN}: ${why}`;
    const what = TABLES[name].toLowerCase();
    if (rows.length === 0) return filter.value.trim() ? `No ${what} match.` : `No ${what}.`;
    return rows.length < total ? `${rows.length} of ${total} ${what}; filter to see others` : `${total} ${what}`;
  }

  function heads(now) {
    if (JSON.stringify(now) === JSON.stringify(columns)) return;
    columns = now;
    parts = new Keyed(body, keyOf, row);
    body.replaceChildren();
    head.replaceChildren(
      ...columns.map((column) =>
        el('th', { scope: 'col', 'data-key': column.key, class: numeric(column) && 'figure-cell' }, el('button', { type: 'button', onclick: () => by(column.key) }, column.label)),
      ),
      ...(joins() ? [el('th', { scope: 'col' }, 'Look')] : []),
    );
    draw();
  }

  /** A row that names a client leads to the picture of its exchanges. */
  function joins() {
    return columns.some((column) => column.key === 'address' || column.key === 'client') && (name === 'leases' || name === 'queries');
  }

  function by(key) {
    sort = sort?.key === key ? (sort.up ? { key, up: false } : null) : { key, up: true };
    draw();
  }

  function draw() {
    for (const cell of head.children) {
      if (cell.dataset.key) mark(cell, 'aria-sort', sort?.key === cell.dataset.key ? (sort.up ? 'ascending' : 'descending') : 'none');
    }
    const list = sort ? rows.toSorted((a, b) => compare(a[sort.key], b[sort.key]) * (sort.up ? 1 : -1)) : rows;
    parts.update(list.map((one, place) => ({ ...one, '': place })));
  }

  function keyOf(one) {
    return one[''];
  }

  function row() {
    const cells = columns.map((column, i) =>
      el(i === 0 ? 'th' : 'td', { scope: i === 0 && 'row', 'data-label': column.label, class: numeric(column) ? 'figure-cell' : MONO.has(column.key) && 'mono' }),
    );
    const link = joins() && el('a', {}, 'Ladder');
    return {
      node: el('tr', {}, cells, link && el('td', { 'data-label': 'Look' }, link)),
      update(now) {
        cells.forEach((cell, i) => {
          const text = cellText(now[columns[i].key], columns[i].kind);
          say(cell, text);
          cell.classList.toggle('unknown', text === UNKNOWN);
          cell.classList.toggle('long', text.length > 28);
        });
        if (link) {
          const client = String(now.mac ?? now.client ?? now.address ?? '');
          mark(link, 'href', `#/ladder/${encodeURIComponent(client)}`);
          mark(link, 'aria-label', `Ladder of ${now.name && name === 'leases' ? now.name : client}`);
        }
      },
    };
  }

  open();
  return {
    node,
    go(where, query) {
      if (query.has('q')) filter.value = query.get('q');
      const next = Object.hasOwn(TABLES, where) ? where : 'leases';
      if (next === name) load();
      else {
        name = next;
        open();
      }
    },
    close() {
      loads++;
      clearTimeout(timer);
    },
  };
}

const MONO = new Set(['address', 'mac', 'client', 'prefix', 'via', 'peer', 'server', 'name', 'source', 'destination']);

const numeric = (column) => column.kind === 'number' || column.kind === 'duration';

function cellText(value, kind) {
  if (value == null) return UNKNOWN;
  if (kind === 'time') return moment(value);
  if (kind === 'duration') return duration(value * 1000);
  if (kind === 'number' && typeof value === 'number') return show(value, '');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Numbers by size, addresses and names by their numbers; unknown last. */
function compare(a, b) {
  if (a == null || b == null) return (a == null) - (b == null);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}
