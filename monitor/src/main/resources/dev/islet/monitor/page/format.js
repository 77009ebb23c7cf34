// Figures as people read them. Unknown is said, never shown as 0.

export const UNKNOWN = 'unknown';

const NAMES = { dns: 'DNS', dhcp: 'DHCP', ftp: 'FTP', web: 'Web', voip: 'VoIP', router: 'Router', monitor: 'Monitor' };
const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const DECIMAL = ['', 'k', 'M', 'G', 'T'];

/** What people call a service. */
export const serviceName = (name) => NAMES[name] ?? name;

function digits(value) {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1000) return String(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en').replaceAll(',', '\u202f');
  return value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

function scaled(value, steps, by) {
  let step = 0;
  while (Math.abs(value) >= by * 0.9995 && step < steps.length - 1) {
    value /= by;
    step++;
  }
  return [digits(value), steps[step]];
}

function seconds(value) {
  if (value >= 120) return [duration(value * 1000), ''];
  if (value >= 1 || value === 0) return [digits(value), 's'];
  if (value >= 0.001) return [digits(value * 1000), 'ms'];
  return [digits(value * 1e6), 'µs'];
}

/** A value as `[number, unit]`; `%` takes a ratio of 0 to 1. Null stays null. */
export function quantity(value, unit) {
  if (value == null || !Number.isFinite(value)) return null;
  switch (unit) {
    case '%': {
      const percent = value * 100;
      return [percent !== 0 && Math.abs(percent) < 0.05 ? percent.toFixed(2) : percent.toFixed(Math.abs(percent) < 99.95 ? 1 : 0), '%'];
    }
    case 'B':
      return scaled(value, BINARY, 1024);
    case 'B/s': {
      const [number, step] = scaled(value, DECIMAL, 1000);
      return [number, step + 'B/s'];
    }
    case 'Hz': {
      const [number, step] = scaled(value, DECIMAL, 1000);
      return [number, step + 'Hz'];
    }
    case 's':
      return seconds(value);
    default:
      return [digits(value), unit ?? ''];
  }
}

/** A value with its unit, or "unknown". */
export function show(value, unit) {
  const parts = quantity(value, unit);
  if (!parts) return UNKNOWN;
  return parts[1] === '' ? parts[0] : parts[1] === '/s' ? parts.join('') : parts.join('\u00a0');
}

/** A span of milliseconds in its two largest parts. */
export function duration(ms) {
  if (ms == null || !Number.isFinite(ms)) return UNKNOWN;
  let left = Math.max(0, Math.round(ms / 1000));
  const parts = [];
  for (const [size, name] of [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']]) {
    const many = Math.floor(left / size);
    left -= many * size;
    if (many > 0 || (size === 1 && parts.length === 0)) parts.push(many + '\u00a0' + name);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const MINUTE = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** Hours, minutes and seconds of the day. */
export const clock = (ms) => (ms == null ? UNKNOWN : CLOCK.format(ms));
export const minute = (ms) => MINUTE.format(ms);
export const day = (ms) => DAY.format(ms);

/** The time of day, with the date if it is another day than today. */
export function moment(ms) {
  if (ms == null || !Number.isFinite(ms)) return UNKNOWN;
  const same = new Date(ms).toDateString() === new Date().toDateString();
  return same ? CLOCK.format(ms) : `${DAY.format(ms)} ${MINUTE.format(ms)}`;
}

/** Milliseconds beside the clock, for a trace. */
export const exact = (ms) => `${CLOCK.format(ms)}.${String(Math.floor(ms % 1000)).padStart(3, '0')}`;

/** As much of a text as fits into `room` pixels, for SVG, which does not cut; a letter takes `each`. */
export function fit(text, room, each) {
  const many = Math.max(0, Math.floor(room / each));
  return text.length <= many ? text : many < 2 ? '' : text.slice(0, many - 1) + '…';
}
