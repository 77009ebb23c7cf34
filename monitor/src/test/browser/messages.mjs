// Messages as they cross the wire, and what their bytes mean, for the fake monitor's trace.

const u16 = (value) => [value >> 8, value & 255];
const hex = (bytes) => Buffer.from(bytes).toString('hex');
const labels = (name) => [...name.split('.').filter(Boolean).flatMap((one) => [one.length, ...Buffer.from(one)]), 0];

export function dnsQuery(id, name) {
  return hex([...u16(id), 1, 0, ...u16(1), 0, 0, 0, 0, 0, 0, ...labels(name), ...u16(1), ...u16(1)]);
}

export function dnsAnswer(id, name, address) {
  const record = [0xc0, 12, ...u16(1), ...u16(1), 0, 0, 1, 44, ...u16(4), ...address.split('.').map(Number)];
  return hex([...u16(id), 0x85, 0x80, ...u16(1), ...u16(1), 0, 0, 0, 0, ...labels(name), ...u16(1), ...u16(1), ...record]);
}

export function dhcpMessage(type, xid, mac, yours = '0.0.0.0') {
  const request = type === 1 || type === 3;
  const head = [request ? 1 : 2, 1, 6, 0, xid >> 24, (xid >> 16) & 255, (xid >> 8) & 255, xid & 255, 0, 0, 0x80, 0];
  const addresses = [0, 0, 0, 0, ...yours.split('.').map(Number), 0, 0, 0, 0, 0, 0, 0, 0];
  const client = [...mac.split(':').map((one) => parseInt(one, 16)), ...new Array(10).fill(0)];
  return hex([...head, ...addresses, ...client, ...new Array(192).fill(0), 99, 130, 83, 99, 53, 1, type, 51, 4, 0, 0, 112, 128, 255]);
}

/** The fields of a message, in the shape of /api/explain. */
export function explain(service, text) {
  const bytes = Buffer.from(text, 'hex');
  return service === 'dns' ? explainDns(bytes) : service === 'dhcp' ? explainDhcp(bytes) : [];
}

function explainDns(bytes) {
  const header = 'RFC 1035 section 4.1.1';
  const flags = bytes.readUInt16BE(2);
  const fields = [
    { offset: 0, length: 2, name: 'ID', value: String(bytes.readUInt16BE(0)), meaning: 'joins an answer to its question', rfc: header },
    { offset: 2, length: 2, name: 'flags', value: '0x' + flags.toString(16).padStart(4, '0'), meaning: '', rfc: header },
    { offset: 2, length: 0, name: 'QR', value: flags >> 15 ? '1 response' : '0 query', meaning: '', rfc: header },
    { offset: 2, length: 0, name: 'RD', value: (flags >> 8) & 1 ? '1 recursion desired' : '0', meaning: 'the asker wants a whole answer', rfc: header },
    { offset: 3, length: 0, name: 'RCODE', value: '0 NOERROR', meaning: '', rfc: header },
  ];
  ['QDCOUNT', 'ANCOUNT', 'NSCOUNT', 'ARCOUNT'].forEach((name, i) =>
    fields.push({ offset: 4 + 2 * i, length: 2, name, value: String(bytes.readUInt16BE(4 + 2 * i)), meaning: 'records in this section', rfc: header }),
  );
  let at = 12;
  const parts = [];
  while (bytes[at] > 0) {
    parts.push(bytes.subarray(at + 1, at + 1 + bytes[at]).toString('latin1'));
    at += 1 + bytes[at];
  }
  at++;
  fields.push({ offset: 12, length: at - 12, name: 'question name', value: parts.join('.') + '.', meaning: 'labels, each behind its length', rfc: 'RFC 1035 section 3.1' });
  fields.push({ offset: at, length: 2, name: 'question type', value: 'A', meaning: 'an IPv4 address', rfc: 'RFC 1035 section 4.1.2' });
  fields.push({ offset: at + 2, length: 2, name: 'question class', value: 'IN', meaning: '', rfc: 'RFC 1035 section 4.1.2' });
  at += 4;
  if (bytes.length > at) {
    fields.push({ offset: at, length: 2, name: 'answer owner', value: 'points to 12', meaning: 'the name of the question', rfc: 'RFC 1035 section 4.1.4' });
    fields.push({ offset: at + 2, length: 2, name: 'answer type', value: 'A', meaning: '', rfc: 'RFC 1035 section 4.1.3' });
    fields.push({ offset: at + 4, length: 2, name: 'answer class', value: 'IN', meaning: '', rfc: 'RFC 1035 section 4.1.3' });
    fields.push({ offset: at + 6, length: 4, name: 'answer TTL', value: bytes.readUInt32BE(at + 6) + ' s', meaning: 'how long it may be remembered', rfc: 'RFC 1035 section 4.1.3' });
    fields.push({ offset: at + 10, length: 2, name: 'answer RDLENGTH', value: '4 bytes', meaning: '', rfc: 'RFC 1035 section 4.1.3' });
    fields.push({ offset: at + 12, length: 4, name: 'answer data', value: [...bytes.subarray(at + 12, at + 16)].join('.'), meaning: 'the address', rfc: 'RFC 1035 section 3.4.1' });
  }
  return fields;
}

function explainDhcp(bytes) {
  const form = 'RFC 2131 section 2';
  const address = (at) => [...bytes.subarray(at, at + 4)].join('.');
  return [
    { offset: 0, length: 1, name: 'op', value: bytes[0] === 1 ? '1 BOOTREQUEST' : '2 BOOTREPLY', meaning: 'from a client, or to one', rfc: form },
    { offset: 1, length: 1, name: 'htype', value: '1 Ethernet', meaning: '', rfc: form },
    { offset: 2, length: 1, name: 'hlen', value: '6', meaning: 'bytes of a hardware address', rfc: form },
    { offset: 3, length: 1, name: 'hops', value: '0', meaning: 'relays passed', rfc: form },
    { offset: 4, length: 4, name: 'xid', value: '0x' + bytes.readUInt32BE(4).toString(16), meaning: 'joins the four messages', rfc: form },
    { offset: 10, length: 2, name: 'flags', value: '0x8000', meaning: 'please answer by broadcast', rfc: form },
    { offset: 12, length: 4, name: 'ciaddr', value: address(12), meaning: 'what the client has', rfc: form },
    { offset: 16, length: 4, name: 'yiaddr', value: address(16), meaning: 'what it gets', rfc: form },
    { offset: 28, length: 6, name: 'chaddr', value: [...bytes.subarray(28, 34)].map((one) => one.toString(16).padStart(2, '0')).join(':'), meaning: 'its hardware address', rfc: form },
    { offset: 236, length: 4, name: 'cookie', value: '99.130.83.99', meaning: 'options follow', rfc: 'RFC 2131 section 3' },
    { offset: 240, length: 3, name: 'message type', value: ['', 'DISCOVER', 'OFFER', 'REQUEST', '', 'ACK'][bytes[242]], meaning: '', rfc: 'RFC 2132 section 9.6' },
    { offset: 243, length: 6, name: 'lease time', value: '28800 s', meaning: '', rfc: 'RFC 2132 section 9.2' },
    { offset: 249, length: 1, name: 'end', value: '255', meaning: '', rfc: 'RFC 2132 section 3.2' },
  ];
}
