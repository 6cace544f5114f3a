import { textOrNothing } from './asking.ts';
import { IS_LAB, type Target } from './target.ts';

/** How often rules were loaded since the target came up, by its own account. */
export async function loadsOf(target: Target): Promise<number> {
  if (IS_LAB) return (await textOrNothing(target, '/var/db/lab-filter-loads')).length;
  return (await target.readFile('/var/log/realbox-shims.log')).match(/ pfctl .*-f \/tmp\/rules\.debug/g)?.length ?? 0;
}
