import { readDevices, readFamily, readFromTo, readProtocols } from './pf-endpoint.ts';
import { noOptions, readFilterOptions, readNumber } from './pf-filter-options.ts';
import { TCP } from './pf-names.ts';
import type { TokenReader } from './pf-reader.ts';
import type { Antispoof, FilterRule } from './pf-syntax.ts';

const ACTIONS = ['pass', 'block', 'match'] as const;

/** `pass in log quick on X reply-to (X y) inet proto tcp from … to … options`, in this order. */
export function readFilterRule(reader: TokenReader): FilterRule {
  const { line } = reader;
  const action = reader.oneOf(...ACTIONS) ?? reader.fail('pass, block or match expected');
  const answers = action === 'block' && readAnswer(reader);
  const direction = reader.oneOf('in', 'out');
  const quick = readLogQuick(reader);
  const devices = reader.take('on') ? readDevices(reader) : [];
  const routes = readRoutes(reader);
  const family = readFamily(reader);
  const protocols = readProtocols(reader);
  const options = noOptions();
  const { from, to } = readFromTo(reader, (os) => options.unknownConditions.push(`os ${os}`));
  readFilterOptions(reader, options);
  const keepsState = action === 'pass' && options.state !== 'none';
  const { state: _, flags, ...rest } = options;
  return {
    ...{ kind: 'filter', line, action, answers, direction, quick, devices, family, protocols, from, to },
    ...routes,
    ...rest,
    keepsState,
    flags: flags === 'any' ? undefined : (flags ?? defaultFlags(keepsState, protocols)),
  };
}

/** pf looks for a first TCP packet where a rule keeps states and says nothing of flags. */
function defaultFlags(keepsState: boolean, protocols: readonly number[]): FilterRule['flags'] {
  const mayBeTcp = protocols.length === 0 || protocols.includes(TCP);
  return keepsState && mayBeTcp ? { set: 'S', among: 'SA' } : undefined;
}

function readAnswer(reader: TokenReader): boolean {
  if (reader.take('drop')) return false;
  return reader.oneOf('return', 'return-rst', 'return-icmp', 'return-icmp6') !== undefined;
}

function readLogQuick(reader: TokenReader): boolean {
  const first = reader.take('quick');
  if (reader.take('log') && reader.is('(')) reader.fail('options of log are not known');
  return reader.take('quick') || first;
}

function readRoutes(reader: TokenReader): Pick<FilterRule, 'routeTo' | 'replyTo'> {
  const routeTo = reader.take('route-to') ? readRoute(reader) : undefined;
  const replyTo = reader.take('reply-to') ? readRoute(reader) : undefined;
  return { routeTo, replyTo };
}

/** `( dev address )`, or a list of those with the way to choose. */
function readRoute(reader: TokenReader): string {
  const targets = reader.list(() => {
    reader.expect('(');
    const target = `${reader.text('a device')} ${reader.text('an address')}`;
    reader.expect(')');
    return target;
  });
  while (reader.oneOf('round-robin', 'random', 'source-hash', 'sticky-address'));
  return targets.join(', ');
}

/** `antispoof log quick for X inet ridentifier 1 label "x"`. */
export function readAntispoof(reader: TokenReader): Antispoof {
  const { line } = reader;
  reader.expect('antispoof');
  const quick = readLogQuick(reader);
  reader.expect('for');
  const devices = readDevices(reader);
  const family = readFamily(reader);
  const labels: string[] = [];
  let ridentifier: string | undefined;
  while (!reader.isEndOfStatement()) {
    if (reader.take('label')) labels.push(reader.text('a label'));
    else if (reader.take('ridentifier')) ridentifier = readNumber(reader);
    else reader.fail('unknown option of antispoof');
  }
  return { kind: 'antispoof', line, quick, devices, family, ridentifier, labels };
}
