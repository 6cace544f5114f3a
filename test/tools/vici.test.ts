import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readVici, sectionOf, sectionsOf, textOf, textsOf } from '../../src/tools/vpn/vici.ts';

const OUTPUT = `list-sa event {con1 {uniqueid=3 version=2 state=ESTABLISHED remote-id=C=DE, O=A B, CN=x established=5 child-sas {con1-7 {name=con1 reqid=1 state=INSTALLED bytes-in=9 local-ts=[10.0.0.0/8 10.1.0.0/16] remote-ts=[10.2.0.0/16]}}}}
list-sa event {con2 {state=CONNECTING child-sas {}}}
list-sas reply {}
`;

test('connections with their children, names with spaces and all, are read from swanctl --raw', () => {
  const tree = readVici(OUTPUT);
  expect(sectionsOf(tree).map(([name]) => name)).toEqual(['con1', 'con2']);
  const con1 = sectionOf(tree, 'con1');
  expect(textOf(con1, 'remote-id')).toBe('C=DE, O=A B, CN=x');
  expect(textOf(con1, 'established')).toBe('5');
  const child = sectionOf(sectionOf(con1, 'child-sas'), 'con1-7');
  expect(textsOf(child, 'local-ts')).toEqual(['10.0.0.0/8', '10.1.0.0/16']);
  expect(sectionsOf(sectionOf(sectionOf(tree, 'con2'), 'child-sas'))).toEqual([]);
});

test('no connections are an empty tree', () => {
  expect(readVici('list-sas reply {}\n')).toEqual({});
});

test('any text is read without an end-less loop', () => {
  fc.assert(fc.property(fc.string(), (text) => void readVici(`list-sa event {${text}}`)));
});
