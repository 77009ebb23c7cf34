// The page on the real monitor with real services, and a client that uses them.
// Environment: ISLET_URL, ISLET_DNS, ISLET_DHCP, ISLET_WEB (host:port), ISLET_CONTROL, ISLET_TOKEN, ISLET_SHOTS.

import { createSocket } from 'node:dgram';
import { get } from 'node:http';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { browser, open, view, violations, check, expect, same, VIEWS } from './kit.mjs';
import { dnsQuery, dhcpMessage } from './messages.mjs';

const { ISLET_URL, ISLET_DNS, ISLET_DHCP, ISLET_WEB, ISLET_CONTROL, ISLET_TOKEN, ISLET_SHOTS } = process.env;
const MAC = 'dc:a6:32:0a:0b:0c';

await mkdir(ISLET_SHOTS, { recursive: true });
const chrome = await browser();
const page = await open(chrome, ISLET_URL);
let lease = null;

const hostOf = (address) => address.split(':')[0];
const portOf = (address) => Number(address.split(':')[1]);

/** Sends a datagram until it is answered, as a client does. */
function ask(server, bytes, from = '127.0.0.1') {
  return new Promise((done, failed) => {
    const socket = createSocket('udp4');
    let tries = 0;
    const send = () => (++tries > 20 ? failed(new Error(`${server} does not answer`)) : socket.send(bytes, portOf(server), hostOf(server)));
    const timer = setInterval(send, 500);
    socket.on('message', (answer) => {
      clearInterval(timer);
      socket.close(() => done(answer));
    });
    socket.on('error', failed);
    socket.bind(0, from, send);
  });
}

const lookUp = (name, from) => ask(ISLET_DNS, Buffer.from(dnsQuery(1 + Math.floor(performance.now() % 60000), name), 'hex'), from);

/** DISCOVER, OFFER, REQUEST, ACK; gives the address. */
async function join_() {
  const xid = 0x51e70001;
  const message = (type, more) => {
    const bytes = Buffer.from(dhcpMessage(type, xid, MAC), 'hex');
    return Buffer.concat([bytes.subarray(0, 243), Buffer.from(more), Buffer.from([12, 6]), Buffer.from('laptop'), Buffer.from([255])]);
  };
  const offer = await ask(ISLET_DHCP, message(1, []));
  const address = [...offer.subarray(16, 20)];
  const server = [...option(offer, 54)];
  const ack = await ask(ISLET_DHCP, message(3, [50, 4, ...address, 54, 4, ...server]));
  same(option(ack, 53)[0], 5, 'the server acknowledges');
  return address.join('.');
}

function option(bytes, wanted) {
  for (let at = 240; at < bytes.length && bytes[at] !== 255; at += 2 + bytes[at + 1]) {
    if (bytes[at] === wanted) return bytes.subarray(at + 2, at + 2 + bytes[at + 1]);
  }
  throw new Error('no option ' + wanted);
}

function openPage(from) {
  return new Promise((done, failed) => {
    get({ host: hostOf(ISLET_WEB), port: portOf(ISLET_WEB), path: '/', localAddress: from, headers: { Host: 'www.home.arpa' } }, (answer) => {
      answer.resume().on('end', () => done(answer.statusCode));
    }).on('error', failed);
  });
}

async function until(what, condition, argument) {
  try {
    await page.waitForFunction(condition, argument);
  } catch {
    throw new Error(`never came: ${what}; the page says: ${(await page.locator('main').innerText()).slice(0, 600)}`);
  }
}

const picture = (name) => page.screenshot({ path: join(ISLET_SHOTS, `real-${name}.png`), fullPage: true });

await check('the services that run are up', async () => {
  await until('three services that are up', () => [...document.querySelectorAll('.service .badge')].filter((one) => one.textContent === 'up').length >= 3);
});

await check('figures move under load', async () => {
  const socket = createSocket('udp4');
  const bytes = Buffer.from(dnsQuery(7, 'www.home.arpa'), 'hex');
  const timer = setInterval(() => {
    for (let i = 0; i < 20; i++) socket.send(bytes, portOf(ISLET_DNS), hostOf(ISLET_DNS));
  }, 50);
  try {
    await until('more than a hundred questions a second', () => {
      const card = [...document.querySelectorAll('.service')].find((one) => one.querySelector('h3').textContent.startsWith('DNS'));
      return parseFloat(card.querySelector('.figures .number').textContent.replace(/\u202f/g, '')) > 100;
    });
    await picture('overview');
  } finally {
    clearInterval(timer);
    socket.close();
  }
});

await check('history has charts with values', async () => {
  await view(page, '#/history');
  await until('a line', () => document.querySelector('.plot .line'));
  await page.getByRole('button', { name: 'DNS' }).click();
  await until('questions', () => [...document.querySelectorAll('.chart h3')].some((one) => one.textContent === 'Questions'));
  await picture('history');
});

await check('the map shows the services that run', async () => {
  await view(page, '#/map');
  await until('dns on the map', () => document.querySelector('.node.service[data-id=dns]')?.textContent.includes('up'));
  await picture('map');
});

await check('a client gets an address, asks for a name, opens a page: one ladder', async () => {
  await view(page, '#/ladder');
  await until('a trace that listens', () => document.querySelector('.ladder > [role=status]').textContent.startsWith('listening'));
  lease = await join_();
  await lookUp('nas.home.arpa', lease);
  same(await openPage(lease), 200, 'the page');
  await until('rungs of three services', () => ['DHCP', 'DNS', 'Web'].every((name) => [...document.querySelectorAll('.life-name')].some((one) => one.textContent.startsWith(name))));
  await page.evaluate((mac) => (location.hash = '#/ladder/' + encodeURIComponent(mac)), MAC);
  await until('all of it in the ladder of that client', () => {
    const names = [...document.querySelectorAll('.life-name')].map((one) => one.firstChild.textContent);
    return names.includes('laptop') && ['DHCP', 'DNS', 'Web'].every((name) => names.includes(name));
  });
  await picture('ladder');
});

await check('the lease is in the table, and can be found', async () => {
  await view(page, '#/tables/leases');
  await page.getByLabel('Filter').fill('laptop');
  await until('the lease', (address) => [...document.querySelectorAll('tbody tr')].some((one) => one.textContent.includes(address)), lease);
  await picture('tables');
});

await check('the trace annotates the bytes of a question', async () => {
  await view(page, '#/trace/dns');
  await until('a trace that listens', () => document.querySelector('.trace > [role=status]').textContent.startsWith('listening'));
  await lookUp('www.home.arpa');
  const asked = page.locator('.records button').filter({ hasText: 'asks for www.home.arpa' });
  await asked.first().click();
  await until('annotated bytes', () => [...document.querySelectorAll('.fields-table tr')].some((one) => one.textContent.includes('www.home.arpa') && one.textContent.includes('RFC 1035')));
  await picture('trace');
});

await check('axe finds nothing, the console is quiet, the policy refuses nothing', async () => {
  for (const hash of VIEWS) {
    await view(page, hash);
    await page.waitForTimeout(300);
    same(await violations(page), [], `axe in ${hash}`);
  }
  same(page.faults, [], 'faults in the console');
  same(await page.evaluate(() => globalThis.refusals), [], 'refusals');
});

await check('a service that dies is down within three samples; a reload of another works with the token', async () => {
  await view(page, '#/');
  await page.evaluate(async () => {
    const { live } = await import('/assets/live.js');
    globalThis.states = [];
    live.addEventListener('sample', ({ detail }) => globalThis.states.push(detail.sample.services.find((one) => one.name === 'dns').state));
  });
  await until('a sample', () => globalThis.states.length > 0);
  await page.evaluate(() => (globalThis.states.length = 0));
  await fetch(ISLET_CONTROL + '/stop/dns');
  await until('down', () => globalThis.states.includes('down'));
  const before = await page.evaluate(() => globalThis.states.indexOf('down'));
  expect(before <= 3, `it took ${before} samples, one a second`);
  await until('down on the page', () => [...document.querySelectorAll('.service')].some((one) => one.textContent.startsWith('DNS') && one.querySelector('.badge').textContent === 'down'));
  await picture('down');
  await page.getByRole('button', { name: /Reload .* Web/ }).click();
  await page.getByRole('dialog').getByLabel(/token/i).fill(ISLET_TOKEN);
  await page.getByRole('dialog').getByRole('button', { name: 'Reload' }).click();
  await until('what came of it', () => /Nothing had changed|Now in force/.test(document.querySelector('.result')?.textContent));
});

await chrome.close();
