// The page against a monitor that says what the checks want. One line of JSON a check, see kit.mjs.
// Environment: ISLET_PAGE (the page's folder), ISLET_SHOTS (where screenshots go), ISLET_CHROMIUM.

import { readdir, readFile, stat, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { browser, open, view, violations, check, expect, same, VIEWS } from './kit.mjs';
import { Fake, HOSTILE, MAC } from './fake.mjs';

const folder = process.env.ISLET_PAGE;
const shots = process.env.ISLET_SHOTS;
await mkdir(shots, { recursive: true });

const BUDGET = 150_000; // bytes of the whole page, not compressed

const chrome = await browser();

/** A fake and a page on it that has had its first sample; ends both. */
async function opened(options, body) {
  const fake = new Fake(folder);
  await fake.start();
  const page = await open(chrome, fake.url, options);
  try {
    await page.waitForSelector('.tile');
    await body(page, fake);
    const refusals = await page.evaluate(() => globalThis.refusals);
    same(refusals, [], 'refusals by the content security policy');
    same(page.faults, [], 'faults in the console');
    expect(!(await page.evaluate(() => 'pwned' in globalThis)), 'a text from the network ran as script');
  } finally {
    await page.context().close();
    fake.stop();
  }
}

const text = (page, selector) => page.locator(selector).first().innerText();
const card = (name) => `.service:has(h3:has-text("${name}"))`;

async function until(page, what, condition, argument) {
  try {
    await page.waitForFunction(condition, argument);
  } catch {
    throw new Error('never came: ' + what);
  }
}

/** The view with records in it, so that there is something to look at. */
async function fill(page, fake, hash) {
  await view(page, hash);
  if (hash.startsWith('#/trace') || hash.startsWith('#/ladder')) {
    await listening(page);
    await page.getByRole('button', { name: 'Clear' }).click();
    fake.story(HOSTILE);
    const answer = page.locator('.records button, .rung').filter({ hasText: 'Answered' }).filter({ hasText: 'NOERROR' });
    await answer.locator('visible=true').first().click();
    await page.waitForSelector('.fields-table');
  } else if (hash.startsWith('#/history')) await page.waitForSelector('.plot .line');
  else if (hash.startsWith('#/map')) await page.waitForSelector('.node');
  else if (hash.startsWith('#/tables')) await page.waitForSelector('tbody tr');
}

async function listening(page) {
  await until(page, 'a trace that listens', () => document.querySelector('[role=status].quiet')?.textContent.startsWith('listening'));
}

await check('all files together stay within the budget', async () => {
  let sum = 0;
  for (const name of await readdir(folder)) sum += (await stat(join(folder, name))).size;
  expect(sum <= BUDGET, `${sum} bytes`);
});

await check('the frame is painted though no figure has come', async () => {
  const fake = new Fake(folder);
  await fake.start();
  fake.held = true;
  const page = await open(chrome, fake.url);
  try {
    await until(page, 'the frame', () => document.querySelectorAll('nav a').length >= 6 && document.querySelectorAll('.tile h3').length >= 6);
    expect(fake.bytesSent <= BUDGET, `${fake.bytesSent} bytes for the first view`);
    same(await text(page, '#pulse'), 'connecting', 'the pulse');
    // For people, not asserted: a machine that does other things too paints late.
    const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
    await writeFile(join(shots, 'first-paint.txt'), `first contentful paint ${Math.round(paint)} ms, first view ${fake.bytesSent} bytes\n`);
  } finally {
    await page.context().close();
    fake.stop();
  }
});

await check('figures move with the samples, and rise under load', () =>
  opened({}, async (page, fake) => {
    const questions = `${card('DNS')} .figures .number`;
    const before = Number(await text(page, questions));
    fake.tick(5);
    await until(page, 'another figure', ([where, was]) => Number(document.querySelector(where).textContent) !== was, ['.service:nth-child(2) .figures .number', before]);
    fake.load(40);
    fake.tick();
    await until(page, 'a figure under load', (where) => Number(document.querySelector(where).textContent) > 100, '.service:nth-child(2) .figures .number');
    expect((await page.locator('.tile .spark .line').first().getAttribute('d')).includes('L'), 'a line of the last samples');
  }),
);

for (const [state, why] of [
  ['down', 'connection refused'],
  ['hung', 'no answer within 2 s'],
  ['lying', 'says ready, but its state is no JSON'],
  ['starting', null],
]) {
  await check(`a service that is ${state} is shown so with the next sample, in words`, () =>
    opened({}, async (page, fake) => {
      fake.state('dns', state, why);
      fake.tick(); // one second, and no more: a later sample does not come
      await until(page, state, (wanted) => document.querySelector('.service:nth-child(2) .badge').innerText === wanted, state);
      if (why) same(await text(page, `${card('DNS')} .why`), why, 'why');
      if (state === 'down') same(await text(page, `${card('DNS')} .figures dd`), 'unknown', 'a figure that nobody can know');
      expect((await text(page, '#say')).includes(`DNS is ${state}`), 'said to a screen reader');
      fake.state('dns', 'up');
      fake.tick();
      await until(page, 'up again', () => document.querySelector('.service:nth-child(2) .badge').innerText === 'up');
    }),
  );
}

await check('what is unknown is said, and is never 0', () =>
  opened({}, async (page) => {
    const power = page.locator('.tile', { hasText: 'Power' });
    expect((await power.innerText()).includes('unknown'), 'throttle flags that the board does not tell');
    const row = page.locator('tbody tr', { hasText: 'wlan0' });
    expect(!/\b0\b/.test((await row.innerText()).replace('wlan0', '')), 'an interface that is down counts no zeros');
    await page.locator(`${card('DNS')} summary`).click();
    expect((await text(page, `${card('DNS')} details`)).includes('memory cgroup is off'), 'why the memory of a container is unknown');
  }),
);

await check('alerts come, are said, and go', () =>
  opened({}, async (page, fake) => {
    expect(await page.locator('.no-alerts').isVisible(), 'no alerts');
    fake.alerts([{ rule: 'memory-low', since: fake.time, severity: 'critical', text: `memory is low ${HOSTILE}` }]);
    fake.tick();
    await page.waitForSelector('.alerts li');
    expect((await text(page, '.alerts li')).startsWith('Critical'), 'the severity in words');
    expect((await text(page, '#say')).includes('memory is low'), 'said to a screen reader');
    fake.alerts([]);
    fake.tick();
    await page.waitForSelector('.no-alerts:visible');
  }),
);

await check('a lost monitor is said, and found again', () =>
  opened({}, async (page, fake) => {
    fake.cut();
    await until(page, 'loss', () => document.getElementById('pulse').dataset.state === 'lost');
    await until(page, 'life', () => document.getElementById('pulse').dataset.state === 'live');
    page.faults.length = 0; // the browser itself reports the broken stream
  }),
);

await check('history has charts of an hour, a day and a month, a cursor for keys, and each a table', () =>
  opened({}, async (page, fake) => {
    await fill(page, fake, '#/history');
    const cpu = page.locator('.chart', { hasText: 'CPU' });
    for (const span of ['1 day', '30 days', '1 hour']) {
      await page.getByRole('button', { name: span }).click();
      await page.waitForSelector('.plot .line');
      same(await page.getByRole('button', { name: span }).getAttribute('aria-pressed'), 'true', span);
    }
    const plot = cpu.getByRole('slider');
    const now = await plot.getAttribute('aria-valuetext');
    await plot.focus();
    await page.keyboard.press('Home');
    const then = await plot.getAttribute('aria-valuetext');
    expect(then !== now && /CPU \d/.test(then), `the cursor moved: ${now} to ${then}`);
    await cpu.getByRole('button').click();
    const rows = cpu.locator('tbody tr');
    expect((await rows.count()) > 30, 'a table of the values');
    expect((await cpu.locator('table').innerText()).includes('unknown'), 'a gap is unknown in the table');
    await until(page, 'the chart of an interface nobody knows', () => {
      const chart = [...document.querySelectorAll('.chart')].find((one) => one.innerText.startsWith('wlan0'));
      chart.scrollIntoView();
      return chart.textContent.includes('unknown in this span');
    });
    await page.getByRole('button', { name: 'DNS' }).click();
    await until(page, 'charts of DNS', () => [...document.querySelectorAll('.chart h3')].some((one) => one.textContent === 'Questions'));
  }),
);

await check('the hour goes on with each sample', () =>
  opened({}, async (page, fake) => {
    await fill(page, fake, '#/history');
    const plot = page.locator('.chart', { hasText: 'CPU' }).getByRole('slider');
    const before = await plot.getAttribute('aria-valuetext');
    fake.load(50);
    fake.tick(3);
    await until(page, 'another value at the end', ([was]) => document.querySelector('.plot').getAttribute('aria-valuetext') !== was, [before]);
    expect((await plot.getAttribute('aria-valuetext')).includes('100'), 'the newest value is that of the sample');
  }),
);

await check('the map shows services, interfaces, neighbours and clients, and a state that changes', () =>
  opened({}, async (page, fake) => {
    await fill(page, fake, '#/map');
    same(await page.locator('.node.service').count(), 6, 'services');
    same(await page.locator('.node.interface').count(), 2, 'interfaces');
    same(await page.locator('.node.neighbor').count(), 2, 'neighbours');
    expect((await page.locator('.node.client').count()) > 5, 'clients');
    expect((await page.locator('.edge').count()) > 10, 'links');
    fake.state('web', 'down', 'connection refused');
    fake.tick();
    await until(page, 'down on the map', () => document.querySelector('.node[data-id=web]').textContent.includes('down'));
    await page.locator('summary').click();
    expect((await text(page, 'details tbody')).includes(HOSTILE), 'the table of the map says a hostile name as it is');
  }),
);

await check('tables filter, sort and say why they are empty', () =>
  opened({}, async (page, fake) => {
    await fill(page, fake, '#/tables/leases');
    expect((await page.locator('tbody tr').count()) === 37, 'all leases');
    await page.getByLabel('Filter').fill('phone');
    await until(page, 'one lease', () => document.querySelectorAll('tbody tr').length === 1);
    await page.getByLabel('Filter').fill('');
    await until(page, 'all leases', () => document.querySelectorAll('tbody tr').length === 37);
    await page.getByRole('button', { name: 'Address', exact: true }).click();
    same(await page.locator('thead th').first().getAttribute('aria-sort'), 'ascending', 'sorted');
    same(await text(page, 'tbody th'), '192.168.7.9', 'by number, not by letter');
    expect((await text(page, 'tbody tr')).includes('unknown'), 'a lease without a name');
    for (const name of ['Queries', 'Sessions', 'Calls', 'Routes']) {
      await page.getByRole('link', { name, exact: true }).click();
      await until(page, name, (wanted) => document.querySelector('caption').textContent === wanted && document.querySelector('tbody tr'), name);
    }
    fake.state('router', 'down');
    await until(page, 'why', () => document.querySelector('.tables [role=status]').textContent.includes('router is down'));
  }),
);

await check('a trace runs live; its bytes and its fields light each other', () =>
  opened({}, async (page, fake) => {
    await view(page, '#/trace/dns');
    await listening(page);
    fake.story();
    await until(page, 'records', () => document.querySelectorAll('.records button').length === 4);
    await page.locator('.records button', { hasText: 'Asked' }).click();
    await page.waitForSelector('.fields-table');
    const name = page.locator('.fields-table tr', { hasText: 'question name' });
    await name.getByRole('button').focus();
    same(await page.locator('.byte.lit').first().getAttribute('data-at'), '12', 'the first byte of the name');
    same(await page.locator('.byte.lit').count(), 17, 'its bytes');
    await page.locator('.byte').first().hover();
    same(await page.locator('.fields-table tr.lit th').innerText(), 'ID', 'the field of a byte');
    await page.keyboard.press('ArrowDown');
    same(await page.locator('.fields-table tr.lit th').innerText(), 'question type', 'arrows move between fields');
    expect((await page.getByRole('link', { name: /Capture DNS/ }).getAttribute('href')) === '/api/capture.pcapng?service=dns&seconds=10', 'a capture');
    await page.getByRole('button', { name: 'Pause' }).click();
    fake.story();
    fake.tick();
    same(await page.locator('.records button').count(), 4, 'nothing moves while it is paused');
    await page.getByRole('button', { name: 'Pause' }).click();
    await until(page, 'what came meanwhile', () => document.querySelectorAll('.records button').length === 8);
    await page.getByLabel('Filter').fill('upstreamsaid');
    await until(page, 'two records', () => document.querySelectorAll('.records button').length === 2);
    await view(page, '#/');
    await until(page, 'nobody listens', () => true);
    for (let i = 0; fake.traceListeners > 0 && i < 100; i++) await page.waitForTimeout(50);
    same(fake.traceListeners, 0, 'the services are asked to tell only while somebody looks');
  }),
);

await check('a ladder joins DHCP, DNS and HTTP of one client', () =>
  opened({}, async (page, fake) => {
    await view(page, `#/ladder/${encodeURIComponent(MAC)}`);
    await listening(page);
    fake.story();
    await until(page, 'eleven rungs', () => document.querySelectorAll('.rung').length === 11);
    const ways = await page.locator('.rung').evaluateAll((all) => all.map((one) => one.dataset.way));
    same(ways, ['in', 'out', 'in', 'note', 'out', 'in', 'up', 'back', 'out', 'in', 'out'], 'ways');
    same(await page.locator('.life-name').evaluateAll((all) => all.map((one) => one.firstChild.textContent)), ['laptop', 'DHCP', 'DNS', 'Web', 'upstream'], 'who takes part');
    await page.locator('.rung').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.dump');
    expect((await text(page, '.detail')).includes('OFFER'), 'the second rung in full');
    await page.locator('summary').click();
    await until(page, 'the same as a table', () => document.querySelectorAll('details tbody tr').length === 11);
    fake.record({ service: 'dns', time: fake.time + 9000, kind: 'Asked', note: 'another client', fields: {}, packet: { transport: 'udp', from: '192.168.7.121:4000', to: '192.168.7.1:53', hex: '00' }, client: '192.168.7.121' });
    await until(page, 'another client to choose', () => document.querySelectorAll('#client option').length === 3);
    same(await page.locator('.rung').count(), 11, 'and none of it in this picture');
  }),
);

await check('the ladder and the map can be saved as pictures', () =>
  opened({}, async (page, fake) => {
    for (const [hash, wanted] of [['#/ladder', 'UpstreamSaid'], ['#/map', 'eth0']]) {
      await fill(page, fake, hash);
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save picture' }).click()]);
      const picture = await readFile(await file.path(), 'utf8');
      const said = await page.evaluate((text) => {
        const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
        return { root: parsed.documentElement.tagName, text: parsed.documentElement.textContent, filled: parsed.querySelector('text').getAttribute('fill') };
      }, picture);
      same(said.root, 'svg', 'a picture that can be read');
      expect(said.text.includes(wanted) && said.text.includes(HOSTILE), 'what it tells');
      expect(said.filled.startsWith('rgb'), 'colours of its own');
      await writeFile(join(shots, await file.suggestedFilename()), picture);
    }
  }),
);

await check('an address that no view has leads to the overview', () =>
  opened({}, async (page) => {
    await page.evaluate(() => (location.hash = '#/tables/%zz'));
    await until(page, 'a table', () => document.querySelector('caption')?.textContent === 'Leases');
    await page.evaluate(() => (location.hash = '#/__proto__'));
    await until(page, 'the overview', () => document.getElementById('main').dataset.view === 'overview');
  }),
);

await check('a reload asks for a token, keeps it only in memory, and tells what came of it', () =>
  opened({}, async (page, fake) => {
    await page.getByRole('button', { name: /Reload .* DNS/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/token/i).fill('wrong');
    await dialog.getByRole('button', { name: 'Reload' }).click();
    await until(page, 'refusal', () => document.querySelector('.result').textContent.startsWith('Refused'));
    page.faults.length = 0; // the browser itself reports the 401
    await dialog.getByLabel(/token/i).fill(fake.token);
    await page.keyboard.press('Enter');
    await until(page, 'success', () => document.querySelector('.result').textContent.includes('zones.home.arpa'));
    expect((await text(page, '.result')).includes(HOSTILE), 'a key as it is');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /Reload .* FTP/ }).click();
    same(await page.getByRole('dialog').getByLabel(/token/i).inputValue(), fake.token, 'asked once');
    await page.getByRole('dialog').getByRole('button', { name: 'Reload' }).click();
    await until(page, 'why not', () => document.querySelector('.result').textContent.includes('near listen'));
    page.faults.length = 0; // the browser itself reports the 409
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]));
    expect(!kept.includes(fake.token), 'nothing kept');
    same(await violations(page), [], 'axe');
    await page.reload();
    await page.waitForSelector('.tile');
    await page.getByRole('button', { name: /Reload .* DNS/ }).click();
    same(await page.getByRole('dialog').getByLabel(/token/i).inputValue(), '', 'gone with the page');
  }),
);

await check('hostile names are text in every view', () =>
  opened({}, async (page, fake) => {
    fake.alerts([{ rule: HOSTILE, since: fake.time, severity: 'warning', text: HOSTILE }]);
    fake.state('dns', 'lying', HOSTILE);
    fake.tick();
    const wanted = { '#/': '.why', '#/map': '.node.client', '#/tables/leases': 'tbody', '#/tables/queries': 'tbody', '#/trace': '.records', '#/ladder': '.ladder-drawing' };
    for (const [hash, where] of Object.entries(wanted)) {
      await fill(page, fake, hash);
      await until(page, `the name as text in ${hash}`, ([selector, name]) => [...document.querySelectorAll(selector)].some((one) => one.textContent.includes(name)), [where, HOSTILE]);
      same(await page.locator('main img, main script').count(), 0, 'elements made of a name in ' + hash);
    }
  }),
);

await check('the keyboard reaches all, in the order of the page, and sees where it is', () =>
  opened({}, async (page, fake) => {
    await page.keyboard.press('Tab');
    same(await page.evaluate(() => document.activeElement.textContent), 'Skip to content', 'first');
    for (const hash of VIEWS) {
      await fill(page, fake, hash);
      await page.evaluate(() => {
        document.activeElement.blur();
        scrollTo(0, 0);
      });
      const reachable = await page.evaluate(
        () => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')].filter((one) => one.checkVisibility() && one.tabIndex >= 0 && !one.disabled).length,
      );
      const seen = await page.evaluate(() => {
        globalThis.reached = new Set();
        return 0;
      });
      expect(seen === 0, '');
      for (let i = 0; i < reachable + 5; i++) {
        await page.keyboard.press('Tab');
        const hidden = await page.evaluate(() => {
          const now = document.activeElement;
          globalThis.reached.add(now);
          if (now === document.body) return null;
          const box = now.getBoundingClientRect();
          return box.width > 0 && box.height > 0 ? null : now.outerHTML.slice(0, 120);
        });
        expect(hidden === null, `in ${hash} the focus is on what nobody sees: ${hidden}`);
      }
      const missed = await page.evaluate(() =>
        [...document.querySelectorAll('main a[href], main button, main input, main select, main summary, main [tabindex="0"]')]
          .filter((one) => one.checkVisibility() && one.tabIndex >= 0 && !one.disabled && !globalThis.reached.has(one))
          .map((one) => one.outerHTML.slice(0, 100)),
      );
      same(missed, [], `not reached in ${hash}`);
    }
  }),
);

await check('views have titles and addresses of their own, and the way back works', () =>
  opened({}, async (page) => {
    for (const [link, title] of [['Map', 'Map'], ['Tables', 'Tables'], ['Overview', 'Overview']]) {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: link }).click();
      await until(page, title, (wanted) => document.title.startsWith(wanted), title);
      same(await page.locator('nav [aria-current=page]').innerText(), link, 'the view that is shown');
      same(await page.evaluate(() => document.activeElement.id), 'main', 'the focus goes to the view');
    }
    await page.goBack();
    await until(page, 'the view before', () => document.title.startsWith('Tables'));
  }),
);

await check('the theme can be chosen and is kept; motion is off where it is unwanted', () =>
  opened({ reducedMotion: 'reduce' }, async (page) => {
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await ground();
    await page.getByRole('button', { name: /Theme/ }).click();
    await page.getByRole('button', { name: /Theme/ }).click();
    same(await text(page, '#theme'), 'Theme: dark', 'chosen');
    expect((await ground()) !== light, 'another ground');
    await page.reload();
    await page.waitForSelector('.tile');
    same(await text(page, '#theme'), 'Theme: dark', 'kept');
    const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((one) => parseFloat(getComputedStyle(one).transitionDuration) > 0 || getComputedStyle(one).animationName !== 'none').length);
    same(moving, 0, 'things that move');
  }),
);

// Every view at three widths, light and dark: nothing wider than the screen, nothing axe minds.
for (const colorScheme of ['light', 'dark']) {
  for (const width of [320, 768, 1440]) {
    await check(`all views at ${width} px, ${colorScheme}: axe finds nothing, nothing is wider than the screen`, () =>
      opened({ colorScheme, viewport: { width, height: 900 } }, async (page, fake) => {
        fake.alerts([{ rule: 'service-down', since: fake.time, severity: 'critical', text: 'FTP is down: connection refused' }]);
        fake.state('ftp', 'down', 'connection refused on 127.0.0.1:9021');
        fake.state('voip', 'hung', 'no answer within 2 s');
        fake.state('router', 'lying', 'says that it is ready, but its state is no JSON');
        fake.tick(90);
        for (const hash of VIEWS) {
          await fill(page, fake, hash);
          await settle(page);
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          expect(over <= 0, `${hash} is ${over} px wider than the screen`);
          const name = hash.replace(/^#\/?/, '').split('/')[0] || 'overview';
          await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: true });
          same(await violations(page), [], `axe in ${hash}`);
        }
      }),
    );
  }
}

/** Charts are drawn when they come into sight. */
async function settle(page) {
  await page.evaluate(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 500) {
      scrollTo(0, y);
      await new Promise(requestAnimationFrame);
    }
    scrollTo(0, 0);
    await new Promise(requestAnimationFrame);
  });
}

await chrome.close();
