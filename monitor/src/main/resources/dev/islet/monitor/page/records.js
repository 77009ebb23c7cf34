// What the services tell while they work. Trace and ladder read the same records; the services are
// only asked to tell while one of the two is open.

const KEPT = 2000;

class Records extends EventTarget {
  list = [];
  state = 'closed';
  #source = null;
  #session = 0;
  #pending = false;
  #count = 0;

  /** Follows one service, or "all", instead of what was followed before. Gives what ends it. */
  follow(service) {
    const session = ++this.#session;
    this.#open(service, session);
    return () => {
      if (this.#session !== session) return;
      this.#session++;
      this.#source.close();
      this.#become('closed');
    };
  }

  #open(service, session) {
    this.#source?.close();
    const source = new EventSource(`/api/trace?service=${encodeURIComponent(service)}`);
    this.#source = source;
    this.#become('connecting');
    source.addEventListener('open', () => this.#become('listening'));
    source.addEventListener('error', () => {
      this.#become('lost');
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(() => this.#session === session && this.#open(service, session), 2000);
      }
    });
    source.addEventListener('record', (event) => this.#add(JSON.parse(event.data)));
  }

  clear() {
    this.list = [];
    this.#tell();
  }

  #add(record) {
    record.id = ++this.#count;
    this.list.push(record);
    if (this.list.length > KEPT) this.list.splice(0, this.list.length - KEPT);
    this.#tell();
  }

  /** A busy server tells thousands a second; the page is drawn a few times a second. */
  #tell() {
    if (this.#pending) return;
    this.#pending = true;
    setTimeout(() => {
      this.#pending = false;
      this.dispatchEvent(new Event('change'));
    }, 100);
  }

  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event('state'));
  }
}

export const records = new Records();

export const STATES = {
  closed: 'not listening',
  connecting: 'connecting …',
  listening: 'listening',
  lost: 'connection lost, trying again',
};

/** A sentence about the record: what the service itself says, else its fields. */
export function sentence(record) {
  if (record.note) return record.note;
  return Object.entries(record.fields ?? {})
    .filter(([, value]) => value == null || typeof value !== 'object')
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
}

/** `host` of "192.168.7.1:53" or "[fe80::1]:547"; the port in `port`. */
export function hostPort(text) {
  const match = /^\[?(.*?)\]?(?::(\d+))?$/.exec(text ?? '');
  const whole = match && (text.startsWith('[') || text.split(':').length <= 2);
  return whole ? { host: match[1], port: match[2] ? Number(match[2]) : null } : { host: text ?? '', port: null };
}
