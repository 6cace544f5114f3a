import { isDeepStrictEqual } from 'node:util';
import { type ConfigTree, entriesAt, treeAt } from '../../config/model.ts';
import { sectionOf } from '../../config/update.ts';
import type { StepRule } from '../steps.ts';

/** Settings of an interface that rules and routes bring into force, not the interface. */
const ELSEWHERE: ReadonlySet<string> = new Set(['descr', 'gateway', 'gatewayv6', 'blockpriv', 'blockbogons', 'mss']);

/** Devices and interfaces before the addresses and routes that need them; pf's rules come after all of these. */
export const NETWORK_STEPS: readonly StepRule[] = [
  { name: 'vlans', paths: ['vlans'] },
  { name: 'interfaces', paths: ['interfaces'], subjects: changedInterfaces },
  { name: 'virtual-ips', paths: ['virtualip'] },
  { name: 'routing', paths: ['staticroutes', 'gateways', 'interfaces'] },
];

/** Keys of the interfaces that have to be configured anew, those first that are gone. */
function changedInterfaces(base: ConfigTree, candidate: ConfigTree): string[] {
  const keys = [base, candidate].flatMap((config) => entriesAt(config, 'interfaces').map(([key]) => key));
  const isGone = (key: string): boolean => treeAt(candidate, `interfaces/${key}`) === undefined;
  return [...new Set(keys)]
    .filter((key) => !isDeepStrictEqual(settingsOf(base, key), settingsOf(candidate, key)))
    .sort((a, b) => Number(isGone(b)) - Number(isGone(a)));
}

function settingsOf(config: ConfigTree, key: string): unknown {
  const entry = treeAt(config, `interfaces/${key}`);
  if (entry === undefined) return undefined;
  return Object.fromEntries(Object.entries(sectionOf(entry)).filter(([name]) => !ELSEWHERE.has(name)));
}
