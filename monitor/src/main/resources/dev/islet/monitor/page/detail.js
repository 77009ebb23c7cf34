// One record of a trace in full: what was decided, its fields, its bytes.

import { el } from './dom.js';
import { exact, serviceName } from './format.js';
import { bytesView } from './bytes.js';
import { way } from './clients.js';
import { sentence } from './records.js';

const explained = new Map(); // service and bytes to fields: a message is explained once
const REMEMBERED = 200;

/** `{node, show(record)}`; null shows what to do. */
export function detailPane() {
  const node = el('section', { class: 'card detail', 'aria-label': 'The chosen record' });
  let turn = 0;

  async function show(record) {
    const mine = ++turn;
    if (!record) {
      node.replaceChildren(el('p', { class: 'quiet' }, 'Choose a record to see what was decided and the bytes it was decided on.'));
      return;
    }
    const client = way(record).id;
    const bytes = el('div', {}, el('p', { class: 'quiet' }, 'Explaining …'));
    node.replaceChildren(
      el('h2', {}, `${serviceName(record.service)} · ${record.kind}`),
      el('p', { class: 'quiet' }, exact(record.time), client && [' · ', el('a', { href: `#/ladder/${encodeURIComponent(client)}` }, `ladder of ${client}`)]),
      el('p', {}, sentence(record)),
      fieldList(record.fields),
      record.packet && packetLine(record.packet),
      record.packet && bytes,
    );
    if (!record.packet) return;
    let fields = [];
    let why = '';
    try {
      fields = await explain(record.service, record.packet.hex);
    } catch (fault) {
      why = `The bytes are not annotated: ${fault.message}.`;
    }
    if (!why && fields.length === 0) why = `${serviceName(record.service)} does not annotate its bytes.`;
    if (mine === turn) bytes.replaceChildren(why && el('p', { class: 'quiet' }, why), bytesView(record.packet.hex, fields));
  }

  show(null);
  return { node, show };
}

function fieldList(fields) {
  const rows = Object.entries(fields ?? {}).filter(([key]) => key !== 'note');
  if (rows.length === 0) return null;
  return el('dl', { class: 'all' }, rows.map(([key, value]) => el('div', {}, el('dt', {}, key), el('dd', { class: 'mono' }, text(value)))));
}

function text(value) {
  if (value == null) return 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function packetLine({ transport, from, to, hex }) {
  return el('p', { class: 'packet mono' }, `${transport} ${from} \u2192 ${to}`, el('span', { class: 'quiet' }, ` ${hex.length / 2} bytes`));
}

async function explain(service, hex) {
  const key = service + hex;
  if (explained.has(key)) return explained.get(key);
  const answer = await fetch(`/api/explain?service=${encodeURIComponent(service)}&hex=${hex}`);
  if (!answer.ok) {
    let why = `the monitor answered ${answer.status}`;
    try {
      why = (await answer.json()).error ?? why;
    } catch {
      // no JSON: the status says enough
    }
    throw new Error(why);
  }
  const fields = await answer.json();
  if (explained.size >= REMEMBERED) explained.delete(explained.keys().next().value);
  explained.set(key, fields);
  return fields;
}
