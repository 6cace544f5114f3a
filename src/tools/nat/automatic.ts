import type { NameInterface } from '../rule/endpoint.ts';
import type { NatRule } from './model.ts';
import type { NatSource } from './source.ts';

const LINE =
  /^(no )?nat on \$?(\S+)\s+(?:(inet6?)\s+)?from (\S+) to (\S+)(?: port (\S+))?(?: -> (\S+))?(?: port (\S+))?\s*(static-port)?/;

/** The subnets that the automatic rules translate; null when pfSense's generated file could not be read. */
export function automaticSources({ automatic }: NatSource): string[] | null {
  if (automatic === null) return null;
  const set = automatic.map((line) => /tonatsubnets.*\{(.*)\}/.exec(line)?.[1]).find((found) => found !== undefined);
  return (set ?? '').split(/\s+/).filter((subnet) => subnet !== '');
}

/** The outbound rules pfSense makes by itself, from the lines it generated last. */
export function automaticRules(source: NatSource, name: NameInterface): NatRule[] {
  return (source.automatic ?? []).flatMap((line) => readLine(line, macroNames(source, name)));
}

/** pfSense names a macro after the description, without what pf does not take. */
function macroNames({ interfaces }: NatSource, name: NameInterface): Map<string, string> {
  return new Map(Object.keys(interfaces).map((key) => [name(key).replace(/\W/g, '_'), name(key)]));
}

function readLine(line: string, names: ReadonlyMap<string, string>): NatRule[] {
  const match = LINE.exec(line);
  if (!match) return [];
  const [, no, macro = '', family, from = '', to = '', port, target = '', , isStatic] = match;
  return [
    {
      kind: 'outbound',
      state: 'active',
      interface: names.get(macro) ?? macro,
      family: family === 'inet6' ? 'IPv6' : 'IPv4',
      source: /tonatsubnets/.test(from) ? 'automatic sources' : from,
      destination: `${to}${port ? ` port ${port}` : ''}`,
      after: no ? 'not translated' : target.replace(/\/(?:32|128)$/, ''),
      ...(isStatic ? { staticPort: true } : {}),
      description: 'made by pfSense',
    },
  ];
}
