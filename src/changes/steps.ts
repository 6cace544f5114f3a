import type { ConfigTree } from '../config/model.ts';
import type { Operation } from './operation.ts';
import { ACCOUNT_STEPS } from './steps/accounts.ts';
import { DNS_DHCP_STEPS } from './steps/dns-dhcp.ts';
import { FILTER_STEPS } from './steps/filter.ts';
import { NETWORK_STEPS } from './steps/network.ts';
import { SYSTEM_STEPS } from './steps/system.ts';

/** What the firewall has to do for a written change to be in force; `php-snippets/_steps` has a program for each. */
export interface Step {
  readonly name: string;
  /** The objects it is about, such as keys of interfaces. */
  readonly subjects: readonly string[];
}

export interface StepRule {
  readonly name: string;
  /** Parts of the configuration whose change needs this step, as `staticroutes/route`; a star stands for any name. */
  readonly paths: readonly string[];
  /** What the step is about; without it the step is about everything. */
  readonly subjects?: (base: ConfigTree, candidate: ConfigTree) => string[];
  /** Whether there is anything to do, as for a service that runs neither before nor after; without it there is. */
  readonly when?: (base: ConfigTree, candidate: ConfigTree) => boolean;
}

/** In the order in which they are carried out. */
const RULES: readonly StepRule[] = [
  ...ACCOUNT_STEPS,
  ...SYSTEM_STEPS,
  ...NETWORK_STEPS,
  ...DNS_DHCP_STEPS,
  ...FILTER_STEPS,
];

/** The steps that the difference of two configurations needs, in their order. */
export function stepsFor(operations: readonly Operation[], base: ConfigTree, candidate: ConfigTree): Step[] {
  return RULES.filter(({ paths }) => operations.some(({ path }) => paths.some((part) => covers(part, path))))
    .filter(({ when }) => when?.(base, candidate) ?? true)
    .filter(({ name }, index, rules) => rules.findIndex((rule) => rule.name === name) === index)
    .map(({ name, subjects }) => ({ name, subjects: subjects?.(base, candidate) ?? [] }));
}

/** What pfSense looks at whenever it needs it, so that it is in force once it is written. */
const READ_AT_USE = [
  ...['notifications', 'filter/separator', 'nat/separator', 'system/nextuid', 'system/nextgid', 'widgets', 'theme'],
  ...['revision', 'lastchange', 'wol'],
];

/** Places that are written and that no step brings into force, by two names each, in the order of the document. */
export function placesWithoutStep(operations: readonly Operation[]): string[] {
  const known = [...RULES.flatMap(({ paths }) => paths), ...READ_AT_USE];
  const left = operations.filter(({ path }) => !known.some((part) => covers(part, path)));
  return [...new Set(left.map(({ path }) => path.slice(0, 2).join('/')))];
}

/** An operation on a whole section concerns every part of it. */
function covers(part: string, path: readonly string[]): boolean {
  return part
    .split('/')
    .slice(0, path.length)
    .every((name, index) => name === '*' || name === path[index]);
}
