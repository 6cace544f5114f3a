import { expect, test } from 'vitest';
import { familyOf, kindOf, networkOf, routesTo } from '../../src/tools/route/table.ts';

const route = (destination: string, gateway: string, flags: string) => ({
  destination,
  gateway,
  flags,
  mtu: 1500,
  device: 'igb0',
});
const TABLE = [
  route('default', '198.51.100.1', 'UGS'),
  route('10.0.0.0/8', '192.168.1.2', 'UGS'),
  route('10.20.0.0/16', '192.168.1.3', 'UGS'),
  route('10.20.0.7', '192.168.1.4', 'UGHS'),
  route('10.30.0.0/16', '192.168.1.9', 'GS'),
  route('192.168.1.0/24', 'link#2', 'U'),
  route('default', 'fe80::1%igb0', 'UGS'),
  route('fe80::%igb0/64', 'link#1', 'U'),
];
const via = (address: string) => routesTo(address, TABLE).map(({ gateway }) => gateway);

test('the longest prefix wins', () => {
  expect(via('10.20.0.7')).toEqual(['192.168.1.4']);
  expect(via('10.20.0.8')).toEqual(['192.168.1.3']);
  expect(via('10.99.0.1')).toEqual(['192.168.1.2']);
  expect(via('192.168.1.50')).toEqual(['link#2']);
  expect(via('8.8.8.8')).toEqual(['198.51.100.1']);
});

test('a route that is not up is not taken', () => {
  expect(via('10.30.0.1')).toEqual(['192.168.1.2']);
});

test('IPv6 has a table of its own', () => {
  expect(via('2001:db8::1')).toEqual(['fe80::1%igb0']);
  expect(via('fe80::9')).toEqual(['link#1']);
  expect(TABLE.map(familyOf).filter((family) => family === 'ipv6')).toHaveLength(2);
});

test('kinds and networks are named', () => {
  expect(networkOf(route('10.20.0.7', 'x', 'U'))).toBe('10.20.0.7/32');
  expect(kindOf(route('default', '1.2.3.4', 'UGS'))).toBe('static');
  expect(kindOf(route('10.0.0.0/24', 'link#1', 'U'))).toBe('connected');
  expect(kindOf(route('10.0.0.0/24', '1.2.3.4', 'UG1'))).toBe('dynamic routing');
  expect(kindOf(route('10.0.0.0/24', '127.0.0.1', 'UGSB'))).toBe('blackhole');
});
