import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressReplacer } from '../../src/config/addresses.ts';
import type { ConfigTree } from '../../src/config/model.ts';
import { redactXml } from '../../src/config/redact-xml.ts';
import { redactTree } from '../../src/config/secrets.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { configDocument } from './documents.ts';

const parsed = (text: string): ConfigTree | undefined => {
  try {
    return parseConfigXml(text);
  } catch {
    return undefined;
  }
};

const document = (inner: string) => `<?xml version="1.0"?>\n<pfsense>\n\t${inner}\n</pfsense>\n`;

/** Makes secrets likely: names and values of documents are turned into such. */
const withSecrets = configDocument.map((text) =>
  text.replaceAll(/<(\/?)b(?=[\s/>])/g, '<$1password').replaceAll('word', 'token=hunter2hunter2'),
);

describe('the redacted document', () => {
  test('reads as the redacted tree of the original', () => {
    fc.assert(
      fc.property(fc.oneof(configDocument, withSecrets), (text) => {
        const tree = parsed(text);
        fc.pre(tree !== undefined);
        expect(parseConfigXml(redactXml(text))).toEqual(redactTree(tree ?? ''));
      }),
      { numRuns: 500 },
    );
  });

  test('is not changed by doing it again', () => {
    fc.assert(
      fc.property(withSecrets, (text) => {
        fc.pre(parsed(text) !== undefined);
        const once = redactXml(text);
        expect(redactXml(once)).toBe(once);
      }),
      { numRuns: 300, examples: [[document('<a><!-- c -->token=hunter2hunter2<?p q?>x</a>')]] },
    );
  });

  test('without secrets is the document, byte for byte', () => {
    const text = document('<system><hostname>fw</hostname><descr><![CDATA[a &amp; b]]></descr></system>');
    expect(redactXml(text)).toBe(text);
  });

  test.each([
    ['in a comment', '<a>1</a><!-- password=hunter2hunter2 -->'],
    ['in an instruction', '<a>1</a><?x hunter2hunter2?>'],
    ['in an attribute', '<a password="hunter2hunter2">1</a>'],
    ['in an attribute of a secret', '<password x="hunter2hunter2">1</password>'],
    ['in text that elements stood before', '<password><b>hunter2hunter2</b>hunter2hunter2</password>'],
    ['in elements that text came after', '<a><password>hunter2hunter2</password>x</a>'],
    ['around a comment', '<password>hunter2<!-- -->hunter2</password>'],
    ['in references', `<password>${[...'hunter2'].map((c) => `&#${c.charCodeAt(0)};`).join('')}</password>`],
    ['in front of the root', '<a>1</a>'],
  ])('has no secret %s', (where, inner) => {
    const text = where === 'in front of the root' ? `<!-- hunter2 -->${document(inner).slice(22)}` : document(inner);
    const clean = redactXml(text);
    expect(clean).not.toContain('hunter2');
    expect(clean).not.toContain('&#104;');
    expect(parseConfigXml(clean)).toEqual(redactTree(parseConfigXml(text)));
  });
});

describe('addresses', () => {
  const replace = addressReplacer();

  test.each([
    '0.0.0.0',
    '255.255.255.0',
    '127.0.0.1',
    '224.0.0.1',
    '::',
    '::1',
    'fe80::',
    '1.2.3',
    '12:30:45',
    '24.0',
    '999.1.1.1',
  ])('%s stays', (text) => {
    expect(replace(text)).toBe(text);
  });

  test.each([
    ['192.168.7.9', /^192\.168\.\d+\.\d+$/],
    ['10.20.30.40', /^10\./],
    ['172.20.1.1', /^172\.(?:1[6-9]|2\d|3[01])\./],
    ['10.1.0.0/16', /^10\.\d+\.0\.0\/16$/],
    ['2001:db8:1:2::3', /^20[0-9a-f]{0,2}:/],
    ['fe80::1:2:3', /^fe80:/],
    ['00:11:22:33:44:55', /^02(?::[0-9a-f]{2}){5}$/],
    ['host 203.0.113.5 port 22', /^host 203\.\d+\.\d+\.\d+ port 22$/],
  ])('%s becomes another of its kind', (text, shape) => {
    expect(replace(text)).toMatch(shape);
    expect(replace(text)).not.toBe(text);
    expect(replace(text)).toBe(replace(text));
  });

  test('two of one network stay in one network', () => {
    const octets = fc.tuple(fc.nat(255), fc.nat(255));
    fc.assert(
      fc.property(octets, octets, ([a, b], [c, d]) => {
        const [x, y] = [`10.77.${a}.${b}`, `10.77.${c}.${d}`].map((text) => replace(text).split('.'));
        expect(x?.slice(0, 2)).toEqual(y?.slice(0, 2));
        expect(x?.[2] === y?.[2]).toBe(a === c);
        expect(x?.join() === y?.join()).toBe(a === c && b === d);
      }),
    );
  });

  test('are replaced in documents that still read as before', () => {
    const text = document(
      '<lan><ipaddr>192.168.7.9</ipaddr><descr><![CDATA[at 192.168.7.9 &amp; more]]></descr></lan>',
    );
    const clean = redactXml(text, { alsoReplace: replace });
    expect(clean).not.toContain('192.168.7.9');
    const address = replace('192.168.7.9');
    expect(parseConfigXml(clean)).toEqual({ lan: { ipaddr: address, descr: `at ${address} & more` } });
  });
});
