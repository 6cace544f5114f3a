import { type Family, readPfAddress, readPfPrefix } from './pf-address.ts';
import { portNumber, protocolNumber } from './pf-names.ts';
import type { TokenReader } from './pf-reader.ts';
import type { DeviceName, Host, Ports, Side } from './pf-syntax.ts';

const ANYTHING: Side = { hosts: [], ports: [] };
const MODIFIERS = new Set(['network', 'broadcast', 'peer', '0']);

/** `all`, or `from …` and `to …`, each of which may be missing. */
export function readFromTo(reader: TokenReader, onOs: (os: string) => void): { from: Side; to: Side } {
  if (reader.take('all')) return { from: ANYTHING, to: ANYTHING };
  const from = reader.take('from') ? readSide(reader) : ANYTHING;
  if (reader.take('os')) for (const os of reader.list(() => reader.text('a system'))) onOs(os);
  const to = reader.take('to') ? readSide(reader) : ANYTHING;
  return { from, to };
}

function readSide(reader: TokenReader): Side {
  const hosts = reader.is('port') ? [] : reader.list(() => readHost(reader));
  const ports = reader.take('port') ? reader.list(() => readPorts(reader)) : [];
  return { hosts, ports };
}

export function readHost(reader: TokenReader): Host {
  const not = reader.take('!');
  if (reader.take('<')) {
    const name = reader.text('a table');
    reader.expect('>');
    return { not, kind: 'table', name };
  }
  if (reader.take('(')) {
    const host = deviceHost(reader, reader.text('a device'), not);
    reader.expect(')');
    if (reader.take('/')) reader.fail('a mask behind a device is not known');
    return host;
  }
  if (reader.take('any')) return not ? reader.fail('! any is not allowed') : { not, kind: 'any' };
  return addressHost(reader, not);
}

function addressHost(reader: TokenReader, not: boolean): Host {
  const text = reader.text('an address');
  const from = readPfAddress(text);
  if (!from) return deviceHost(reader, text, not);
  if (reader.take('-')) {
    const to = readPfAddress(reader.text('an address'));
    if (to?.family !== from.family) return reader.fail('a range that does not end in an address of its family');
    return { not, kind: 'range', from, to };
  }
  const prefix = readPfPrefix(reader.take('/') ? `${text}/${reader.text('a mask')}` : text);
  return prefix ? { not, kind: 'prefix', prefix } : reader.fail('a mask that is too long');
}

/** A name is that of a device: names of hosts would have to be looked up when rules are loaded. */
function deviceHost(reader: TokenReader, text: string, not: boolean): Host {
  const [name = '', ...modifiers] = text.split(':');
  if (!/^[A-Za-z][A-Za-z0-9_.]*$/.test(name) || modifiers.some((modifier) => !MODIFIERS.has(modifier))) {
    return reader.fail(`an address or a device expected instead of ${JSON.stringify(text)}`);
  }
  return { not, kind: 'device', name, modifiers };
}

/** `= 80`, `80`, `80:90`, `79 >< 91` (without the ends), `80 <> 90` (outside). */
function readPorts(reader: TokenReader): Ports {
  const unary = reader.oneOf('=', '!=', '<=', '>=', '<', '>');
  const [from, to] = readPortRange(reader);
  if (unary) return unaryPorts(reader, unary, from, to);
  if (reader.take('><')) return { kind: 'inside', from: from + 1, to: singlePort(reader) - 1 };
  if (reader.take('<>')) return { kind: 'outside', from, to: singlePort(reader) };
  return { kind: 'inside', from, to };
}

function unaryPorts(reader: TokenReader, operator: string, from: number, to: number): Ports {
  if (from !== to) return reader.fail('a range behind an operator');
  if (operator === '=') return { kind: 'inside', from, to };
  if (operator === '!=') return { kind: 'outside', from, to };
  if (operator.startsWith('<')) return { kind: 'inside', from: 0, to: operator === '<' ? from - 1 : from };
  return { kind: 'inside', from: operator === '>' ? from + 1 : from, to: 65_535 };
}

function singlePort(reader: TokenReader): number {
  const [from, to] = readPortRange(reader);
  return from === to ? from : reader.fail('a range behind a range operator');
}

export function readPortRange(reader: TokenReader): [from: number, to: number] {
  const text = reader.text('a port');
  const ports = text.split(':').map((port) => portNumber(port) ?? reader.fail(`unknown port ${JSON.stringify(port)}`));
  const [from, to = from, ...rest] = ports;
  return from === undefined || to === undefined || rest.length > 0 ? reader.fail('not a range of ports') : [from, to];
}

export function readDevices(reader: TokenReader): DeviceName[] {
  return reader.list(() => ({ not: reader.take('!'), name: reader.text('a device') }));
}

export function readFamily(reader: TokenReader): Family | undefined {
  return reader.oneOf('inet', 'inet6');
}

export function readProtocols(reader: TokenReader): number[] {
  if (!reader.take('proto')) return [];
  return reader.list(() => {
    const name = reader.text('a protocol');
    return protocolNumber(name) ?? reader.fail(`unknown protocol ${JSON.stringify(name)}`);
  });
}
