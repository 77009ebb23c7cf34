// Charts of the last hour (a value a second), day (a minute) and month (a quarter of an hour).

import { el, say, mark } from './dom.js';
import { serviceName } from './format.js';
import { live, valueOf } from './live.js';
import { Chart } from './chart.js';

const SPANS = [
  { key: '1h', label: '1 hour', again: 0 },
  { key: '1d', label: '1 day', again: 60_000 },
  { key: '30d', label: '30 days', again: 900_000 },
];

export function history(rest) {
  let span = SPANS[0];
  let chosen = new Set(rest ? [rest] : ['board', 'net']);
  let groups = []; // {name, title, charts: [{title, unit, lines}]}
  let charts = [];
  let loads = 0;
  let timer = 0;

  const status = el('p', { class: 'quiet', role: 'status' }, 'Loading …');
  const spanButtons = SPANS.map((one) => el('button', { type: 'button', onclick: () => pick(one) }, one.label));
  const chips = el('div', { class: 'chips', role: 'group', 'aria-label': 'What is shown' });
  const field = el('div', { class: 'fields' });
  const node = el(
    'div',
    { class: 'history' },
    el('div', { class: 'head' }, el('h1', {}, 'History'), el('a', { class: 'button', href: '/api/report.csv', download: '' }, 'CSV')),
    el('div', { class: 'bar' }, el('div', { class: 'segments', role: 'group', 'aria-label': 'Span' }, spanButtons), chips),
    status,
    field,
  );

  function pick(one) {
    span = one;
    load();
  }

  async function start() {
    try {
      groups = grouped(await ask('/api/series'));
    } catch (fault) {
      say(status, `No history: ${fault.message}`);
      return;
    }
    chips.replaceChildren(
      ...groups.map((group) =>
        el('button', { type: 'button', 'data-group': group.name, onclick: () => toggle(group.name) }, group.title),
      ),
    );
    build();
  }

  function toggle(name) {
    if (!chosen.delete(name)) chosen.add(name);
    build();
  }

  function build() {
    for (const chart of charts) chart.close();
    charts = [];
    for (const chip of chips.children) mark(chip, 'aria-pressed', String(chosen.has(chip.dataset.group)));
    field.replaceChildren(
      ...groups
        .filter((group) => chosen.has(group.name))
        .map((group) => {
          const made = group.charts.map((one) => new Chart(one));
          charts.push(...made);
          return el('section', { 'aria-label': group.title }, el('h2', {}, group.title), el('div', { class: 'charts' }, made.map((one) => one.node)));
        }),
    );
    load();
  }

  async function load() {
    const mine = ++loads;
    clearTimeout(timer);
    spanButtons.forEach((button, i) => mark(button, 'aria-pressed', String(SPANS[i] === span)));
    if (charts.length === 0) {
      say(status, groups.length === 0 ? 'Nothing is recorded yet.' : 'Choose what to show.');
      return;
    }
    const keys = charts.flatMap((chart) => chart.keys);
    try {
      const answer = await ask(`/api/history?span=${span.key}&series=${keys.map(encodeURIComponent).join(',')}`);
      if (mine !== loads) return;
      for (const chart of charts) chart.data(answer.from, answer.step, chart.keys.map((key) => answer.series[key] ?? []));
      say(status, '');
    } catch (fault) {
      if (mine === loads) say(status, `No history: ${fault.message}`);
    }
    if (span.again > 0 && mine === loads) timer = setTimeout(load, span.again);
  }

  function follow({ detail }) {
    if (span.again > 0) return;
    for (const chart of charts) chart.append(detail.sample.time, chart.keys.map((key) => valueOf(detail.sample, key)));
  }

  live.addEventListener('sample', follow);
  start();
  return {
    node,
    go(where) {
      if (where) {
        chosen = new Set([where]);
        build();
      }
    },
    close() {
      loads++;
      clearTimeout(timer);
      live.removeEventListener('sample', follow);
      for (const chart of charts) chart.close();
    },
  };
}

async function ask(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`the monitor answered ${answer.status}`);
  return answer.json();
}

/** Series by what they are about: the board, the network, each service. */
function grouped(series) {
  const groups = new Map();
  const group = (name, title) => {
    if (!groups.has(name)) groups.set(name, { name, title, charts: [] });
    return groups.get(name).charts;
  };
  for (const { key, label, unit } of series) {
    const head = key.slice(0, key.indexOf('.'));
    if (head === 'board') group('board', 'Board').push({ title: label, unit, lines: [{ key, label }] });
    else if (head === 'net') bothWays(group('net', 'Network'), key, unit);
    else group(head, serviceName(head)).push({ title: label, unit, lines: [{ key, label }] });
  }
  return [...groups.values()];
}

/** What an interface receives and sends is one chart. */
function bothWays(charts, key, unit) {
  const dot = key.lastIndexOf('.');
  const name = key.slice(key.indexOf('.') + 1, dot);
  const way = key.slice(dot + 1);
  let chart = charts.find((one) => one.title === name);
  if (!chart) charts.push((chart = { title: name, unit: unit ?? 'B/s', lines: [] }));
  chart.lines.push({ key, label: way === 'rx' ? 'received' : way === 'tx' ? 'sent' : way });
}
