// A line chart in SVG: gaps where a value is unknown, a cursor for mouse and keyboard that all
// charts share, and the same values as a table.

import { el, svg, say, mark } from './dom.js';
import { UNKNOWN, show, quantity, clock, minute, day, moment } from './format.js';

const HEIGHT = 150;
const LEFT = 52;
const RIGHT = 10;
const TOP = 10;
const BOTTOM = 22;
const ROWS = 48; // of the table view

/** Where the cursor stands, in epoch ms; null if nowhere. */
const cursor = new (class extends EventTarget {
  time = null;
  move(time) {
    this.time = time;
    this.dispatchEvent(new Event('move'));
  }
})();

export class Chart {
  #unit;
  #lines;
  #from = 0;
  #step = 1000;
  #columns = [];
  #width = 0;
  #visible = false;
  #plot;
  #drawing;
  #readouts;
  #time;
  #table;
  #toggle;
  #seen;
  #sized;
  #moved = () => this.#showCursor();

  /** `lines` are `{key, label}`, at most three. */
  constructor({ title, unit, lines }) {
    this.#unit = unit;
    this.#lines = lines;
    this.#readouts = lines.map(() => el('b', {}));
    this.#time = el('span', { class: 'quiet' });
    this.#toggle = el('button', { type: 'button', class: 'plain', 'aria-expanded': 'false', onclick: () => this.#flip() }, 'Table');
    this.#toggle.setAttribute('aria-label', `${title} as a table`);
    this.#drawing = svg('svg', { 'aria-hidden': 'true', height: HEIGHT });
    this.#plot = el(
      'div',
      {
        class: 'plot',
        tabindex: 0,
        role: 'slider',
        'aria-label': `${title}, time`,
        'aria-valuemin': 0,
        'aria-valuemax': 1,
        'aria-valuenow': 1,
        'aria-valuetext': UNKNOWN,
        onpointermove: (event) => this.#point(event),
        onpointerleave: () => cursor.move(null),
        onkeydown: (event) => this.#key(event),
        onblur: () => cursor.move(null),
      },
      this.#drawing,
    );
    this.#table = el('div', { class: 'scroll', hidden: true, tabindex: 0, role: 'region', 'aria-label': `${title}, values` });
    const legend = lines.map((line, i) =>
      el('span', { class: 'legend' }, lines.length > 1 && sample(i), lines.length > 1 && line.label + ' ', this.#readouts[i]),
    );
    this.node = el(
      'figure',
      { class: 'card chart' },
      el('figcaption', {}, el('h3', {}, title), this.#toggle, el('p', { class: 'readout' }, legend, this.#time)),
      this.#plot,
      this.#table,
    );
    this.#sized = new ResizeObserver(([entry]) => {
      this.#width = Math.floor(entry.contentRect.width);
      this.draw();
    });
    this.#sized.observe(this.#plot);
    this.#seen = new IntersectionObserver(([entry]) => {
      this.#visible = entry.isIntersecting;
      this.draw();
    });
    this.#seen.observe(this.node);
    cursor.addEventListener('move', this.#moved);
  }

  get keys() {
    return this.#lines.map((line) => line.key);
  }

  close() {
    this.#seen.disconnect();
    this.#sized.disconnect();
    cursor.removeEventListener('move', this.#moved);
  }

  /** One array of values a line, the first at `from`, `step` ms apart; null is unknown. */
  data(from, step, columns) {
    this.#from = from;
    this.#step = step;
    this.#columns = columns;
    this.draw();
    if (!this.#table.hidden) this.#fillTable();
  }

  /** Adds what came now, and lets go of as much at the other end. */
  append(time, values) {
    const length = this.#columns[0]?.length ?? 0;
    const place = Math.round((time - this.#from) / this.#step);
    if (length === 0 || place < length || place > 2 * length) return;
    const gap = place - length;
    this.#columns.forEach((column, i) => {
      for (let k = 0; k < gap; k++) column.push(null);
      column.push(values[i]);
      column.splice(0, gap + 1);
    });
    this.#from += (gap + 1) * this.#step;
    this.draw();
  }

  draw() {
    const count = this.#columns[0]?.length ?? 0;
    if (!this.#visible || this.#width < 80 || count === 0) return;
    const width = this.#width - LEFT - RIGHT;
    const height = HEIGHT - TOP - BOTTOM;
    const scale = this.#scale();
    const x = (i) => LEFT + (count < 2 ? 0 : (i / (count - 1)) * width);
    const y = (value) => TOP + (1 - (value - scale.low) / (scale.high - scale.low)) * height;
    const parts = [];
    const empty = this.#columns.every((column) => column.every((value) => value == null));
    for (const tick of empty ? [] : scale.ticks) {
      const line = Math.round(y(tick)) + 0.5;
      parts.push(svg('path', { class: 'grid', d: `M${LEFT} ${line}H${LEFT + width}` }));
      parts.push(svg('text', { x: LEFT - 6, y: line + 3.5, 'text-anchor': 'end' }, tickText(tick, this.#unit)));
    }
    parts.push(...this.#timeTicks(width));
    this.#columns.forEach((column, i) => {
      const path = linePath(column, x, y, width);
      if (path === '') return;
      parts.push(svg('path', { class: `line line-${i}`, d: path }));
    });
    if (empty) {
      parts.push(svg('text', { class: 'none', x: LEFT + width / 2, y: TOP + height / 2 + 4, 'text-anchor': 'middle' }, `${UNKNOWN} in this span`));
    }
    this.mark = svg('g', { class: 'cursor' });
    parts.push(this.mark);
    mark(this.#drawing, 'width', this.#width);
    mark(this.#drawing, 'viewBox', `0 0 ${this.#width} ${HEIGHT}`);
    this.#drawing.replaceChildren(...parts);
    mark(this.#plot, 'aria-valuemax', count - 1);
    this.places = { x, y, count, width };
    this.#showCursor();
  }

  #scale() {
    let low = Infinity;
    let high = -Infinity;
    for (const column of this.#columns) {
      for (const value of column) {
        if (value == null) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    if (high === -Infinity) low = high = 0;
    // A temperature has no meaningful zero; all else is read against it.
    if (this.#unit === '°C' && high > 0) low = Math.floor(low / 10) * 10;
    else low = Math.min(0, low);
    const least = this.#unit === '%' ? 0.01 : this.#unit === '°C' ? low + 10 : 1e-6;
    high = Math.max(high, least);
    const base = this.#unit === 'B' ? 1024 : 1000;
    const unit = base ** Math.max(0, Math.floor(Math.log(Math.max(high - low, 1e-9)) / Math.log(base)));
    const step = nice((high - low) / unit / 3) * unit;
    const ticks = [];
    for (let tick = low; tick < high + step * 0.999; tick += step) ticks.push(tick);
    return { low, high: ticks[ticks.length - 1], ticks };
  }

  #timeTicks(width) {
    const count = this.#columns[0].length;
    const span = (count - 1) * this.#step;
    const most = Math.max(2, Math.floor(width / 70));
    const steps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 7200, 14400].map((m) => m * 60_000);
    const step = steps.find((one) => span / one <= most) ?? steps[steps.length - 1];
    const shift = new Date(this.#from).getTimezoneOffset() * 60_000;
    const parts = [];
    for (let time = Math.ceil((this.#from - shift) / step) * step + shift; time <= this.#from + span; time += step) {
      const at = LEFT + ((time - this.#from) / span) * width;
      if (at < LEFT + 12 || at > LEFT + width - 12) continue;
      parts.push(svg('path', { class: 'tick', d: `M${at.toFixed(1)} ${HEIGHT - BOTTOM}v4` }));
      parts.push(svg('text', { x: at.toFixed(1), y: HEIGHT - 5, 'text-anchor': 'middle' }, step >= 86_400_000 ? day(time) : minute(time)));
    }
    return parts;
  }

  #index() {
    const { count } = this.places;
    if (cursor.time == null) return null;
    return Math.max(0, Math.min(count - 1, Math.round((cursor.time - this.#from) / this.#step)));
  }

  #showCursor() {
    if (!this.places || !this.mark) return;
    const { x, y, count } = this.places;
    const at = this.#index();
    const index = at ?? count - 1;
    const time = this.#from + index * this.#step;
    this.mark.replaceChildren();
    if (at != null) {
      this.mark.append(svg('path', { d: `M${x(at).toFixed(1)} ${TOP}V${HEIGHT - BOTTOM}` }));
      this.#columns.forEach((column, i) => {
        if (column[at] != null) this.mark.append(svg('circle', { class: `dot-${i}`, cx: x(at).toFixed(1), cy: y(column[at]).toFixed(1), r: 3.5 }));
      });
    }
    const values = this.#columns.map((column) => show(column[index], this.#unit));
    const when = this.#step < 60_000 ? clock(time) : moment(time);
    say(this.#time, at == null ? 'now' : when);
    this.#readouts.forEach((node, i) => say(node, values[i]));
    mark(this.#plot, 'aria-valuenow', index);
    mark(this.#plot, 'aria-valuetext', `${when}: ${this.#lines.map((line, i) => `${line.label} ${values[i]}`).join(', ')}`);
  }

  #point(event) {
    if (!this.places) return;
    const box = this.#plot.getBoundingClientRect();
    const part = (event.clientX - box.left - LEFT) / this.places.width;
    cursor.move(this.#from + Math.max(0, Math.min(1, part)) * (this.places.count - 1) * this.#step);
  }

  #key(event) {
    if (!this.places) return;
    const { count } = this.places;
    const index = this.#index() ?? count - 1;
    const step = Math.max(1, Math.round(count / 120));
    const to = {
      ArrowLeft: index - step,
      ArrowDown: index - step,
      ArrowRight: index + step,
      ArrowUp: index + step,
      PageDown: index - step * 10,
      PageUp: index + step * 10,
      Home: 0,
      End: count - 1,
    }[event.key];
    if (event.key === 'Escape') cursor.move(null);
    if (to == null) return;
    event.preventDefault();
    cursor.move(this.#from + Math.max(0, Math.min(count - 1, to)) * this.#step);
  }

  #flip() {
    const open = this.#table.hidden;
    this.#table.hidden = !open;
    this.#plot.hidden = open;
    this.#toggle.setAttribute('aria-expanded', String(open));
    if (open) this.#fillTable();
  }

  #fillTable() {
    const count = this.#columns[0]?.length ?? 0;
    const size = Math.max(1, Math.ceil(count / ROWS));
    const rows = [];
    for (let end = count; end > 0; end -= size) {
      const start = Math.max(0, end - size);
      const cells = this.#columns.map((column) => el('td', {}, spread(column.slice(start, end), this.#unit)));
      rows.push(el('tr', {}, el('th', { scope: 'row' }, moment(this.#from + start * this.#step)), cells));
    }
    const heads = this.#lines.map((line) => el('th', { scope: 'col' }, `${line.label}: mean (least to most)`));
    this.#table.replaceChildren(
      el('table', {}, el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'From'), heads)), el('tbody', {}, rows)),
    );
  }
}

function spread(values, unit) {
  const known = values.filter((value) => value != null);
  if (known.length === 0) return UNKNOWN;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return `${show(mean, unit)} (${show(Math.min(...known), unit)} to ${show(Math.max(...known), unit)})`;
}

function sample(i) {
  return svg('svg', { class: 'key', width: 22, height: 8, 'aria-hidden': 'true' }, svg('path', { class: `line line-${i}`, d: 'M1 4H21' }));
}

function nice(rough) {
  const size = 10 ** Math.floor(Math.log10(rough));
  const part = rough / size;
  return (part <= 1 ? 1 : part <= 2 ? 2 : part <= 2.5 ? 2.5 : part <= 5 ? 5 : 10) * size;
}

function tickText(value, unit) {
  const [number, name] = quantity(value, unit);
  return number.replace(/\.0+$/, '').replace(/(\.\d*[1-9])0+$/, '$1') + (name && name !== '/s' ? '\u202f' + name : name);
}

/** More points than pixels become the least and the most of each pixel, so that no peak is lost. */
function linePath(column, x, y, width) {
  let path = '';
  let down = false;
  const point = (i) => {
    path += `${down ? 'L' : 'M'}${x(i).toFixed(1)} ${y(column[i]).toFixed(1)}`;
    down = true;
  };
  const size = column.length / Math.max(1, width);
  if (size <= 1.5) {
    column.forEach((value, i) => {
      if (value == null) down = false;
      else {
        point(i);
        const alone = column[i - 1] == null && column[i + 1] == null;
        if (alone) path += 'h.1';
      }
    });
    return path;
  }
  for (let start = 0; start < column.length; start += size) {
    let least = -1;
    let most = -1;
    for (let i = Math.ceil(start); i < Math.min(start + size, column.length); i++) {
      if (column[i] == null) continue;
      if (least < 0 || column[i] < column[least]) least = i;
      if (most < 0 || column[i] > column[most]) most = i;
    }
    if (least < 0) down = false;
    else {
      point(Math.min(least, most));
      if (least !== most) point(Math.max(least, most));
    }
  }
  return path;
}
