// Who takes part in an exchange. A client is known by its hardware address in DHCP and by its
// address elsewhere; the leases say which belong together.

import { live } from './live.js';
import { hostPort } from './records.js';

const PORTS = {
  dns: [53, 853, 443],
  dhcp: [67, 547],
  ftp: [21, 990],
  web: [80, 443],
  voip: [5060, 5061],
  router: [179, 520],
};

/** The clients that the leases and the records have named. */
export class Clients {
  #keys = new Map(); // address or hardware address to the client's key
  #names = new Map(); // key to {name, address, mac}

  /** Takes in rows of the leases table. */
  leases(rows) {
    for (const { address, mac, name } of rows) this.#join(mac, address, name);
  }

  /** Learns from a grant, whose lease may be younger than the table. */
  learn(record) {
    if (record.service !== 'dhcp' || !record.client) return;
    this.#join(record.client, record.fields?.address, null);
  }

  #join(mac, address, name) {
    const key = lower(mac ?? address);
    if (!key) return;
    for (const id of [mac, address]) if (id) this.#keys.set(lower(id), key);
    const known = this.#names.get(key) ?? {};
    this.#names.set(key, { mac: mac ?? known.mac, address: address ?? known.address, name: name ?? known.name });
  }

  /** The one key of whoever this address or hardware address belongs to. */
  key(id) {
    return id == null ? null : (this.#keys.get(lower(id)) ?? lower(id));
  }

  /** What to call a client: its name, its address, its hardware address. */
  label(key) {
    const { name, address, mac } = this.#names.get(key) ?? {};
    return [name, address, mac].filter(Boolean).join(' · ') || key;
  }

  short(key) {
    const { name, address } = this.#names.get(key) ?? {};
    return name ?? address ?? key;
  }
}

const lower = (id) => (id == null ? null : String(id).toLowerCase());

/**
 * Which way a record went: "in" from a client to the service, "out" to a client, "up" and "back" to
 * and from a server behind it, "note" if nothing crossed the wire.
 */
export function way(record) {
  if (!record.packet) return { way: 'note', id: record.client ?? null };
  const from = hostPort(record.packet.from);
  const to = hostPort(record.packet.to);
  const ports = servicePorts(record.service);
  // The port alone does not tell: a question passed on goes to port 53 too, but from us.
  const outward = own(from.host) && !own(to.host);
  const inward = own(to.host) && !own(from.host);
  // A hardware address says who it is; of the packet's two ends the way tells which is the client.
  const named = record.client === from.host || record.client === to.host ? null : record.client;
  if (ports.has(to.port) && !outward) return { way: 'in', id: named ?? from.host };
  if (ports.has(from.port) && !inward) return { way: 'out', id: named ?? to.host };
  return { way: inward ? 'back' : 'up', id: named ?? null, other: inward ? from.host : to.host };
}

function servicePorts(name) {
  const ports = new Set(PORTS[name] ?? []);
  const service = live.sample?.services?.find((one) => one.name === name);
  for (const endpoint of service?.endpoints ?? []) {
    const { port } = hostPort(endpoint.split(' ').pop());
    if (port) ports.add(port);
  }
  return ports;
}

function own(host) {
  return (live.sample?.interfaces ?? []).some((one) => (one.addresses ?? []).some((address) => address.split('/')[0] === host));
}
