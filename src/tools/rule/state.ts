import { z } from 'zod';
import { readBlock } from '../../config/address-block.ts';
import { type ConfigTree, textAt, treeAt } from '../../config/model.ts';
import type { RuleSource } from './source.ts';

/** Whether a rule works, and if not, in which way: these are mistaken for each other. */
export const RuleState = z.enum(['active', 'disabled', 'schedule inactive', 'unresolvable', 'not loaded', 'unknown']);

/** Trackers of pf are numbers: pf drops the zeroes that some in config.xml begin with. */
export function trackerKey(rule: ConfigTree): string {
  return (textAt(rule, 'tracker') ?? '').replace(/^0+(?=\d)/, '');
}

interface Judgement {
  readonly state: z.output<typeof RuleState>;
  readonly reason?: string;
}

/** `repeated` are trackers of several rules: that pf knows such a one says nothing about this rule. */
export function stateOf(raw: ConfigTree, source: RuleSource, repeated: ReadonlySet<string>): Judgement {
  if (treeAt(raw, 'disabled') !== undefined) return { state: 'disabled' };
  const key = trackerKey(raw);
  const isLoaded = source.loaded !== null && Object.hasOwn(source.loaded, key);
  // pf follows a schedule or an alias only at the next reload, so what it holds now counts first.
  if (isLoaded && !repeated.has(key)) return { state: 'active' };
  if (source.schedules[textAt(raw, 'sched') ?? ''] === false) return { state: 'schedule inactive' };
  const alias = unresolvable(raw, source);
  if (alias !== undefined) return { state: 'unresolvable', reason: `alias ${alias} yields nothing` };
  if (isLoaded) return { state: 'active' };
  if (source.loaded === null || key === '') return { state: 'unknown' };
  const reason = source.hasPending
    ? 'changes are not applied yet'
    : 'no enabled interface, gateway down, or no address behind its words';
  return { state: 'not loaded', reason };
}

/** The alias of a rule that does not exist or that pfSense could not resolve. */
function unresolvable(raw: ConfigTree, { aliases, skipped }: RuleSource): string | undefined {
  const description = textAt(raw, 'descr') ?? '';
  const words = ['source/address', 'source/port', 'destination/address', 'destination/port']
    .map((path) => textAt(raw, path) ?? '')
    .filter(isName);
  return words.find(
    (word) =>
      !aliases.includes(word) ||
      skipped.some(({ alias, rule }) => alias === word && rule.trim() === description.trim()),
  );
}

function isName(word: string): boolean {
  return word !== '' && word !== 'any' && readBlock(word) === undefined && !/^\d+([-:]\d+)?$/.test(word);
}
