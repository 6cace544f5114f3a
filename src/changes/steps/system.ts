import { changedKeys, entriesBy } from '../../config/changed.ts';
import type { ConfigTree } from '../../config/model.ts';
import type { StepRule } from '../steps.ts';

export const SYSTEM_STEPS: readonly StepRule[] = [
  { name: 'cron', paths: ['cron'] },
  { name: 'sysctl', paths: ['sysctl'], subjects: changedTunables },
];

/** Names of kernel variables whose entries differ. */
function changedTunables(base: ConfigTree, candidate: ConfigTree): string[] {
  const tunables = (config: ConfigTree) => entriesBy(config, 'sysctl/item', 'tunable');
  return changedKeys(tunables(base), tunables(candidate));
}
