import fc from 'fast-check';

/** Names of elements, with list tags of all versions and of later ones among them. */
const NAMES = [
  'a',
  'b',
  'c',
  'Descr',
  'rule',
  'item',
  'ALIAS',
  'laggroup',
  'mobilegroup',
  'username',
  '_x',
  'k.l-m',
  'Ä',
];

const CDATA_PARTS = ['x', ' ', '\n', '\t', '\r\n', '\r', 'é', '🙂', '<b>', '&', '0', '&amp;', '&apos;', '&eacute;'];
const RARE_CDATA = [
  '&#39;',
  '&#x41;',
  '&#10;',
  '&#0;',
  '&#128;',
  '&#65535;',
  '&nosuch;',
  '&amp;lt;',
  '&hearts;',
  '&#;',
];
const TEXT_PARTS = ['x', 'word', ' ', '  ', '\n', '\t', '\r\n', '\r', 'é', '日', '🙂', '0', '&amp;', '&lt;', '&apos;'];
const RARE_TEXT = [
  '&#10;',
  '&#32;',
  '&#xe9;',
  ']]',
  '>',
  '--',
  '"',
  '<!-- c -->',
  '<?p q?>',
  '\u00a0',
  '\u2028',
  '\u0085',
];
/** Each of them makes a document that XML does not allow. */
const BROKEN = [
  '&',
  '&eacute;',
  ']]>',
  '<',
  '\u0001',
  '\ufffe',
  '<!-- a -- b -->',
  '&#1;',
  '</z>',
  '<?xml version="1.0"?>',
];
const ATTRIBUTES = ['', '', '', ' ', ' x="1"', ' x="1" y=\'&lt;"\'', '\n', ' x="1" x="2"', ' x', ' x="<"', ' x="&no;"'];

const join = (parts: fc.Arbitrary<string>, maxLength: number) =>
  fc.array(parts, { maxLength }).map((found) => found.join(''));

const cdata = join(
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...CDATA_PARTS) }, fc.constantFrom(...RARE_CDATA)),
  6,
);
const part = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...TEXT_PARTS) },
  { weight: 8, arbitrary: fc.constantFrom(...RARE_TEXT) },
  { weight: 8, arbitrary: cdata.map((text) => `<![CDATA[${text}]]>`) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 500 }).map((length) => 'lång '.repeat(length / 5 + 1)) },
);
const text = join(fc.oneof({ weight: 60, arbitrary: part }, fc.constantFrom(...BROKEN)), 6);
const space = fc.constantFrom('', '', '\n', '\n\t', '  ', '\r\n');
const attributes = fc.oneof({ weight: 25, arbitrary: fc.constant('') }, fc.constantFrom(...ATTRIBUTES));

const { inner, node } = fc.letrec<{ inner: string; node: string }>((tie) => ({
  node: fc
    .tuple(fc.constantFrom(...NAMES), attributes, tie('inner'))
    .map(([name, extra, inner]) => (inner === '' ? `<${name}${extra}/>` : `<${name}${extra}>${inner}</${name}>`)),
  inner: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 4, arbitrary: text },
    { weight: 1, arbitrary: fc.constant('') },
    {
      weight: 5,
      arbitrary: fc.tuple(space, fc.array(fc.tuple(tie('node'), space), { maxLength: 4 })).map(sectionOf),
    },
    { weight: 1, arbitrary: fc.tuple(tie('node'), text).map((both) => both.join('')) },
    { weight: 1, arbitrary: fc.tuple(text, tie('node'), text).map((all) => all.join('')) },
  ),
}));

const root = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(space, fc.array(fc.tuple(node, space), { minLength: 1, maxLength: 5 })).map(sectionOf),
  },
  inner,
);

function sectionOf([first, nodes]: [string, [string, string][]]): string {
  return first + nodes.flat().join('');
}

const heads = fc.constantFrom(
  '',
  '<?xml version="1.0"?>\n',
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<!-- c -->\n',
  '\ufeff',
);
const tails = fc.oneof({ weight: 15, arbitrary: space }, fc.constantFrom('x', '<z/>', '<!-- end -->', '&#32;'));

/** Documents such as pfSense might be given, most of them usable; short enough to be read by it in one piece. */
export const configDocument: fc.Arbitrary<string> = fc
  .tuple(heads, root, tails)
  .map(([head, content, tail]) => `${head}<pfsense>${content}</pfsense>${tail}`)
  .filter((document) => Buffer.byteLength(document) < 4_096);
