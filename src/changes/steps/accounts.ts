import { changedKeys, entriesBy } from '../../config/changed.ts';
import type { ConfigTree } from '../../config/model.ts';
import type { StepRule } from '../steps.ts';

const LISTS = { user: 'system/user', group: 'system/group' } as const;

export const ACCOUNT_STEPS: readonly StepRule[] = [
  { name: 'accounts', paths: Object.values(LISTS), subjects: (base, candidate) => changedNames(base, candidate) },
];

/** `user NAME` and `group NAME` of whatever differs. */
function changedNames(base: ConfigTree, candidate: ConfigTree): string[] {
  return Object.entries(LISTS).flatMap(([noun, path]) =>
    changedKeys(entriesBy(base, path, 'name'), entriesBy(candidate, path, 'name')).map((name) => `${noun} ${name}`),
  );
}
