import type { Aliases } from './aliases.ts';
import type { Truth } from './truth.ts';

/** Both ends in it. */
export type PortRange = readonly [from: number, to: number];

/** Ports of a rule: null for any; `unknown` names ports that cannot be told. */
export interface PortMatch {
  readonly ranges: readonly PortRange[];
  readonly unknown: readonly string[];
}

/** Some port, which is never 0. */
export const SOME_PORT: PortRange = [1, 65_535];

/** Whether ports are meant; `asked` is a stretch in which the port lies. */
export function hasPort({ ranges, unknown }: PortMatch, [low, high]: PortRange): Truth {
  let isTouched = false;
  for (const [from, to] of ranges) {
    if (from <= low && high <= to) return true;
    isTouched ||= from <= high && low <= to;
  }
  if (isTouched) return ['port that was not named'];
  return unknown.length === 0 ? false : unknown;
}

/**
 * The ports a filter rule names: null for any, `missing` when pfSense leaves the rule out because of them. It writes
 * `1-1000` as everything up to 1000, so port 0 is in it.
 */
export function readPorts(text: string, aliases: Aliases): PortMatch | null | 'missing' {
  return readRange(text, aliases, 0);
}

/** The ports a translation names, which pfSense writes as they stand: port 0 is not in `1-1000`. */
export function readNatPorts(text: string, aliases: Aliases): PortMatch | null | 'missing' {
  return readRange(text, aliases, 1);
}

/** `first` is where a range from 1 begins. `1-65535` is any to pfSense everywhere, so port 0 is in it. */
function readRange(text: string, aliases: Aliases, first: 0 | 1): PortMatch | null | 'missing' {
  if (text === '') return null;
  const [, from = '', to = from] = /^(\d{1,5})(?:[-:](\d{1,5}))?$/.exec(text) ?? [];
  if (from === '') return aliasPorts(text, aliases);
  const [low, high] = [Number(from), Number(to)];
  if (low === 1 && high === 65_535) return null;
  return { ranges: [[low === 1 && high > 1 ? first : low, high]], unknown: [] };
}

function aliasPorts(name: string, aliases: Aliases): PortMatch | 'missing' {
  const meaning = aliases(name);
  if (meaning?.kind === 'ports') return { ranges: meaning.ranges, unknown: [] };
  // A word such as `ssh` may be a service that the firewall knows; those are written in small letters.
  if (meaning === undefined && !/^[a-z][a-z0-9-]*$/.test(name)) return 'missing';
  if (meaning?.kind === 'missing') return 'missing';
  return { ranges: [], unknown: [meaning === undefined ? `port ${name}` : `ports of alias ${name}`] };
}
