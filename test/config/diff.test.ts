import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffConfigs } from '../../src/config/diff.ts';
import { changeText } from '../../src/config/diff-text.ts';
import type { ConfigTree } from '../../src/config/model.ts';
import { unifiedDiff } from '../../src/config/unified-diff.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { configTree } from './trees.ts';

const parse = (inner: string) => parseConfigXml(`<pfsense>${inner}</pfsense>`);
const said = (before: string, after: string) => diffConfigs(parse(before), parse(after)).map(changeText);

const LAN = '<interfaces><lan><descr>LAN</descr></lan></interfaces>';
const rule = (tracker: number, descr: string, more = '', tab = 'lan') =>
  `<rule><tracker>${tracker}</tracker><interface>${tab}</interface><descr>${descr}</descr><destination><address>servers</address></destination>${more}</rule>`;
const rules = (...all: string[]) => `${LAN}<filter>${all.join('')}</filter>`;

describe('a semantic diff', () => {
  test('names a rule, its tab, its move and its fields', () => {
    const before = rules(rule(1, 'A'), rule(2, 'B'), rule(3, 'Allow DNS'), rule(4, 'C'), rule(5, 'D'));
    const moved = rule(3, 'Allow DNS').replace('servers', 'resolvers');
    const after = rules(rule(1, 'A'), rule(2, 'B'), rule(4, 'C'), rule(5, 'D'), moved);
    expect(said(before, after)).toEqual([
      "rule 'Allow DNS' on LAN moved from 3 to 5; destination/address changed: servers → resolvers",
    ]);
  });

  test('does not take for moved what others pushed down', () => {
    expect(said(rules(rule(1, 'A'), rule(2, 'B')), rules(rule(9, 'New'), rule(1, 'A'), rule(2, 'B')))).toEqual([
      "rule 'New' on LAN added: tracker 9, interface lan, descr New, destination/address servers",
    ]);
  });

  test('counts places on the tab, as the GUI does', () => {
    const before = rules(rule(8, 'W', '', 'wan'), rule(1, 'A'), rule(2, 'B'), rule(3, 'C'));
    const after = rules(rule(2, 'B'), rule(3, 'C'), rule(8, 'W', '', 'wan'), rule(1, 'A'));
    expect(said(before, after)).toEqual(["rule 'A' on LAN moved from 1 to 3"]);
  });

  test.each([
    [
      'a setting',
      '<system><hostname>a</hostname></system>',
      '<system><hostname>b</hostname></system>',
      'system hostname changed: a → b',
    ],
    ['a flag that is set', '<lan><if>x</if></lan>', '<lan><if>x</if><enable/></lan>', 'lan enable set'],
    ['a flag that goes', '<lan><if>x</if><enable/></lan>', '<lan><if>x</if></lan>', 'lan enable removed'],
    [
      'members of a list of texts',
      '<system><dnsserver>1</dnsserver></system>',
      '<system><dnsserver>1</dnsserver><dnsserver>2</dnsserver></system>',
      'system dnsserver changed: 1 → 1, 2',
    ],
    [
      'an alias',
      '<aliases><alias><name>a</name><address>1</address></alias></aliases>',
      '<aliases><alias><name>a</name><address>2</address></alias></aliases>',
      "alias 'a' address changed: 1 → 2",
    ],
    [
      'an alias that goes',
      '<aliases><alias><name>a</name></alias></aliases>',
      '<aliases></aliases>',
      "alias 'a' removed",
    ],
    [
      'a map of a DHCP server',
      '<dhcpd><lan><staticmap><mac>m</mac></staticmap></lan></dhcpd>',
      '<dhcpd><lan><staticmap><mac>m</mac><ipaddr>1</ipaddr></staticmap></lan></dhcpd>',
      "staticmap of dhcpd lan 'm' ipaddr set to 1",
    ],
  ])('tells %s', (_name, before, after, wanted) => {
    expect(said(before, after)).toEqual([wanted]);
  });

  test('keeps two objects of one name apart', () => {
    const pair = (a: string, b: string) =>
      `<cron><item><command>x</command><hour>${a}</hour></item><item><command>x</command><hour>${b}</hour></item></cron>`;
    expect(said(pair('1', '2'), pair('1', '3'))).toEqual(["cron job 'x' hour changed: 2 → 3"]);
  });

  test('says nothing about the note of the revision itself', () => {
    expect(said('<a>1</a><revision><time>1</time></revision>', '<a>1</a><revision><time>2</time></revision>')).toEqual(
      [],
    );
  });
});

describe('for any two configurations', () => {
  const tree = configTree('small').map((found): ConfigTree => found);

  test('equal ones have no changes', () => {
    fc.assert(fc.property(tree, (a) => void expect(diffConfigs(a, structuredClone(a))).toEqual([])));
  });

  test('others have some, and backwards as many, with added and removed exchanged', () => {
    fc.assert(
      fc.property(tree, tree, (a, b) => {
        const [there, back] = [diffConfigs(a, b), diffConfigs(b, a)];
        const strip = ({ revision: _revision, lastchange: _lastchange, ...rest }: Record<string, unknown>) =>
          JSON.stringify(rest);
        const isEqual = strip(Object(a)) === strip(Object(b));
        if (!isEqual) expect(there.length).toBeGreaterThan(0);
        const count = (changes: typeof there, kind: string) => changes.filter(({ change }) => change === kind).length;
        expect(count(there, 'added')).toBe(count(back, 'removed'));
        expect(count(there, 'removed')).toBe(count(back, 'added'));
      }),
    );
  });

  test('every change can be said', () => {
    fc.assert(
      fc.property(tree, tree, (a, b) => {
        for (const change of diffConfigs(a, b)) expect(changeText(change)).toMatch(/\S/);
      }),
    );
  });
});

test('a unified diff shows lines with their surroundings', () => {
  expect(unifiedDiff('a\nb\nc\n', 'a\nx\nc\n', ['before', 'after'])).toBe(
    '--- before\n+++ after\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n',
  );
  expect(unifiedDiff('a\n', 'a\n', ['before', 'after'])).toBe('');
});
