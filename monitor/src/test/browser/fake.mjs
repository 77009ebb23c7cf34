// A monitor that says what the test wants: it serves the page as the real one does, with a strict
// content security policy, and its time passes only when a test says so.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join, basename, extname } from 'node:path';
import { dnsQuery, dnsAnswer, dhcpMessage, explain } from './messages.mjs';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const TOKEN = 'a-token-of-the-test';
const HOUR = 3600;

export const HOSTILE = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';
export const MAC = 'dc:a6:32:01:02:03';
export const CLIENT = '192.168.7.120';

export class Fake {
  token = TOKEN;
  bytesSent = 0;
  requests = [];
  held = false; // answers to /api are held back
  #folder;
  #server;
  #live = new Set();
  #traces = new Set();
  #seconds = 0;
  #start = Date.now() - 3_600_000;
  #states = new Map();
  #alerts = [];
  #load = 1;
  #xid = 0x3a5c0001;

  constructor(folder) {
    this.#folder = folder;
  }

  async start() {
    this.#server = createServer((request, response) => this.#serve(request, response));
    await new Promise((done) => this.#server.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get time() {
    return this.#start + this.#seconds * 1000;
  }

  /** How many pages listen for samples. */
  get listeners() {
    return this.#live.size;
  }

  get traceListeners() {
    return this.#traces.size;
  }

  /** One second passes: every page gets a sample. */
  tick(times = 1) {
    for (let i = 0; i < times; i++) {
      this.#seconds++;
      this.#tell(this.#live, 'sample', this.#sample());
    }
  }

  state(service, state, why = null) {
    this.#states.set(service, { state, why });
  }

  load(factor) {
    this.#load = factor;
  }

  alerts(alerts) {
    this.#alerts = alerts;
  }

  /** Ends every stream, as a restart of the monitor does. */
  cut() {
    for (const one of [...this.#live, ...this.#traces]) one.response.destroy();
  }

  record(record) {
    for (const one of this.#traces) {
      if (one.services.has('all') || one.services.has(record.service)) this.#tell([one], 'record', record);
    }
  }

  /** A client joins: four messages of DHCP, a name looked up (upstream too), a page. */
  story(name = 'www.example.net') {
    let at = this.time;
    const tell = (service, kind, after, note, fields, packet, client) => {
      at += after;
      this.record({ service, time: at, kind, note, fields: { note, ...fields }, packet, client });
    };
    const xid = ++this.#xid;
    const udp = (from, to, hex) => ({ transport: 'udp', from, to, hex });
    const server = '192.168.7.1';
    const offer = (type) => dhcpMessage(type, xid, MAC, type === 2 || type === 5 ? CLIENT : '0.0.0.0');
    tell('dhcp', 'Received', 0, `${MAC} asks who gives addresses`, { message: 'DISCOVER' }, udp('0.0.0.0:68', '255.255.255.255:67', offer(1)), MAC);
    tell('dhcp', 'Sent', 2, `offers ${CLIENT}, free in the pool`, { message: 'OFFER', address: CLIENT }, udp(server + ':67', '255.255.255.255:68', offer(2)), MAC);
    tell('dhcp', 'Received', 9, `${MAC} takes the offer of ${server}`, { message: 'REQUEST' }, udp('0.0.0.0:68', '255.255.255.255:67', offer(3)), MAC);
    tell('dhcp', 'Granted', 3, `${MAC} has ${CLIENT} for 8 h`, { address: CLIENT, lease: 28800 }, null, MAC);
    tell('dhcp', 'Sent', 1, `acknowledges ${CLIENT}`, { message: 'ACK', address: CLIENT }, udp(server + ':67', '255.255.255.255:68', offer(5)), MAC);
    const port = CLIENT + ':41877';
    tell('dns', 'Asked', 2300, `${port} asks for ${name} A`, { name, type: 'A' }, udp(port, server + ':53', dnsQuery(xid & 0xffff, name)), CLIENT);
    tell('dns', 'Forwarded', 1, `${name} A to 9.9.9.9, first try`, { name, type: 'A', attempt: 1 }, udp(server + ':50122', '9.9.9.9:53', dnsQuery(7, name)), null);
    tell('dns', 'UpstreamSaid', 14, `9.9.9.9 knows ${name}`, { name, accepted: true }, udp('9.9.9.9:53', server + ':50122', dnsAnswer(7, name, '192.0.2.7')), null);
    tell('dns', 'Answered', 1, `${name} A → NOERROR, 1 record from upstream`, { name, cached: false }, udp(server + ':53', port, dnsAnswer(xid & 0xffff, name, '192.0.2.7')), CLIENT);
    const get = Buffer.from('GET / HTTP/1.1\r\nHost: www.home.arpa\r\n\r\n').toString('hex');
    const ok = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello').toString('hex');
    const tcp = (from, to, hex) => ({ transport: 'tcp', from, to, hex });
    tell('web', 'Requested', 21, `GET / of www.home.arpa`, { site: 'www.home.arpa', path: '/' }, tcp(CLIENT + ':50338', server + ':80', get), CLIENT);
    tell('web', 'Answered', 4, `200, 5 bytes from files`, { status: 200 }, tcp(server + ':80', CLIENT + ':50338', ok), CLIENT);
  }

  async #serve(request, response) {
    const url = new URL(request.url, 'http://fake');
    this.requests.push(url.pathname);
    response.setHeader('Content-Security-Policy', "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'");
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (url.pathname === '/' || url.pathname.startsWith('/assets/')) return this.#file(url.pathname, response);
    if (this.held) return;
    const service = url.searchParams.get('service');
    switch (url.pathname) {
      case '/api/now':
        return this.#json(response, this.#sample());
      case '/api/live': {
        const one = this.#stream(response, this.#live);
        return this.#tell([one], 'sample', this.#sample());
      }
      case '/api/trace':
        this.#stream(response, this.#traces).services = new Set(service.split(','));
        return;
      case '/api/series':
        return this.#json(response, this.#series());
      case '/api/history':
        return this.#json(response, this.#history(url.searchParams));
      case '/api/map':
        return this.#json(response, this.#map());
      case '/api/explain': {
        const fields = explain(service, url.searchParams.get('hex'));
        return this.#json(response, fields);
      }
      case '/api/reload':
        if (request.headers.authorization !== `Bearer ${TOKEN}`) return this.#json(response, { error: 'no' }, 401);
        return service === 'dns'
          ? this.#json(response, { changed: ['zones.home.arpa', HOSTILE], needsRestart: ['listen'] })
          : this.#json(response, { why: `${service}.yaml:3:1 unknown key "liste", near listen` }, 409);
      default:
        if (url.pathname.startsWith('/api/table/')) return this.#json(response, this.#table(basename(url.pathname), url.searchParams));
        return this.#json(response, { error: 'no such page' }, 404);
    }
  }

  async #file(path, response) {
    const name = path === '/' ? 'index.html' : basename(path);
    try {
      const bytes = await readFile(join(this.#folder, name));
      this.bytesSent += bytes.length;
      response.writeHead(200, { 'Content-Type': TYPES[extname(name)] + '; charset=utf-8', 'Cache-Control': 'no-cache' });
      response.end(bytes);
    } catch {
      this.#json(response, { error: 'no such file' }, 404);
    }
  }

  #json(response, value, status = 200) {
    response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(value));
  }

  #stream(response, set) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(': listening\n\n');
    const one = { response };
    set.add(one);
    response.on('close', () => set.delete(one));
    return one;
  }

  #tell(streams, event, value) {
    for (const { response } of streams) response.write(`event: ${event}\ndata: ${JSON.stringify(value)}\n\n`);
  }

  /** A value that wanders without chance, so that a test sees the same each time. */
  #wave(base, part, phase = 0, at = this.#seconds) {
    return Math.max(0, base * (1 + part * Math.sin(at / 7 + phase) + (part / 2) * Math.sin(at / 2.3 + phase * 3)));
  }

  #sample() {
    const busy = this.#load;
    return {
      time: this.time,
      host: { name: 'pi', model: 'Raspberry Pi 4 Model B Rev 1.4', kernel: '6.12.47', uptime: 312_045 + this.#seconds, java: '25.0.3' },
      board: {
        cpu: Math.min(1, this.#wave(0.14 * busy, 0.4)),
        cores: [0, 1, 2, 3].map((i) => Math.min(1, this.#wave(0.14 * busy, 0.6, i))),
        load: [this.#wave(0.42 * busy, 0.2), 0.38, 0.31],
        frequency: 1_500_000_000,
        memory: { total: 3_980_000_000, available: 3_100_000_000 - 4e6 * Math.sin(this.#seconds / 9), swapTotal: 104_857_600, swapUsed: 0 },
        disk: { path: '/data', total: 31_268_536_320, free: 22_105_382_912, readRate: 0, writeRate: this.#wave(20_480, 0.8) },
        temperature: this.#wave(48.3, 0.02),
        throttle: null,
      },
      interfaces: [
        { name: 'eth0', up: true, addresses: ['192.168.7.1/24', 'fd12:3456:789a::1/64'], rxRate: this.#wave(182_000 * busy, 0.5), txRate: this.#wave(951_000 * busy, 0.5, 2), rxErrors: 0, txErrors: 0 },
        { name: 'eth1', up: true, addresses: ['10.0.12.1/30'], rxRate: this.#wave(9_300, 0.7, 1), txRate: this.#wave(4_100, 0.7), rxErrors: 3, txErrors: 0 },
        { name: 'wlan0', up: false, addresses: [], rxRate: null, txRate: null, rxErrors: null, txErrors: null },
      ],
      services: this.#services(busy),
      alerts: this.#alerts,
      monitor: { cpu: 0.003, rss: 38_797_312 },
    };
  }

  #services(busy) {
    const figure = (key, label, value, unit, main = false) => ({ key, label, value, unit, main });
    const one = (name, endpoints, rss, figures, extra = {}) => {
      const { state = 'up', why = null } = this.#states.get(name) ?? {};
      const gone = state !== 'up' && state !== 'lying';
      return {
        name,
        state,
        why,
        address: '127.0.0.1:9053',
        endpoints,
        process: gone ? null : { pid: 812, shared: [name], cpu: this.#wave(0.01 * busy, 0.5, rss), rss, pss: rss * 0.82, threads: 21 },
        container: null,
        figures: gone ? [] : figures,
        ...extra,
      };
    };
    return [
      one('dhcp', ['udp 192.168.7.1:67', 'udp [::]:547'], 34e6, [
        figure('dhcp.exchanges', 'Exchanges', this.#wave(0.4 * busy, 0.9), '/s', true),
        figure('dhcp.pool', 'Pool in use', 0.37, '%', true),
        figure('dhcp.leases', 'Leases', 37, '', true),
        figure('dhcp.refused', 'Refused', 0, '/s'),
      ]),
      one('dns', ['udp 192.168.7.1:53', 'tcp 192.168.7.1:53', 'tls 192.168.7.1:853'], 41e6, [
        figure('dns.questions', 'Questions', this.#wave(12.5 * busy, 0.6), '/s', true),
        figure('dns.latency', 'Answer time, 95 %', 0.00042, 's', true),
        figure('dns.hits', 'From the cache', 0.873, '%', true),
        figure('dns.blocked', 'Blocked', 0.06, '%', true),
        figure('dns.memory.cache', 'Cache', 1_245_184, 'B'),
        figure('dns.servfail', 'SERVFAIL', 0, '/s'),
      ], {
        container: { name: 'islet-dns-1', cpu: this.#wave(0.012 * busy, 0.5), memory: null, limit: null, note: 'memory cgroup is off: add cgroup_enable=memory to /boot/firmware/cmdline.txt' },
      }),
      one('ftp', ['tcp 192.168.7.1:21'], 36e6, [
        figure('ftp.sessions', 'Sessions', 2, '', true),
        figure('ftp.bytes', 'Transferred', this.#wave(820_000 * busy, 0.4), 'B/s', true),
      ]),
      one('web', ['tcp 192.168.7.1:80', 'tls 192.168.7.1:443'], 39e6, [
        figure('web.requests', 'Requests', this.#wave(3.2 * busy, 0.7), '/s', true),
        figure('web.errors', 'Errors', 0, '/s', true),
      ]),
      one('voip', ['udp 192.168.7.1:5060', 'tls 192.168.7.1:5061'], 37e6, [
        figure('voip.calls', 'Calls', 1, '', true),
        figure('voip.mos', 'Voice quality (MOS)', 4.38, '', true),
        figure('voip.jitter', 'Jitter', 0.0031, 's', true),
        figure('voip.loss', 'Loss', 0.001, '%', true),
      ]),
      one('router', ['ip 89 eth1'], 33e6, [
        figure('router.routes', 'Routes', 14, '', true),
        figure('router.neighbors', 'Neighbours', 2, '', true),
      ]),
    ];
  }

  #series() {
    const list = [
      { key: 'board.cpu', label: 'CPU', unit: '%' },
      { key: 'board.load1', label: 'Load', unit: '' },
      { key: 'board.memory', label: 'Memory', unit: '%' },
      { key: 'board.temperature', label: 'Temperature', unit: '°C' },
      { key: 'board.disk', label: 'Disk', unit: '%' },
    ];
    for (const name of ['eth0', 'eth1', 'wlan0']) {
      list.push({ key: `net.${name}.rx`, label: `${name} received`, unit: 'B/s' }, { key: `net.${name}.tx`, label: `${name} sent`, unit: 'B/s' });
    }
    for (const service of this.#services(1)) {
      for (const { key, label, unit } of service.figures) list.push({ key, label, unit });
      list.push({ key: service.name + '.cpu', label: 'CPU', unit: '%' }, { key: service.name + '.memory', label: 'Memory', unit: 'B' });
    }
    return list;
  }

  #history(asked) {
    const [count, step] = { '1h': [HOUR, 1000], '1d': [1440, 60_000], '30d': [2880, 900_000] }[asked.get('span')];
    const bases = { 'board.cpu': 0.14, 'board.load1': 0.42, 'board.memory': 0.22, 'board.temperature': 48.3, 'board.disk': 0.29, 'dns.questions': 12.5 };
    const series = {};
    for (const key of asked.get('series').split(',')) {
      const base = bases[key] ?? (key.endsWith('.memory') ? 34e6 : key.endsWith('.cpu') ? 0.01 : key.endsWith('.tx') ? 910_000 : key.startsWith('net.') ? 240_000 : 3);
      const part = key.endsWith('memory') || key.endsWith('disk') || key.endsWith('temperature') ? 0.03 : 0.5;
      series[key] = Array.from({ length: count }, (_, i) =>
        // The monitor was off for a while, and one interface is unknown all the time.
        key.startsWith('net.wlan0') || (i > count * 0.3 && i < count * 0.36) ? null : this.#wave(base, part, key.length, i / (count / 300)) + (i % 613 === 0 ? base : 0),
      );
    }
    return { from: this.time - (count - 1) * step, step, series };
  }

  #map() {
    const node = (id, kind, label, detail, state = null) => ({ id, kind, label, detail, state });
    const clients = [
      node('c1', 'client', 'laptop', CLIENT),
      node('c2', 'client', 'phone', '192.168.7.121'),
      node('c3', 'client', HOSTILE, '192.168.7.122'),
      ...Array.from({ length: 14 }, (_, i) => node('c' + (4 + i), 'client', 'sensor-' + i, `192.168.7.${130 + i}`)),
    ];
    const services = [
      ['dhcp', 'DHCP', '192.168.7.1:67', ['udp 67']],
      ['dns', 'DNS', '192.168.7.1:53', ['udp 53', 'tcp 53', 'tls 853']],
      ['ftp', 'FTP', '192.168.7.1:21', ['tcp 21']],
      ['web', 'Web', '192.168.7.1:80', ['tcp 80', 'tls 443']],
      ['voip', 'VoIP', '192.168.7.1:5060', ['udp 5060']],
      ['router', 'Router', 'OSPF, BGP on eth1', ['ip 89']],
    ];
    return {
      nodes: [
        node('board', 'board', 'pi', 'Raspberry Pi 4 Model B Rev 1.4'),
        node('internet', 'internet', 'Internet', 'default route by 10.0.12.2'),
        node('n1', 'neighbor', '10.0.0.2', 'OSPF, full'),
        node('n2', 'neighbor', '10.0.12.2', 'BGP, AS 64501'),
        node('eth0', 'interface', 'eth0', '192.168.7.1/24', 'up'),
        node('eth1', 'interface', 'eth1', '10.0.12.1/30', 'up'),
        ...services.map(([id, label, detail]) => node(id, 'service', label, detail, this.#states.get(id)?.state ?? 'up')),
        ...clients,
      ],
      links: [
        { from: 'internet', to: 'eth1', label: '' },
        { from: 'n1', to: 'eth1', label: '' },
        { from: 'n2', to: 'eth1', label: '' },
        ...services.flatMap(([id, , , labels]) => labels.map((label) => ({ from: id, to: id === 'router' ? 'eth1' : 'eth0', label }))),
        { from: 'dhcp', to: 'dns', label: 'signed updates' },
        { from: 'router', to: 'eth0', label: 'connected' },
        ...clients.map((one) => ({ from: one.id, to: 'eth0', label: '' })),
      ],
    };
  }

  #table(name, asked) {
    const column = (key, label, kind = 'text') => ({ key, label, kind });
    const tables = {
      leases: {
        columns: [column('address', 'Address'), column('mac', 'Hardware address'), column('name', 'Name'), column('state', 'State'), column('expires', 'Expires', 'time')],
        rows: [
          { address: CLIENT, mac: MAC, name: 'laptop', state: 'bound', expires: this.time + 2.6e7 },
          { address: '192.168.7.121', mac: '3c:06:30:aa:bb:cc', name: 'phone', state: 'bound', expires: this.time + 1.1e7 },
          { address: '192.168.7.122', mac: '02:00:00:00:00:01', name: HOSTILE, state: 'bound', expires: this.time + 9e6 },
          { address: '192.168.7.9', mac: null, name: null, state: 'declined', expires: null },
          ...Array.from({ length: 33 }, (_, i) => ({ address: `192.168.7.${130 + i}`, mac: `02:00:00:00:01:${(16 + i).toString(16)}`, name: 'sensor-' + i, state: 'bound', expires: this.time + 1e6 * i })),
        ],
      },
      queries: {
        columns: [column('time', 'Time', 'time'), column('client', 'Client'), column('name', 'Name'), column('type', 'Type'), column('rcode', 'Answer'), column('took', 'Took', 'number')],
        rows: [
          { time: this.time, client: CLIENT, name: 'www.example.net', type: 'A', rcode: 'NOERROR', took: 0.4 },
          { time: this.time - 2000, client: CLIENT, name: HOSTILE, type: 'TXT', rcode: 'NXDOMAIN', took: 12 },
        ],
      },
      sessions: {
        columns: [column('peer', 'Peer'), column('user', 'User'), column('since', 'Since', 'time'), column('idle', 'Idle', 'duration'), column('bytes', 'Bytes', 'number')],
        rows: [{ peer: CLIENT, user: 'camera', since: this.time - 4e5, idle: 12, bytes: 81_245_332 }],
      },
      calls: {
        columns: [column('from', 'From'), column('to', 'To'), column('state', 'State'), column('length', 'Length', 'duration'), column('mos', 'MOS', 'number'), column('loss', 'Loss %', 'number')],
        rows: [{ from: '100', to: '101', state: 'talking', length: 74, mos: 4.38, loss: null }],
      },
      routes: {
        columns: [column('prefix', 'Prefix'), column('via', 'Via'), column('origin', 'From'), column('metric', 'Metric', 'number')],
        rows: Array.from({ length: 14 }, (_, i) => ({ prefix: `10.${i}.0.0/16`, via: '10.0.12.2', origin: i % 2 ? 'OSPF' : 'BGP', metric: 10 + i })),
      },
    };
    const { columns, rows } = tables[name];
    const why = name === 'routes' && this.#states.get('router')?.state === 'down' ? 'router is down' : null;
    const wanted = (asked.get('q') ?? '').toLowerCase();
    const found = why ? [] : rows.filter((row) => Object.values(row).join(' ').toLowerCase().includes(wanted));
    return { columns, rows: found.slice(0, Number(asked.get('limit'))), total: found.length, why };
  }
}
