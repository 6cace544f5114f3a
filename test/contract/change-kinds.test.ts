import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inOrder, rulesOf } from '../../src/changes/kinds/firewall_rule/list.ts';
import { KINDS } from '../../src/changes/kinds/index.ts';
import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../src/config/model.ts';
import { withoutTree, withTree } from '../../src/config/update.ts';
import { wallMs } from '../../src/core/clock.ts';
import { configOf } from './asking.ts';
import { type Changing, startChanging } from './changing.ts';
import { eventually } from './driver.ts';
import { aliasEndRows, aliasRenameRow, aliasRows } from './kinds/alias-rows.ts';
import { forwardEndRow } from './kinds/forward-rows.ts';
import { natRows, oneToOneEndRow, outboundEndRows } from './kinds/nat-rows.ts';
import { type Here, hereOf, type Row, shapeOf } from './kinds/row.ts';
import { ruleEndRows, ruleRows } from './kinds/rule-rows.ts';
import { loadsOf } from './loads.ts';
import { HAS_PAGES, shownBy, tryPage } from './pfsense-page.ts';
import { IS_LAB, openTarget, type Target } from './target.ts';

const NAME = `k${wallMs().toString(36)}_`;
const SECTIONS = ['aliases', 'filter', 'nat', 'schedules'] as const;
const ROWS: readonly Row[] = [
  ...aliasRows(NAME),
  ...ruleRows(NAME),
  ...natRows(NAME),
  aliasRenameRow(NAME),
  forwardEndRow(NAME),
  ...outboundEndRows(NAME),
  oneToOneEndRow(NAME),
  ...ruleEndRows(NAME),
  ...aliasEndRows(NAME),
];

test('the table has every kind that is tried before it is written', () => {
  const volatile = KINDS.filter(({ tier }) => tier === 'volatile').map(({ id }) => id);
  expect([...new Set(ROWS.map(({ kind }) => kind))].sort()).toEqual([...volatile].sort());
});

describe('a change through the tools', () => {
  let target: Target;
  let changing: Changing;
  beforeAll(async () => {
    target = await openTarget();
    changing = await startChanging(target, 'root');
    // What pfSense drops whenever it writes is gone before anything is compared.
    await changing.keep([{ kind: 'alias.create', args: { name: `${NAME}0`, type: 'port', members: ['1'] } }]);
    await changing.keep([{ kind: 'alias.delete', args: { name: `${NAME}0` } }]);
  }, 120_000);
  afterAll(async () => {
    await changing.asking.close();
    await target.close();
  });

  test.each(ROWS.map((row, index) => [index + 1, row.kind, row] as const))(
    '%i: %s',
    async (_index, kind, row) => {
      const before = await configOf(target);
      const here = hereOf(before);
      const own = row.page && HAS_PAGES ? await savedByPage(target, row.page, here) : undefined;
      const loaded = await loadsOf(target);
      const changes = [{ kind, args: row.args(here) }];
      await changing.keep(changes);
      expect((await loadsOf(target)) - loaded, 'loads').toBe(1);
      const after = await configOf(target);
      if (own) expect({ errors: own.errors, ...comparable(after) }).toEqual({ errors: [], ...comparable(own.config) });
      if (IS_LAB) expect(shapeOf(entryOf(after, row) ?? '')).toEqual(row.becomes ?? '');
      expect(outside(after, row)).toEqual(outside(before, row));
      await checkRules(target, row);
      if (row.list && HAS_PAGES) await checkList(row.list);
      expect(await changing.plan(changes)).toMatchObject({ plan: null });
    },
    120_000,
  );
});

/** What the page writes, when nothing that it began is under way any more. */
async function savedByPage(target: Target, [page, post]: NonNullable<Row['page']>, here: Here) {
  const before = await loadsOf(target);
  const saved = await tryPage(page, post(here));
  // Of these pages one has the rules loaded at once, by another process.
  if (page === 'firewall_schedule_edit.php') await eventually(async () => (await loadsOf(target)) > before, 60_000);
  return saved;
}

function entryOf(config: ConfigTree, { entry: [list, key, value] }: Row): ConfigTree | undefined {
  return listAt(config, list).find((one) => textAt(one, key) === value);
}

/** The sections as pfSense's pages and the tools have to write them alike. */
function comparable(config: ConfigTree): Record<string, unknown> {
  // 2.7 puts rules of port forwards at the very end, and sorts when somebody opens the page.
  const sorted = withTree(config, ['filter', 'rule'], inOrder(rulesOf(config)));
  return Object.fromEntries(
    SECTIONS.map((name) => [name, shapeOf(withoutEmptySeparators(treeAt(sorted, name) ?? ''))]),
  );
}

/** The pages leave an empty element where the last separator of a tab was. */
function withoutEmptySeparators(section: ConfigTree): ConfigTree {
  const left = entriesAt(section, 'separator').filter(([, tab]) => tab !== '');
  return left.length === 0
    ? withoutTree(section, ['separator'])
    : withTree(section, ['separator'], Object.fromEntries(left));
}

/** All that a change may not touch; a section that holds nothing else counts as empty. */
function outside(config: ConfigTree, { touches }: Row): ConfigTree {
  const rest = ['revision', ...touches].reduce((tree, path) => withoutTree(tree, path.split('/')), config);
  return Object.fromEntries(entriesAt(rest, '').filter(([, section]) => Object.keys(Object(section)).length > 0));
}

async function checkRules(target: Target, { rules = {} }: Row): Promise<void> {
  const text = (await target.readFile('/tmp/rules.debug')).replaceAll(/[ \t]+/g, ' ');
  for (const pattern of rules.hold ?? []) expect(text).toMatch(pattern);
  for (const pattern of rules.lack ?? []) expect(text).not.toMatch(pattern);
}

async function checkList([page, query, text, isThere]: NonNullable<Row['list']>): Promise<void> {
  const shown = await shownBy(page, query);
  expect(shown.includes(text), `${page} shows ${text}`).toBe(isThere);
}
