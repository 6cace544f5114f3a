import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listAt, textAt, treeAt } from '../../src/config/model.ts';
import { redactTree } from '../../src/config/secrets.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { PfsenseError } from '../../src/core/errors.ts';
import { configDocument } from './documents.ts';

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
    [
      'names that objects inherit are names like others',
      '<constructor>x</constructor><tostring><hasownproperty>y</hasownproperty></tostring>',
      { constructor: 'x', tostring: { hasownproperty: 'y' } },
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
    ['nothing', ''],
  ])('%s is refused', (_name, xml) => {
    expect(() => parseConfigXml(xml)).toThrow(expect.objectContaining({ code: 'config_unreadable' }));
  });
});

/** Each answer was taken from pfSense's own parser; test/contract/config-parser.test.ts compares many more with it. */
describe('odd documents are read as pfSense reads them', () => {
  test.each([
    ['spaces around a text stay', '<a>  x  </a>', '  x  '],
    ['line breaks around a text go', '<a>\n\tx\n</a>', 'x'],
    ['a line break within a text stays', '<a>x\ny</a>', 'x\ny'],
    ['a break of CR and LF within a text vanishes', '<a>x\r\ny</a>', 'xy'],
    ['but stays in CDATA', '<a><![CDATA[x\r\ny]]></a>', 'x\r\ny'],
    ['a line break before a reference vanishes', '<a>x\n&amp;y</a>', 'x&y'],
    ['a tab before a letter beyond ASCII vanishes', '<a>x\té</a>', 'xé'],
    ['text and CDATA join, and space behind text stays', '<a> <![CDATA[x]]> </a>', 'x '],
    ['what is encoded twice is decoded once', '<a>&amp;amp;</a>', '&amp;'],
    ['text behind elements replaces them', '<a><b>1</b>x</a>', 'x'],
    ['a reference to a line break counts for nothing', '<a>x&#10;</a>', 'x'],
  ])('%s', (_name, xml, text) => {
    expect(parse(xml)).toEqual({ a: text });
  });

  test('an empty item of a list counts for nothing', () => {
    expect(parse('<rule/><rule>x</rule><rule> </rule>')).toEqual({ rule: ['x'] });
  });

  test.each([
    ['text before an element', '<pfsense><a>x<b/></a></pfsense>'],
    ['an entity of HTML outside of CDATA', '<pfsense><a>&eacute;</a></pfsense>'],
    ['a control character', '<pfsense><a>\u0001</a></pfsense>'],
    ['a second root', '<pfsense><a/></pfsense><pfsense/>'],
    ['a root without content', '<pfsense></pfsense>'],
    ['text that ends a CDATA section', '<pfsense><a>]]></a></pfsense>'],
    ['an attribute without value', '<pfsense><a b/></pfsense>'],
    ['the same element in capitals', '<pfsense><a>1</a><A>2</A></pfsense>'],
    ['an end without a beginning', '<pfsense></a></pfsense>'],
    ['a document that stops', '<pfsense><a>'],
    ['another encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><pfsense><a>x</a></pfsense>'],
  ])('%s is refused', (_name, xml) => {
    expect(() => parseConfigXml(xml)).toThrow(expect.objectContaining({ code: 'config_unreadable' }));
  });

  test('the reason names the line and repeats nothing of the document', () => {
    expect(() => parse('<a/>\n<ignore-all-rules/>\n<ignore-all-rules/>')).toThrow(/must not \(line 4\)/);
  });

  test('no text can make it fail in another way', () => {
    const anything = fc.oneof(configDocument, fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(anything, (text) => {
        try {
          parseConfigXml(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'config_unreadable' });
        }
      }),
    );
  });

  test.each(['\n', '<!--', '<![CDATA[', '<a ', '&', ']]', '<a b="', '-'])(
    'a million of %j does not stall it',
    (text) => {
      const began = performance.now();
      expect(() => parseConfigXml(`<pfsense><a>${text.repeat(1_000_000 / text.length)}`)).toThrow(PfsenseError);
      expect(performance.now() - began).toBeLessThan(5_000);
    },
  );
});

describe('versions differ', () => {
  const document = (version: string) =>
    `<pfsense><version>${version}</version><laggroup>1</laggroup><descr><![CDATA[&apos;&eacute;]]></descr></pfsense>`;

  test.each([
    ['23.3', '1', '&apos;é'],
    ['24.0', ['1'], '&apos;é'],
    ['24.5', ['1'], "'&eacute;"],
    ['24.10', ['1'], "'&eacute;"],
  ])('a document of configuration version %s', (version, laggroup, descr) => {
    expect(parseConfigXml(document(version))).toEqual({ version, laggroup, descr });
  });

  test('a parser can be asked for', () => {
    expect(textAt(parseConfigXml(document('24.5'), '2.7'), 'descr')).toBe('&apos;é');
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
