import { describe, expect, test } from 'vitest';
import { listAt, textAt, treeAt } from '../../src/config/model.ts';
import { redactTree } from '../../src/config/secrets.ts';
import { parseConfigXml } from '../../src/config/xml.ts';

const parse = (inner: string) => parseConfigXml(`<?xml version="1.0"?>\n<pfsense>${inner}</pfsense>`);

describe('config.xml is read as pfSense reads it', () => {
  test.each([
    [
      'a list tag is a list even when it stands alone',
      '<filter><rule><type>pass</type></rule></filter>',
      { filter: { rule: [{ type: 'pass' }] } },
    ],
    [
      'a repeated list tag keeps its order',
      '<system><dnsserver>a</dnsserver><dnsserver>b</dnsserver></system>',
      { system: { dnsserver: ['a', 'b'] } },
    ],
    ['an empty element is an empty text', '<system><hostname></hostname></system>', { system: { hostname: '' } }],
    ['a presence flag is an empty text', '<lan><enable/></lan>', { lan: { enable: '' } }],
    ['an empty list tag is an empty list', '<filter><rule></rule></filter>', { filter: { rule: [] } }],
    ['numbers and booleans stay texts', '<a><b>007</b><c>true</c></a>', { a: { b: '007', c: 'true' } }],
    ['names are lower case', '<System><HostName>x</HostName></System>', { system: { hostname: 'x' } }],
    ['attributes and comments are dropped', '<a x="1"><!-- no --><b>1</b></a>', { a: { b: '1' } }],
    [
      'entities are decoded inside CDATA as well',
      '<a><descr><![CDATA[x &amp; y]]></descr></a>',
      { a: { descr: 'x & y' } },
    ],
    ['numeric entities are decoded', '<a><b>&#8364;&#x41;</b></a>', { a: { b: '€A' } }],
  ])('%s', (_name, xml, tree) => {
    expect(parse(xml)).toEqual(tree);
  });

  test.each([
    ['a repeated plain tag', '<pfsense><a/><a/></pfsense>'],
    ['broken XML', '<pfsense><a></pfsense>'],
    ['another root', '<opnsense></opnsense>'],
    ['a DOCTYPE', '<!DOCTYPE pfsense [<!ENTITY x "y">]><pfsense>&x;</pfsense>'],
    ['an encrypted backup', '---- BEGIN config.xml ----\nabc'],
    ['too much depth', `<pfsense>${'<a>'.repeat(100)}${'</a>'.repeat(100)}</pfsense>`],
    ['an element with a name that objects inherit', '<pfsense><constructor>x</constructor></pfsense>'],
    ['nothing', ''],
  ])('%s is refused', (_name, xml) => {
    expect(() => parseConfigXml(xml)).toThrow(expect.objectContaining({ code: 'config_unreadable' }));
  });
});

describe('paths', () => {
  const tree = parse('<filter><rule><type>pass</type></rule><rule><type>block</type></rule></filter>');

  test('lead through sections and lists', () => {
    expect(textAt(tree, 'filter/rule/1/type')).toBe('block');
    expect(listAt(tree, 'filter/rule')).toHaveLength(2);
  });

  test.each(['filter/rule/2', 'filter/nosuch', 'filter/rule/x', 'constructor', '__proto__', 'filter/rule/0/type/x'])(
    'to nothing: %s',
    (path) => {
      expect(treeAt(tree, path)).toBeUndefined();
    },
  );
});

describe('the redacted tree', () => {
  const tree = parse(`<system><user><name>bob</name><bcrypt-hash>$2y$10$abcdefghijk</bcrypt-hash></user></system>
    <ipsec><phase1><pre-shared-key>hunter2</pre-shared-key></phase1><phase1><pre-shared-key>hunter2</pre-shared-key></phase1></ipsec>
    <notifications><slack><api>xyz123</api></slack></notifications><pppoes><pppoe><username>user:cGFzcw==:ip</username></pppoe></pppoes>`);
  const clean = JSON.stringify(redactTree(tree));

  test('keeps names and loses secrets', () => {
    expect(clean).toContain('bob');
    for (const secret of ['hunter2', '$2y$', 'xyz123', 'cGFzcw']) expect(clean).not.toContain(secret);
  });

  test('shows that two secrets are equal', () => {
    expect(textAt(redactTree(tree), 'ipsec/phase1/0/pre-shared-key')).toBe(
      textAt(redactTree(tree), 'ipsec/phase1/1/pre-shared-key'),
    );
  });

  test('is not changed by doing it again', () => {
    expect(JSON.stringify(redactTree(redactTree(tree)))).toBe(clean);
  });
});
