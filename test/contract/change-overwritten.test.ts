import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textAt } from '../../src/config/model.ts';
import { wallMs } from '../../src/core/clock.ts';
import { configOf } from './asking.ts';
import { type ForeignWriter, markOf, startForeignWriter } from './foreign-writer.ts';
import { openTarget, type Target } from './target.ts';
import { type Change, startWholeChanges, type WholeChanges } from './whole-changes.ts';

const RUN = wallMs().toString(36);
const SECRET = `correct-horse-${RUN}`;

let target: Target;
let changes: WholeChanges;
let colleague: ForeignWriter;
let count = 0;
beforeAll(async () => {
  target = await openTarget();
  changes = await startWholeChanges(target, ['read', 'config', 'dangerous']);
  colleague = await startForeignWriter(target);
});
afterAll(async () => {
  await colleague.close();
  await changes.close();
  await target.close();
});

/** A change of each tier, and the text by which it is known again. */
const MADE = {
  volatile: (text: string): Change => ({
    kind: 'alias.create',
    args: { name: text, type: 'network', members: [{ value: '198.18.7.0/24' }] },
  }),
  durable: (text: string): Change => ({ kind: 'notification.set_slack', args: { channel: text } }),
};
const TIERS = ['volatile', 'durable'] as const;

/** Waits until a revision that is written now gets a second of its own. */
const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1_100));
/** Waits for the start of a second, so that what follows at once falls into the same one. */
const startOfSecond = () => new Promise((resolve) => setTimeout(resolve, 1_000 - (wallMs() % 1_000)));

const next = (tier: (typeof TIERS)[number]) => {
  count += 1;
  const [text, mark] = [`over_${RUN}_${count}`, `${RUN} colleague ${count}`];
  return { text, mark, change: MADE[tier](text) };
};
const status = async (plan: string): Promise<Record<string, unknown>> => {
  const { changes: rows } = await changes.asking.ask('pf_change_status', { plan });
  return Object(rows)[0];
};
const read = () => changes.asking.ask('pf_config_get', { path: 'system' });
const isThere = async (text: string): Promise<boolean> => JSON.stringify(await configOf(target)).includes(`"${text}"`);

/** Several changes one after the other take their time on a busy machine. */
const PATIENCE = { timeout: 240_000 };

describe.each(TIERS)('a %s change', PATIENCE, (tier) => {
  test('that somebody overwrites who had read what was before it is missed by the next call', async () => {
    const { mark, change } = next(tier);
    const { id } = await changes.begin([change]);
    await changes.confirm(id);
    expect(await status(id)).not.toHaveProperty('overwritten');
    expect(await read()).not.toHaveProperty('pendingChanges');
    const second = next(tier);
    await colleague.openPage();
    const { id: later } = await changes.begin([second.change]);
    await changes.confirm(later);
    await startOfSecond();
    await colleague.savePage(markOf(mark));
    expect(await read()).toMatchObject({
      pendingChanges: [`change ${later.slice(0, 12)} was overwritten by somebody else: pf_change_status`],
    });
    const { overwritten, state, next: advice } = await status(later);
    expect({ state, advice }).toEqual({
      state: 'permanent',
      advice: expect.stringContaining(`{"again":"${later.slice(0, 12)}"}`),
    });
    const { what, lastSavedBy, wanted, others } = Object(overwritten);
    expect(what).toBe('Somebody else undid what this change wrote, without having read it.');
    expect(lastSavedBy).toContain('a colleague');
    expect(String(wanted)).toContain(second.text);
    expect(String(others)).toContain(mark);
    expect(String(others)).toContain(second.text);
    expect(await isThere(second.text)).toBe(false);
    // What is wanted again is there again, and nobody is told any more.
    await changes.make([second.change]);
    expect(await read()).not.toHaveProperty('pendingChanges');
    expect(textAt(await configOf(target), 'system/mcptest')).toBe(mark);
  });

  test('is not said to be overwritten when somebody takes it out who had read it', async () => {
    const { change } = next(tier);
    await colleague.openPage();
    const { id } = await changes.begin([change]);
    await changes.confirm(id);
    await nextSecond();
    await colleague.save(
      '$config["aliases"]["alias"] = array_slice($config["aliases"]["alias"], 0, -1); $config["notifications"]["slack"]["channel"] = "other";',
    );
    expect(Object((await status(id))['overwritten']).what).toBe(
      'Somebody else undid what this change wrote, having read it.',
    );
    expect(await read()).not.toHaveProperty('pendingChanges');
  });

  test('that is stale says what it wants and what others did, without secrets', async () => {
    const { text, mark, change } = next(tier);
    const { plan } = await changes.plan([change]);
    await colleague.save(
      `${markOf(mark)} $config["snmpd"]["rocommunity"] = "${SECRET}${count}"; $config["system"]["webgui"]["authmode"] = "n${count}";`,
    );
    changes.approve(String(plan), 'apply');
    const { code, details } = await failure('pf_change_apply', { plan });
    expect(code).toBe('plan_stale');
    expect(String(details['wanted'])).toContain(text);
    expect(String(details['others'])).toContain(mark);
    expect(String(details['others'])).toMatch(/rocommunity/);
    expect(JSON.stringify(details)).not.toContain(SECRET);
    expect(details['again']).toBe(`pf_change_plan {"again":"${String(plan).slice(0, 12)}"}`);
    const again = await changes.asking.ask('pf_change_plan', { again: plan });
    expect(again).toMatchObject({ canApply: true });
  });

  test('whose base the firewall keeps no more is compared with what the plan store has of it, or that is unknown', async () => {
    const { text, mark, change } = next(tier);
    const { plan } = await changes.plan([change]);
    await colleague.save(markOf(mark));
    await colleague.ask('array_map("unlink", glob("/cf/conf/backup/config-*.xml")); return [];');
    changes.approve(String(plan), 'apply');
    const { details } = await failure('pf_change_apply', { plan });
    expect(String(details['wanted'])).toContain(text);
    expect(details['others']).toEqual([expect.stringContaining(mark)]);
    rmSync(join(changes.asking.stateDir, 'plans', `${plan}.base`));
    const { details: blind } = await failure('pf_change_apply', { plan });
    expect(blind).toMatchObject({ others: null });
  });
});

/** What a refused call says, as a client sees it. */
async function failure(tool: string, args: Record<string, unknown>) {
  const [content] = JSON.parse(await changes.asking.refusal(tool, args));
  return JSON.parse(content.text).error as { code: string; hint: string; details: Record<string, unknown> };
}

describe('a written change on trial', PATIENCE, () => {
  test('that somebody overwrites is missed at once, cannot be confirmed, and is taken back beside theirs', async () => {
    const { text, mark, change } = next('durable');
    await colleague.openPage();
    const { id } = await changes.begin([change]);
    await colleague.savePage(markOf(mark));
    expect(await read()).toMatchObject({ pendingChanges: [expect.stringContaining(id.slice(0, 12))] });
    const { overwritten, state } = await status(id);
    expect(state).toBe('on trial');
    expect(String(Object(overwritten).wanted)).toContain(text);
    expect(String(Object(overwritten).others)).toContain(mark);
    changes.approve(id, 'confirm');
    const { code, hint, details } = await failure('pf_change_confirm', { plan: id });
    expect(code).toBe('plan_stale');
    expect(hint).toContain('pf_change_rollback');
    expect(String(details['wanted'])).toContain(text);
    expect(String(details['others'])).toContain(mark);
    const after = await changes.asking.ask('pf_change_rollback', { plan: id });
    expect(after).toMatchObject({ state: 'reverted', overwritten: { others: expect.any(Array) } });
    expect(await isThere(text)).toBe(false);
    expect(textAt(await configOf(target), 'system/mcptest')).toBe(mark);
  });

  test('that was taken back and is brought back by somebody who had read it is told', async () => {
    const { text, mark, change } = next('durable');
    const { id } = await changes.begin([change]);
    await colleague.openPage();
    await changes.asking.ask('pf_change_rollback', { plan: id });
    await colleague.savePage(markOf(mark));
    expect(await isThere(text)).toBe(true);
    expect(await read()).toMatchObject({ pendingChanges: [expect.stringContaining('brought back')] });
    const { overwritten, state } = await status(id);
    expect({ state, what: Object(overwritten).what }).toEqual({
      state: 'reverted',
      what: 'Somebody else brought back what was undone, without having read it.',
    });
  });
});
