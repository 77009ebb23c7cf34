// What the checks share: a browser, pages that are watched for faults, and a line of JSON for each
// check, which the JUnit test reads.

import { chromium } from 'playwright-core';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// Generous, since a machine may be busy: it is a bound on waiting, not a claim about speed.
const PATIENCE = 60_000;

export const VIEWS = ['#/', '#/history', '#/map', '#/tables/leases', '#/trace', '#/ladder'];

export async function browser() {
  const executablePath = process.env.ISLET_CHROMIUM || '/usr/bin/chromium';
  // It is to talk to the page alone, not to its maker.
  const alone = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', ...alone] });
}

/** A page whose faults (console errors, exceptions, refusals by the policy) are gathered. */
export async function open(chrome, url, options = {}) {
  const context = await chrome.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.faults = [];
  page.on('console', (message) => message.type() === 'error' && page.faults.push(message.text()));
  page.on('pageerror', (fault) => page.faults.push(String(fault)));
  page.on('dialog', (dialog) => {
    page.faults.push('a dialog opened: ' + dialog.message());
    dialog.dismiss();
  });
  await page.addInitScript(() => {
    globalThis.refusals = [];
    document.addEventListener('securitypolicyviolation', (event) => globalThis.refusals.push(event.violatedDirective + ' ' + event.blockedURI));
  });
  await page.goto(url);
  return page;
}

/** Goes to a view as a click on its link would, and waits until it is there. */
export async function view(page, hash) {
  const name = hash.replace(/^#\/?/, '').split('/')[0] || 'overview';
  await page.evaluate((to) => (location.hash = to), hash);
  await page.waitForFunction((wanted) => document.getElementById('main').dataset.view === wanted, name);
}

/** What axe finds, one line a rule. */
export async function violations(page) {
  await page.evaluate(axeSource); // evaluated by the debugger, which the page's policy does not bind
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } }),
  );
  return found.violations.map((one) => `${one.id}: ${one.help} at ${one.nodes.slice(0, 3).map((node) => node.target.join(' ') + ' ' + (node.any[0]?.message ?? '')).join('; ')}`);
}

export function expect(good, what) {
  if (!good) throw new Error(what);
}

export function same(found, wanted, what) {
  expect(JSON.stringify(found) === JSON.stringify(wanted), `${what}: expected ${JSON.stringify(wanted)} but found ${JSON.stringify(found)}`);
}

const only = process.argv[2]; // for the inner loop: a part of a check's name

/** Runs one check and tells how it went. */
export async function check(name, body) {
  if (only && !name.includes(only)) return;
  const started = performance.now();
  let why = null;
  try {
    await body();
  } catch (fault) {
    why = fault.stack ?? String(fault);
  }
  process.stdout.write(JSON.stringify({ name, why, ms: Math.round(performance.now() - started) }) + '\n');
}
