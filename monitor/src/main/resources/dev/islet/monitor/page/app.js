// The frame: which view is shown, how fresh its figures are, the theme.

import { el, say, mark } from './dom.js';
import { serviceName } from './format.js';
import { live } from './live.js';
import { overview } from './overview.js';

// A view is made when it is first opened; only the first one is loaded with the page.
const VIEWS = {
  overview: { title: 'Overview', load: async () => overview },
  history: { title: 'History', load: async () => (await import('./history.js')).history },
  map: { title: 'Map', load: async () => (await import('./map.js')).map },
  tables: { title: 'Tables', load: async () => (await import('./tables.js')).tables },
  trace: { title: 'Trace', load: async () => (await import('./trace.js')).trace },
  ladder: { title: 'Ladder', load: async () => (await import('./ladder.js')).ladder },
};

const main = document.getElementById('main');
const pulse = document.getElementById('pulse');
const speech = document.getElementById('say');

let shown = null; // {name, node, close?, go?}
let turn = 0; // a view that loads slowly must not replace one chosen later

/** `#/tables/leases?q=nas` as `{view, rest: 'leases', asked: URLSearchParams}`. */
function place() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [view, ...rest] = path.split('/');
  return {
    view: Object.hasOwn(VIEWS, view) ? view : 'overview',
    rest: decoded(rest.join('/')),
    asked: new URLSearchParams(query),
  };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // typed by hand
  }
}

async function show(moved) {
  const { view, rest, asked } = place();
  if (shown?.name === view) {
    shown.go?.(rest, asked);
    return;
  }
  const mine = ++turn;
  let make;
  try {
    make = await VIEWS[view].load();
  } catch {
    make = () => ({ node: el('div', {}, el('h1', {}, VIEWS[view].title), el('p', {}, 'This view did not load. Reload the page once the monitor answers.')) });
  }
  if (mine !== turn) return;
  shown?.close?.();
  shown = { name: view, ...make(rest, asked) };
  main.replaceChildren(shown.node);
  main.dataset.view = view;
  for (const link of document.querySelectorAll('nav [data-view]')) {
    mark(link, 'aria-current', link.dataset.view === view ? 'page' : null);
  }
  document.title = `${VIEWS[view].title} · Islet`;
  if (moved) {
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
}

const WORDS = {
  connecting: () => 'connecting',
  live: () => 'live',
  stale: () => `${live.age()} s old`,
  lost: () => 'reconnecting',
};

function freshness() {
  pulse.dataset.state = live.status;
  say(pulse, WORDS[live.status]());
  main.toggleAttribute('data-old', live.status === 'stale' || live.status === 'lost');
}

/** What changed for the worse or the better is said, so that nobody has to see a colour. */
function announce({ sample, before }) {
  if (!before) return;
  const was = new Map(before.services.map((one) => [one.name, one.state]));
  const news = sample.services
    .filter((one) => was.has(one.name) && was.get(one.name) !== one.state)
    .map((one) => `${serviceName(one.name)} is ${one.state}${one.why ? ': ' + one.why : ''}.`);
  const known = new Set(before.alerts.map((one) => one.rule + one.since));
  for (const alert of sample.alerts) {
    if (!known.has(alert.rule + alert.since)) news.push(`${alert.severity}: ${alert.text}.`);
  }
  if (news.length > 0) say(speech, news.join(' '));
}

const THEMES = ['auto', 'light', 'dark'];
const themeButton = document.getElementById('theme');

function theme(next) {
  const root = document.documentElement;
  if (next === 'auto') delete root.dataset.theme;
  else root.dataset.theme = next;
  say(themeButton, `Theme: ${next}`);
  try {
    if (next === 'auto') localStorage.removeItem('theme');
    else localStorage.setItem('theme', next);
  } catch {
    // storage is off: the choice lasts as long as the page
  }
}

theme(document.documentElement.dataset.theme ?? 'auto');
themeButton.addEventListener('click', () => {
  const now = document.documentElement.dataset.theme ?? 'auto';
  theme(THEMES[(THEMES.indexOf(now) + 1) % THEMES.length]);
});

live.addEventListener('status', freshness);
live.addEventListener('sample', (event) => announce(event.detail));
addEventListener('hashchange', () => {
  // Other fragments are anchors within the page, as of the link that skips to the content.
  if (location.hash === '' || location.hash.startsWith('#/')) show(true);
});

main.append(el('h1', {}, 'Islet'), el('p', { class: 'quiet' }, 'Waiting for the first figures …'));
live.start();
show(false);
