// The board, the interfaces, the services and what is wrong with them, as of this second.

import { el, say, mark, Keyed, stateIcon } from './dom.js';
import { UNKNOWN, show, quantity, duration, moment, serviceName } from './format.js';
import { live, valueOf } from './live.js';
import { sparkline } from './spark.js';

const ABOUT = {
  dns: 'names',
  dhcp: 'addresses',
  ftp: 'files',
  web: 'sites',
  voip: 'telephony',
  router: 'routes',
  monitor: 'this page',
};

export function overview() {
  const host = el('p', { class: 'facts' });
  const alerts = alertList();
  const board = boardTiles();
  const services = el('ul', { class: 'cards' });
  const cards = new Keyed(services, (one) => one.name, serviceCard);
  const interfaces = interfaceTable();
  const title = el('h1', {}, 'Overview');
  const node = el(
    'div',
    { class: 'overview' },
    el('div', { class: 'head' }, title, host),
    alerts.node,
    section('Board', board.node),
    section('Services', services),
    section('Interfaces', interfaces.node),
  );

  function update() {
    const sample = live.sample;
    if (!sample) return;
    say(title, sample.host?.name ?? 'Overview');
    say(host, facts(sample));
    alerts.update(sample.alerts ?? []);
    board.update(sample);
    cards.update(sample.services ?? []);
    interfaces.update(sample.interfaces ?? []);
  }

  live.addEventListener('sample', update);
  update();
  return { node, close: () => live.removeEventListener('sample', update) };
}

function section(title, ...children) {
  const id = 'part-' + title.toLowerCase();
  return el('section', { 'aria-labelledby': id }, el('h2', { id }, title), children);
}

function facts({ host, monitor }) {
  return [
    host?.model ?? 'board model ' + UNKNOWN,
    host?.kernel && 'Linux ' + host.kernel,
    host?.java && 'Java ' + host.java,
    'up ' + duration(host?.uptime == null ? null : host.uptime * 1000),
    `monitor ${show(monitor?.cpu, '%')} CPU, ${show(monitor?.rss, 'B')}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

function alertList() {
  const list = el('ul', { class: 'alerts' });
  const none = el('p', { class: 'no-alerts' }, stateIcon('up'), 'No alerts');
  const items = new Keyed(
    list,
    (alert) => alert.rule + alert.since,
    (alert) => {
      const text = el('span', { class: 'alert-text' });
      const since = el('span', { class: 'quiet' });
      const node = el(
        'li',
        { 'data-severity': alert.severity },
        stateIcon(alert.severity === 'critical' ? 'down' : 'lying'),
        el('strong', {}, alert.severity === 'critical' ? 'Critical' : 'Warning'),
        text,
        since,
      );
      return {
        node,
        update(now) {
          say(text, now.text);
          say(since, `since ${moment(now.since)}`);
        },
      };
    },
  );
  return {
    node: el('section', { 'aria-label': 'Alerts', class: 'alert-box' }, none, list),
    update(alerts) {
      none.hidden = alerts.length > 0;
      list.hidden = alerts.length === 0;
      items.update(alerts);
    },
  };
}

/** A value in large type; the unit in small, "unknown" in neither. */
function figure() {
  const number = el('span', { class: 'number' });
  const unit = el('span', { class: 'unit' });
  return {
    node: el('span', { class: 'figure' }, number, unit),
    update(value, unitName) {
      const parts = quantity(value, unitName);
      say(number, parts ? parts[0] : UNKNOWN);
      say(unit, parts ? parts[1] : '');
      number.classList.toggle('unknown', !parts);
    },
  };
}

function tile(label, { key, unit, top, value, note }) {
  const main = figure();
  const small = el('p', { class: 'note' });
  const spark = key && sparkline();
  return {
    node: el(
      'li',
      { class: 'tile' },
      el('h3', {}, label),
      el('p', { class: 'value' }, main.node),
      small,
      spark?.node,
    ),
    update(sample) {
      main.update(value ? value(sample) : valueOf(sample, key), unit);
      say(small, note?.(sample) ?? '');
      spark?.update(key, top);
    },
  };
}

function boardTiles() {
  const tiles = [
    tile('CPU', { key: 'board.cpu', unit: '%', top: 1, note: ({ board }) => coreNote(board) }),
    tile('Load', {
      key: 'board.load1',
      unit: '',
      note: ({ board }) => `5 min ${show(board?.load?.[1], '')} · 15 min ${show(board?.load?.[2], '')}`,
    }),
    tile('Memory', { key: 'board.memory', unit: '%', top: 1, note: ({ board }) => memoryNote(board?.memory) }),
    tile('Temperature', {
      key: 'board.temperature',
      unit: '°C',
      top: 90,
      note: ({ board }) => (board?.frequency == null ? 'clock ' + UNKNOWN : 'clock ' + show(board.frequency, 'Hz')),
    }),
    tile('Disk', {
      key: 'board.disk',
      unit: '%',
      top: 1,
      note: ({ board }) =>
        `${show(board?.disk?.free, 'B')} free on ${board?.disk?.path ?? UNKNOWN} · read ${show(board?.disk?.readRate, 'B/s')}, write ${show(board?.disk?.writeRate, 'B/s')}`,
    }),
  ];
  const power = powerTile();
  return {
    node: el('ul', { class: 'tiles' }, tiles.map((one) => one.node), power.node),
    update(sample) {
      for (const one of tiles) one.update(sample);
      power.update(sample.board?.throttle);
    },
  };
}

function coreNote(board) {
  const cores = board?.cores;
  if (!cores?.length) return 'cores ' + UNKNOWN;
  const percent = cores.map((one) => (one == null ? '?' : Math.round(one * 100)));
  return `${cores.length} ${cores.length === 1 ? 'core' : 'cores'}: ${percent.join(' · ')} %`;
}

function memoryNote(memory) {
  if (memory?.total == null) return '';
  const swap = memory.swapTotal ? ` · swap ${show(memory.swapUsed, 'B')} of ${show(memory.swapTotal, 'B')}` : '';
  return `${show(memory.available, 'B')} free of ${show(memory.total, 'B')}${swap}`;
}

function powerTile() {
  const now = el('p', { class: 'value words' });
  const since = el('p', { class: 'note' });
  return {
    node: el('li', { class: 'tile' }, el('h3', {}, 'Power'), now, since),
    update(throttle) {
      const state = !throttle ? 'unknown' : throttle.now.length > 0 ? 'lying' : 'up';
      const text = !throttle ? UNKNOWN : throttle.now.length > 0 ? throttle.now.join(', ') : 'good';
      if (now.dataset.text !== text) {
        now.dataset.text = text;
        now.replaceChildren(stateIcon(state), el('span', { class: throttle ? '' : 'unknown' }, text));
      }
      say(
        since,
        !throttle
          ? 'this board does not tell its flags'
          : throttle.since.length > 0
            ? 'since start: ' + throttle.since.join(', ')
            : 'no flag since start',
      );
    },
  };
}

function serviceCard(service) {
  const name = service.name;
  const badge = el('span', { class: 'badge' });
  const why = el('p', { class: 'why' });
  const main = el('dl', { class: 'figures' });
  const mainFigures = new Keyed(main, (one) => one.key, figureRow);
  const spark = sparkline();
  const cost = el('p', { class: 'note' });
  const all = el('dl', { class: 'all' });
  const allFigures = new Keyed(all, (one) => one.key, plainRow);
  const endpoints = el('ul', { class: 'endpoints' });
  const endpointItems = new Keyed(endpoints, (one) => one, (one) => ({ node: el('li', {}, one), update() {} }));
  const more = el('details', {}, el('summary', {}, 'All figures and addresses'), all, endpoints);
  const reload = el('button', { type: 'button', class: 'plain', onclick: () => openReload(name) }, 'Reload');
  reload.setAttribute('aria-label', `Reload the configuration of ${serviceName(name)}`);
  const node = el(
    'li',
    { class: 'card service' },
    el(
      'div',
      { class: 'card-head' },
      el('h3', {}, serviceName(name), el('span', { class: 'about' }, ABOUT[name] ?? '')),
      badge,
    ),
    why,
    main,
    spark.node,
    cost,
    more,
    el(
      'p',
      { class: 'actions' },
      el('a', { href: `#/trace/${encodeURIComponent(name)}`, 'aria-label': `Trace of ${serviceName(name)}` }, 'Trace'),
      el('a', { href: `#/history/${encodeURIComponent(name)}`, 'aria-label': `History of ${serviceName(name)}` }, 'History'),
      reload,
    ),
  );
  let state = null;
  let had = [];
  return {
    node,
    update(now) {
      if (state !== now.state) {
        state = now.state;
        node.dataset.state = state;
        badge.replaceChildren(stateIcon(state), state);
      }
      why.hidden = !now.why;
      say(why, now.why ?? '');
      // One that is gone tells no figures: those it had are unknown now.
      if (now.figures?.length) had = now.figures;
      const figures = now.figures?.length ? now.figures : had.map((one) => ({ ...one, value: null }));
      mainFigures.update(figures.filter((one) => one.main).slice(0, 4));
      const first = figures.find((one) => one.main && one.value != null);
      spark.node.classList.toggle('empty', !first);
      if (first) spark.update(first.key);
      say(cost, costs(now));
      allFigures.update(figures.filter((one) => !one.main).concat(details(now)));
      endpointItems.update(now.endpoints ?? []);
    },
  };
}

const openReload = async (name) => (await import('./reload.js')).askReload(name);

function figureRow() {
  const main = figure();
  const label = el('dt', {});
  return {
    node: el('div', {}, label, el('dd', {}, main.node)),
    update(one) {
      say(label, one.label);
      main.update(one.value, one.unit);
    },
  };
}

function plainRow() {
  const label = el('dt', {});
  const text = el('dd', {});
  return {
    node: el('div', {}, label, text),
    update(one) {
      say(label, one.label);
      say(text, one.text ?? show(one.value, one.unit));
    },
  };
}

function costs({ process, container }) {
  if (!process && !container) return `CPU and memory ${UNKNOWN}`;
  const others = (process?.shared?.length ?? 1) - 1;
  const cpu = container?.cpu ?? process?.cpu;
  const memory = container?.memory ?? process?.pss ?? process?.rss;
  const where = container ? container.name : others > 0 ? `one process with ${others} other${others > 1 ? 's' : ''}` : '';
  return [`CPU ${show(cpu, '%')}`, `memory ${show(memory, 'B')}`, where].filter(Boolean).join(' · ');
}

function details({ address, process, container }) {
  const rows = [];
  const row = (key, label, text) => rows.push({ key: '.' + key, label, text });
  if (process) {
    row('pid', 'Process', `${process.pid ?? UNKNOWN}, ${process.threads ?? UNKNOWN} threads`);
    row('rss', 'Resident', show(process.rss, 'B'));
    row('pss', 'Its share (PSS)', show(process.pss, 'B'));
  }
  if (container) {
    row('limit', 'Memory limit', container.limit == null ? 'none, or ' + UNKNOWN : show(container.limit, 'B'));
    if (container.note) row('note', 'Container', container.note);
  }
  row('admin', 'Admin endpoint', address ?? UNKNOWN);
  return rows;
}

const RIGHT = new Set(['Received', 'Sent', 'Errors in/out']);

function interfaceTable() {
  const body = el('tbody', {});
  const rows = new Keyed(body, (one) => one.name, interfaceRow);
  const head = ['Interface', 'State', 'Addresses', 'Received', 'Sent', 'Errors in/out', 'Received, 2 min'];
  return {
    node: el(
      'div',
      { class: 'card flush' },
      el(
        'table',
        { class: 'stack' },
        el('thead', {}, el('tr', {}, head.map((text) => el('th', { scope: 'col', class: RIGHT.has(text) && 'figure-cell' }, text)))),
        body,
      ),
    ),
    update: (interfaces) => rows.update(interfaces),
  };
}

function rate(cell, value) {
  say(cell, show(value, 'B/s'));
  cell.classList.toggle('unknown', value == null);
}

function interfaceRow({ name }) {
  const cell = (label, extra) => el('td', { 'data-label': label, class: extra });
  const state = cell('State');
  const addresses = cell('Addresses', 'mono addresses');
  const rx = cell('Received', 'figure-cell');
  const tx = cell('Sent', 'figure-cell');
  const errors = cell('Errors in/out', 'figure-cell');
  const spark = sparkline();
  const drawn = el('td', { class: 'spark-cell' }, spark.node);
  let up;
  return {
    node: el('tr', {}, el('th', { scope: 'row', class: 'mono' }, name), state, addresses, rx, tx, errors, drawn),
    update(now) {
      if (up !== now.up) {
        up = now.up;
        const word = up == null ? 'unknown' : up ? 'up' : 'down';
        state.replaceChildren(el('span', { class: 'badge', 'data-state': word }, stateIcon(word), word));
      }
      say(addresses, now.addresses?.length ? now.addresses.join('\n') : 'none');
      rate(rx, now.rxRate);
      rate(tx, now.txRate);
      const counted = now.rxErrors != null || now.txErrors != null;
      say(errors, counted ? `${show(now.rxErrors, '')} / ${show(now.txErrors, '')}` : UNKNOWN);
      errors.classList.toggle('unknown', !counted);
      mark(errors, 'data-bad', now.rxErrors > 0 || now.txErrors > 0 ? 'yes' : null);
      spark.update(`net.${name}.rx`);
    },
  };
}

