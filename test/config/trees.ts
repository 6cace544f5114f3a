import fc from 'fast-check';

/** Values of elements that pfSense writes without CDATA: it writes names of HTML's entities there that it cannot read again. */
const text = fc.constantFrom(
  ...[
    '',
    '0',
    '1',
    '007',
    '1.0',
    'true',
    'any',
    '192.168.1.1',
    '2001:db8::1/64',
    'wan',
    '1e5',
    'null',
    'a/b\\c',
    "Bob's",
  ],
  ...['&amp; already encoded &#39;', ']]>', 'x]]&gt;y', '<script>alert("1")</script>', '|| pipe ||', ' inner  spaces '],
);

/** Values of elements that stand in CDATA, as people and packages fill them. */
const note = fc.oneof(
  { weight: 3, arbitrary: text },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'Büro <Nord> & "Süd"',
      '日本語 🙂',
      'ΑΩ € ™ ½',
      'a&b;c&nosuch;',
      '&eacute;&apos;',
      '  spaces  ',
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }).map(printable) },
  { weight: 1, arbitrary: fc.base64String({ minLength: 40, maxLength: 800 }) },
);

/** Without what XML cannot hold; line breaks are for documents.ts, as pfSense writes none of its own. */
function printable(raw: string): string {
  return raw
    .replace(/[^\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[\u0085\u2028\u2029]/g, '');
}

const number = fc.integer({ min: 0, max: 99_999 }).map(String);

const endpoint = fc.oneof(
  fc.constant({ any: '' }),
  fc.record({ network: fc.constantFrom('lan', 'wanip', '(self)') }),
  fc.record({ address: text, port: number }),
);

const rule = fc.record(
  {
    id: fc.constant(''),
    tracker: number,
    type: fc.constantFrom('pass', 'block', 'reject'),
    interface: fc.constantFrom('wan', 'lan', 'opt1,opt2'),
    ipprotocol: fc.constant('inet'),
    source: endpoint,
    destination: endpoint,
    log: fc.constant(''),
    disabled: fc.constant(''),
    descr: note,
    created: fc.record({ time: number, username: text }),
  },
  { requiredKeys: ['id', 'tracker', 'type', 'source', 'destination', 'descr'] },
);

const user = fc.record({
  name: text,
  descr: note,
  'bcrypt-hash': fc.constant('$2y$10$abcdefghijklmnopqrstuv'),
  priv: fc.array(text),
});
const alias = fc.record({ name: text, type: fc.constant('host'), address: text, descr: note, detail: note });
const lease = fc.record({ mac: text, ipaddr: text, hostname: text, descr: note });
const phase1 = fc.record({ ikeid: number, 'pre-shared-key': text, descr: note });
const packageConfig = fc.record({
  config: fc.array(fc.dictionary(fc.constantFrom('enable', 'custom_options', 'x-y', 'row_1'), text)),
});

/** A configuration as an array of pfSense's: hundreds of objects when it is large. */
export function configTree(size: 'small' | 'large') {
  const many = size === 'large' ? { minLength: 100, maxLength: 300 } : { maxLength: 4 };
  return fc.record({
    version: fc.constantFrom('23.3', '24.0', '24.9'),
    lastchange: fc.constant(''),
    system: fc.record({ hostname: text, domain: text, dnsserver: fc.array(text), user: fc.array(user, many) }),
    interfaces: fc.record({ wan: fc.record({ enable: fc.constant(''), if: text, descr: note }) }),
    filter: fc.record({ rule: fc.array(rule, many), separator: fc.record({ wan: text }) }),
    aliases: fc.record({ alias: fc.array(alias, many) }),
    dhcpd: fc.record({
      lan: fc.record({ staticmap: fc.array(lease, many), pool: fc.array(fc.record({ descr: note })) }),
    }),
    ipsec: fc.record({ phase1: fc.array(phase1) }),
    installedpackages: fc.record({ package: fc.array(fc.record({ name: text })), pkga: packageConfig }),
    revision: fc.record({ time: number, description: note, username: text }),
  });
}
