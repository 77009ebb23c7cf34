// The one stream of samples that every view reads, and the last two minutes of it.

const KEPT = 120;
const SILENT = 4000; // ms without a sample before the page says that its figures are old

class Live extends EventTarget {
  sample = null;
  status = 'connecting';
  #ring = [];
  #source = null;
  #heard = 0;

  start() {
    this.#open();
    setInterval(() => this.#watch(), 1000);
  }

  /** The last values of a series, oldest first; unknown ones are null. */
  recent(key) {
    return this.#ring.map((sample) => valueOf(sample, key));
  }

  /** Seconds since the last sample. */
  age() {
    return Math.round((performance.now() - this.#heard) / 1000);
  }

  #open() {
    const source = new EventSource('/api/live');
    this.#source = source;
    source.addEventListener('sample', (event) => {
      const sample = JSON.parse(event.data);
      const before = this.sample;
      this.sample = sample;
      this.#heard = performance.now();
      this.#ring.push(sample);
      if (this.#ring.length > KEPT) this.#ring.shift();
      this.#become('live');
      this.dispatchEvent(new CustomEvent('sample', { detail: { sample, before } }));
    });
    source.addEventListener('alert', (event) => {
      this.dispatchEvent(new CustomEvent('alert', { detail: JSON.parse(event.data) }));
    });
    source.addEventListener('error', () => {
      this.#become('lost');
      // After an answer that is no stream the browser gives up; the monitor may be starting.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.#open(), 2000);
    });
  }

  #watch() {
    if (this.status === 'live' && performance.now() - this.#heard > SILENT) this.#become('stale');
    else if (this.status === 'stale') this.#become('stale');
  }

  #become(status) {
    this.status = status;
    this.dispatchEvent(new Event('status'));
  }
}

export const live = new Live();

/** The value of a series in a sample; null if unknown. Names are those of /api/series. */
export function valueOf(sample, key) {
  const first = key.indexOf('.');
  const last = key.lastIndexOf('.');
  const head = key.slice(0, first);
  const tail = key.slice(last + 1);
  if (head === 'board') return boardValue(sample.board, tail);
  if (head === 'net') {
    const name = key.slice(first + 1, last); // an interface's name may hold dots, as eth0.10
    return sample.interfaces?.find((one) => one.name === name)?.[tail + 'Rate'] ?? null;
  }
  const service = sample.services?.find((one) => one.name === head);
  const figure = service?.figures?.find((one) => one.key === key);
  if (figure) return figure.value;
  if (tail === 'cpu') return service?.container?.cpu ?? service?.process?.cpu ?? null;
  if (tail === 'memory') return service?.container?.memory ?? service?.process?.pss ?? service?.process?.rss ?? null;
  return null;
}

function boardValue(board, name) {
  switch (name) {
    case 'load1':
      return board?.load?.[0] ?? null;
    case 'memory':
      return used(board?.memory?.total, board?.memory?.available);
    case 'disk':
      return used(board?.disk?.total, board?.disk?.free);
    default:
      return board?.[name] ?? null;
  }
}

/** The used part of a whole, 0 to 1. */
function used(total, free) {
  return total == null || free == null || total === 0 ? null : (total - free) / total;
}
