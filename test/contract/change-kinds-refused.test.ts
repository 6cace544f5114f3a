import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConfigTree, entriesAt, treeAt } from '../../src/config/model.ts';
import { type Asking, configOf, startAsking } from './asking.ts';
import { REFUSED } from './kinds/refused.ts';
import { hereOf } from './kinds/row.ts';
import { HAS_PAGES, tryPage } from './pfsense-page.ts';
import { openTarget, type Target } from './target.ts';

let target: Target;
let asking: Asking;
beforeAll(async () => {
  target = await openTarget();
  asking = await startAsking(target, 'root', { permissions: ['read', 'config'] });
});
afterAll(async () => {
  await asking.close();
  await target.close();
});

test.each(REFUSED.map((one) => [one.kind, one] as const))(
  "a plan takes nothing that pfSense's page does not: %s",
  async (kind, { args, because, page: [page, post] }) => {
    const before = await configOf(target);
    const here = hereOf(before);
    if (HAS_PAGES) {
      const { config } = await tryPage(page, post(here));
      expect(written(config), page).toEqual(written(before));
    }
    const said = await asking.refusal('pf_change_plan', { changes: [{ kind, args: args(here) }], reason: 'a test' });
    expect(said).toMatch(/bad_input|not_found/);
    expect(said).toMatch(because);
  },
);

/** What a page can save of rules, as far as there is anything. */
function written(config: ConfigTree): unknown {
  return ['aliases', 'filter/rule', 'nat', 'schedules'].map((path) => {
    const part = treeAt(config, path) ?? '';
    return path === 'nat' ? entriesAt(part, '').filter(([, list]) => list.length !== 0) : part || [];
  });
}
