import { type ConfigTree, isList } from '../config/model.ts';
import { redactTree } from '../config/secrets.ts';

const STAND_IN = /‹[a-z0-9_.:-]{1,40}:[0-9a-f]{6}›/g;

/**
 * A configuration with the same word in the place of every secret. Stand-ins that tell secrets apart mean nothing once
 * the process that made them has ended; this can be compared for as long as it is kept.
 */
export function blanked(tree: ConfigTree): ConfigTree {
  return withoutStandIns(redactTree(tree));
}

function withoutStandIns(tree: ConfigTree): ConfigTree {
  if (typeof tree === 'string') return tree.replace(STAND_IN, '‹secret›');
  if (isList(tree)) return tree.map(withoutStandIns);
  return Object.fromEntries(Object.entries(tree).map(([name, child]) => [name, withoutStandIns(child)]));
}
