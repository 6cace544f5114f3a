import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { redactXml } from '../../src/config/redact-xml.ts';
import { redactTree, SECRET_TAGS } from '../../src/config/secrets.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { redactText } from '../../src/core/redact.ts';
import { survives } from '../core/survivors.ts';
import { SECRET_TEXTS, SECRET_PLACES as WHOLE } from './secret-places.ts';

const CANARY = 'Kanari3nvogel-Q7zw';
/** Ways in which a value stands in config.xml. */
const FORMS: readonly [string, string][] = [
  ['plain', CANARY],
  ['in CDATA', `<![CDATA[${CANARY}]]>`],
  ['in entities', [...CANARY].map((letter) => `&#${letter.codePointAt(0)};`).join('')],
  ['in entities within CDATA', `<![CDATA[${[...CANARY].map((letter) => `&#${letter.codePointAt(0)};`).join('')}]]>`],
  ['in base64', Buffer.from(CANARY).toString('base64')],
  ['compressed in base64', gzipSync(CANARY).toString('base64')],
  ['on several lines', `one\ntwo ${CANARY}\nthree`],
];

function documentOf(path: string, content: string): string {
  const steps = path.split('/');
  return `<pfsense>${steps.map((step) => `<${step}>`).join('')}${content}${steps
    .map((step) => `</${step}>`)
    .reverse()
    .join('')}</pfsense>`;
}

describe.each(FORMS)('a secret %s', (_name, content) => {
  test.each(WHOLE)('at %s does not get out', (path) => {
    const clean = JSON.stringify(redactTree(parseConfigXml(documentOf(path, content))));
    expect(clean).toContain('‹');
    expect(survives(clean, CANARY)).toBe(false);
  });
});

describe.each(FORMS)('a secret %s in a redacted document', (_name, content) => {
  test.each(WHOLE)('at %s does not get out', (path) => {
    expect(survives(redactXml(documentOf(path, content)), CANARY)).toBe(false);
    const inAttribute = documentOf(path, 'x').replace(/>x</, ` value="${CANARY}">x<`);
    expect(survives(redactXml(inAttribute), CANARY)).toBe(false);
  });
});

const ENCODINGS: readonly [string, (text: string) => string][] = [
  ['plain', (text) => text],
  ['in base64', (text) => Buffer.from(text).toString('base64')],
  ['compressed in base64', (text) => gzipSync(text).toString('base64')],
];

describe.each(ENCODINGS)('a secret within a text %s', (_name, encode) => {
  test.each(SECRET_TEXTS)('at %s does not get out', (path, write) => {
    const document = documentOf(path, `<![CDATA[${encode(write(CANARY))}]]>`);
    expect(survives(JSON.stringify(redactTree(parseConfigXml(document))), CANARY)).toBe(false);
    expect(survives(redactXml(document), CANARY)).toBe(false);
  });
});

test('settings that end like a secret are shown', () => {
  const syslog = { nologdefaultpass: 'enabled', logdefaultpass: 'yes' };
  const system = { webgui: { pwhash: 'sha512' } };
  const laggs = { lagg: [{ lagghash: 'l2,l3,l4' }] };
  const x = { usepass: 'on', ipsecbypass: 'on', ssl_bypass: 'no', inpass: '3', 'source-hash': 'on', compass: 'north' };
  const tree = { syslog, system, laggs, installedpackages: { x, acme: { enable: 'on', name: 'example.com' } } };
  expect(redactTree(tree)).toEqual(tree);
});

describe('the text of the document', () => {
  const named = WHOLE.filter((path) => SECRET_TAGS.has(path.split('/').at(-1) ?? ''));
  const readable = FORMS.filter(([name]) => !name.includes('entities within'));
  test.each(named.flatMap((path) => readable.map(([form, content]) => [path, form, content] as const)))(
    'says nothing of %s %s',
    (path, _form, content) => {
      expect(survives(redactText(documentOf(path, content)), CANARY)).toBe(false);
    },
  );
});

test.each(FORMS)('the search for survivors finds a secret that stands there %s', (_name, content) => {
  const untouched = JSON.stringify(parseConfigXml(documentOf('system/descr', content)));
  expect(survives(untouched, CANARY)).toBe(true);
});

/** Secrets where no name gives them away. */
const KEY = `-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhki\n${CANARY.replace('-', '')}\n-----END PRIVATE KEY-----\n`;
const HIDDEN: readonly [string, string, string][] = [
  ['a private key in a description', KEY, 'Kanari3nvogelQ7zw'],
  ['a private key in base64', Buffer.from(KEY).toString('base64'), 'Kanari3nvogelQ7zw'],
  [
    'a private key in base64 twice',
    Buffer.from(Buffer.from(KEY).toString('base64')).toString('base64'),
    'Kanari3nvogelQ7zw',
  ],
  ['a compressed private key', gzipSync(KEY).toString('base64'), 'Kanari3nvogelQ7zw'],
  [
    'a private key in lines of base64',
    (
      Buffer.from(KEY.repeat(2))
        .toString('base64')
        .match(/.{1,64}/g) ?? []
    ).join('\n'),
    'Kanari3nvogelQ7zw',
  ],
  ['a note on a password', `old password: ${CANARY} (change it)`, CANARY],
  ['an option in base64', Buffer.from(`server:\n  auth-token: ${CANARY}\n`).toString('base64'), CANARY],
  ['a URL with a password', `https://bob:${CANARY}@example.com/list.txt`, CANARY],
  ['a URL with a password that has signs', `https://bob:@${CANARY}:@example.com/list.txt`, CANARY],
  ['a URL with a token', `https://example.com/list?format=txt&token=${CANARY}`, CANARY],
  ['a webhook', `https://hooks.slack.com/services/T000/B000/${CANARY}`, CANARY],
  ['a bot of Telegram', '123456789:AAKanari3nvogelQ7zwAAKanari3nvogelQ7', 'Kanari3nvogelQ7zw'],
  ['a random key', 'q8ZkV3xT0pLm7Rw2Yb9NcJ5hGd4sFa6E', 'q8ZkV3xT0pLm7Rw2Yb9NcJ5hGd4sFa6E'],
  ['a random key in hexadecimal', '9f86d081884c7d659a2feaa0c55ad015', '9f86d081884c7d659a2feaa0c55ad015'],
  ['random bytes in base64', 'yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=', 'yAnz5TF+lXXJte14tji3zlMNq'],
  [
    'a random key within base64',
    Buffer.from('use q8ZkV3xT0pLm7Rw2Yb9NcJ5h here').toString('base64'),
    'q8ZkV3xT0pLm7Rw2Yb9NcJ5h',
  ],
  ['a hash', '$6$abcdefgh$Kanari3nvogelQ7zw', 'Kanari3nvogelQ7zw'],
];

test.each(HIDDEN)('%s at an unknown place does not get out', (_name, value, canary) => {
  const tree = parseConfigXml(
    documentOf('installedpackages/unknown/config/descr', `<![CDATA[${value.replaceAll('&', '&amp;')}]]>`),
  );
  expect(survives(JSON.stringify(redactTree(tree)), canary)).toBe(false);
});

test('what is no secret stays readable', () => {
  const tree = {
    system: { hostname: 'fw01', domain: 'example.com', timezone: 'Europe/Berlin', language: 'en_US' },
    filter: { rule: [{ tracker: '1700000001', type: 'pass', descr: 'Pass rule for LAN net: token ring museum' }] },
    cert: [{ refid: '5f0c1a2b3c4d5', crt: Buffer.from('-----BEGIN CERTIFICATE-----\nMIID\n').toString('base64') }],
    wireguard: { publickey: 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=' },
    unbound: { port: '53', tlsport: '853', hideidentity: '' },
    notes: {
      list: Buffer.from('# names\nexample.com\nexample.net\n').toString('base64'),
      path: '/usr/local/pkg/SomeVeryLong/Path2File_name.inc',
    },
    aliases: {
      alias: [
        {
          address: '10.0.0.0/8 2001:db8:1234:5678:9abc:def0:1234:5678',
          url: 'https://example.com/a/b/list-of-addresses.txt',
        },
      ],
    },
  };
  expect(redactTree(tree)).toEqual(tree);
});
