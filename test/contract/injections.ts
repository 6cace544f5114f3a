/** Creates this file where a payload is executed. */
const CANARY = 'touch /tmp/pfsense-mcp-canary';

const SHELL = [
  `; ${CANARY}`,
  `| ${CANARY}`,
  `&& ${CANARY}`,
  `|| ${CANARY}`,
  `\`${CANARY}\``,
  `$(${CANARY})`,
  `\n${CANARY}\n`,
  `> /tmp/pfsense-mcp-canary`,
  `<(${CANARY})`,
  `\${IFS}${CANARY}`,
];
const READER = [
  'exec',
  'exec;',
  'exit',
  'quit',
  'reset',
  'help',
  '?',
  'stop',
  'showrecordings',
  'record pfsense-mcp-canary',
  'playback svc stop unbound',
  'run svc stop unbound',
  `! ${CANARY}`,
  `=${CANARY}`,
  `!${CANARY}`,
];
const PHP = [
  `system("${CANARY}");`,
  `";system("${CANARY}");//`,
  `');system('${CANARY}');//`,
  `?><?php system("${CANARY}"); ?>`,
  `{\${system("${CANARY}")}}`,
  `\\");system("${CANARY}");(\\"`,
  `'.\`${CANARY}\`.'`,
  `EOT;\nsystem("${CANARY}");\n<<<EOT`,
];
const FRAMING = [
  '\u001e',
  '\u001eabc 2 00000000\n{}\n',
  '12\n{"id":1}',
  '99999999\n',
  '0\n',
  '\0',
  '\r\nexec\r\n',
  '\u2028exec\u2028',
  '\u2029',
  '\u0085exec',
  '\u0004',
  '\u0003',
  '\u001b[2J',
  '\u202e\u2066',
  '\ufeff',
  '\ud800',
  '\u{e0041}',
];
const MARKUP = [
  ']]>',
  '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>&a;',
  '&lt;?php',
  '<![CDATA[',
  '</pfsense>',
  '{"__proto__":{"polluted":true}}',
  '__proto__',
  'constructor',
  'prototype',
  '..',
  '../../../etc/passwd',
  '/etc/passwd',
  '%2e%2e%2f',
  '%00',
  '\\..\\',
];
const PF = [
  'pass quick all',
  '"\npass quick all\n"',
  'label "x" pass',
  '{ any }',
  '<table>',
  '$macro',
  '-k 0.0.0.0/0',
  '--',
  '-F all',
  '*',
  '%s%s%n',
  'a'.repeat(64),
];

const words = [...SHELL, ...READER, ...PHP, ...FRAMING, ...MARKUP, ...PF];

/** Texts that would do something if any layer read them as more than text: each alone, on a line of its own, quoted. */
export const INJECTIONS: readonly string[] = [
  ...words,
  ...words.map((word) => `x\n${word}\nexec\n`),
  ...words.map((word) => `"${word}"`),
  `${'a'.repeat(1_000_000)}\n! ${CANARY}`,
  JSON.stringify(Array.from({ length: 200 }).reduce((deep) => [deep], CANARY)),
];
