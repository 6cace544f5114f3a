import { readDevices, readFamily, readFromTo, readHost, readPortRange, readProtocols } from './pf-endpoint.ts';
import { portNumber } from './pf-names.ts';
import type { TokenReader } from './pf-reader.ts';
import type { Negatable, Target, TranslationRule } from './pf-syntax.ts';

/** `[no] nat|rdr|binat [pass] on X inet proto tcp from … to … [tag x] [-> target]`. */
export function readTranslationRule(reader: TokenReader): TranslationRule {
  const { line } = reader;
  const no = reader.take('no');
  const kind = reader.oneOf('nat', 'rdr', 'binat') ?? reader.fail('nat, rdr or binat expected');
  const passes = reader.take('pass');
  if (reader.take('log') && reader.is('(')) reader.fail('options of log are not known');
  const devices = reader.take('on') ? readDevices(reader) : [];
  const family = readFamily(reader);
  const protocols = readProtocols(reader);
  const sides = readFromTo(reader, () => reader.fail('os in a translation rule'));
  const { tag, tagged } = readTags(reader);
  if (no && reader.is('->')) reader.fail('a rule with "no" that translates');
  const target = no ? undefined : readTarget(reader);
  return { kind, line, passes, devices, family, protocols, ...sides, tag, tagged, target };
}

function readTags(reader: TokenReader): {
  tag: string | undefined;
  tagged: Negatable<{ readonly name: string }> | undefined;
} {
  const tag = reader.take('tag') ? reader.text('a tag') : undefined;
  const not = reader.is('!') && reader.is('tagged', 1) && reader.take('!');
  const tagged = reader.take('tagged') ? { not, name: reader.text('a tag') } : undefined;
  return { tag, tagged };
}

const POOL_OPTIONS = ['bitmask', 'random', 'source-hash', 'round-robin', 'static-port', 'sticky-address'] as const;

function readTarget(reader: TokenReader): Target {
  reader.expect('->');
  const hosts = reader.list(() => readHost(reader));
  const ports = reader.take('port') ? readTargetPorts(reader) : undefined;
  const options: string[] = [];
  while (!reader.isEndOfStatement()) {
    const option = reader.oneOf(...POOL_OPTIONS) ?? reader.fail('unknown option of a translation');
    options.push(option);
    if (option === 'source-hash' && !reader.isEndOfStatement() && reader.is('0x')) reader.text('a key');
  }
  return { hosts, ports, options };
}

/** `80`, `80:90`, `80:*`. */
function readTargetPorts(reader: TokenReader): Target['ports'] {
  const [from, to] = readOpenRange(reader);
  return { from, to: to === '*' || to === from ? undefined : to, open: to === '*' };
}

function readOpenRange(reader: TokenReader): [number, number | '*'] {
  const line = reader.line;
  const text = reader.peek();
  if (!text.endsWith(':*')) return readPortRange(reader);
  reader.text('a port');
  return [portNumber(text.slice(0, -2)) ?? reader.fail(`unknown port in line ${line}`), '*'];
}
