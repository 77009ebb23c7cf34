// What a service sees and decides, as it happens.

import { el, say, mark, Keyed } from './dom.js';
import { exact, serviceName } from './format.js';
import { live } from './live.js';
import { records, sentence, STATES } from './records.js';
import { detailPane } from './detail.js';

const SHOWN = 250;

export function trace(rest) {
  let service = rest || 'all';
  let paused = false;
  let chosen = null;
  let shown = [];
  let end = () => {};

  const select = el('select', { id: 'service', onchange: () => (location.hash = select.value === 'all' ? '#/trace' : `#/trace/${encodeURIComponent(select.value)}`) });
  const filter = el('input', { type: 'search', id: 'trace-filter', autocomplete: 'off', spellcheck: 'false', placeholder: 'name, address, kind …', oninput: () => draw(true) });
  const pause = el('button', { type: 'button', 'aria-pressed': 'false', onclick: flip }, 'Pause');
  const clear = el('button', { type: 'button', onclick: () => (choose(null), records.clear(), draw(true)) }, 'Clear');
  const seconds = el('input', { type: 'number', id: 'seconds', min: 1, max: 600, value: 10, oninput: capture });
  const download = el('a', { class: 'button', download: '' }, 'Capture');
  const captureField = el('span', { class: 'field' }, el('label', { for: 'seconds' }, 'Seconds'), seconds, download);
  const status = el('p', { class: 'quiet', role: 'status' });
  const list = el('ul', { class: 'records', 'aria-label': 'Records, newest first' });
  const rows = new Keyed(list, (one) => one.id, row);
  const detail = detailPane();
  const node = el(
    'div',
    { class: 'trace' },
    el('div', { class: 'head' }, el('h1', {}, 'Trace')),
    el(
      'div',
      { class: 'bar' },
      el('span', { class: 'field' }, el('label', { for: 'service' }, 'Service'), select),
      el('span', { class: 'field' }, el('label', { for: 'trace-filter' }, 'Filter'), filter),
      pause,
      clear,
      captureField,
    ),
    status,
    el('div', { class: 'panes' }, el('div', { class: 'card flush list-box' }, list), detail.node),
  );

  function services() {
    const names = (live.sample?.services ?? []).map((one) => one.name).filter((name) => name !== 'monitor');
    if (service !== 'all' && !names.includes(service)) names.push(service);
    const wanted = ['all', ...names];
    if (wanted.join() !== [...select.options].map((one) => one.value).join()) {
      select.replaceChildren(...wanted.map((name) => el('option', { value: name }, name === 'all' ? 'All' : serviceName(name))));
    }
    select.value = service;
  }

  function open() {
    services();
    end = records.follow(service);
    capture();
    draw(true);
  }

  function capture() {
    // A capture is of one service, as its file names one.
    captureField.hidden = service === 'all';
    mark(download, 'href', `/api/capture.pcapng?service=${encodeURIComponent(service)}&seconds=${Number(seconds.value) || 10}`);
    mark(download, 'aria-label', `Capture ${serviceName(service)} for ${seconds.value} seconds as pcapng`);
  }

  function flip() {
    paused = !paused;
    mark(pause, 'aria-pressed', String(paused));
    draw(true);
  }

  function draw(now) {
    const focused = list.contains(document.activeElement);
    if (!paused || now === true) {
      const wanted = filter.value.trim().toLowerCase();
      shown = records.list
        .filter((one) => service === 'all' || one.service === service)
        .filter((one) => !wanted || searchable(one).includes(wanted))
        .slice(-SHOWN)
        .reverse();
      rows.update(shown);
    }
    rove(focused);
    const many = shown.length === 0 ? 'nothing yet' : `${shown.length} ${shown.length === 1 ? 'record' : 'records'}`;
    say(status, `${paused ? 'paused' : STATES[records.state]} · ${many}`);
  }

  /** One row takes part in the order of the tab key; arrows move between rows. */
  function rove(keep) {
    const buttons = [...list.querySelectorAll('button')];
    const now = buttons.find((one) => one === document.activeElement) ?? buttons.find((one) => one.getAttribute('aria-pressed') === 'true') ?? buttons[0];
    for (const button of buttons) mark(button, 'tabindex', button === now ? 0 : -1);
    if (keep && now && !list.contains(document.activeElement)) now.focus();
  }

  function row(record) {
    const button = el(
      'button',
      { type: 'button', 'aria-pressed': 'false', onclick: () => choose(record) },
      el('time', {}, exact(record.time)),
      el('span', { class: 'who' }, serviceName(record.service)),
      el('span', { class: 'kind' }, record.kind),
      el('span', { class: 'what' }, sentence(record)),
    );
    button.addEventListener('keydown', (event) => {
      const item = button.parentNode;
      const to = { ArrowDown: item.nextSibling, ArrowUp: item.previousSibling, Home: list.firstChild, End: list.lastChild }[event.key];
      if (!to) return;
      event.preventDefault();
      to.firstChild.focus();
      rove(false);
    });
    return {
      node: el('li', {}, button),
      update: () => mark(button, 'aria-pressed', String(record === chosen)),
    };
  }

  function choose(record) {
    chosen = record;
    rows.update(shown);
    rove(false);
    detail.show(record);
  }

  const changed = () => draw(false);
  records.addEventListener('change', changed);
  records.addEventListener('state', changed);
  live.addEventListener('sample', services);
  open();
  return {
    node,
    go(where) {
      service = where || 'all';
      open();
    },
    close() {
      end();
      records.removeEventListener('change', changed);
      records.removeEventListener('state', changed);
      live.removeEventListener('sample', services);
    },
  };
}

const searchable = (record) => `${record.kind} ${record.client ?? ''} ${sentence(record)} ${JSON.stringify(record.fields ?? {})} ${record.packet?.from ?? ''} ${record.packet?.to ?? ''}`.toLowerCase();
