import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { freeTracker } from '../../src/changes/allocation.ts';
import { defineKind } from '../../src/changes/kind.ts';
import type { Plan } from '../../src/changes/plan.ts';
import { listAt, textAt } from '../../src/config/model.ts';
import { withTree } from '../../src/config/update.ts';
import { PfsenseError } from '../../src/core/errors.ts';
import type { Box } from '../../src/pfsense/box.ts';
import { configOf } from './asking.ts';
import { askOnce, eventually, killWatchers } from './driver.ts';
import { HAS_PROCESSES, IS_LAB, openTarget, type Target, USERS } from './target.ts';
import { startTrials, type Trials } from './trials.ts';

/** An alias and a rule that uses it, in the form in which pfSense saves both. */
const aliasAndRule = defineKind({
  id: 'test.alias_and_rule',
  summary: 'For this test.',
  tier: 'volatile',
  input: z.strictObject({ name: z.string(), address: z.string(), protocol: z.string().default('tcp') }),
  example: { name: 'a', address: '192.0.2.1' },
  apply(config, { name, address, protocol }, { now }) {
    const alias = { name, type: 'host', address, descr: '', detail: '' };
    const rule = {
      id: '',
      tracker: freeTracker(config, now),
      type: 'pass',
      interface: 'lan',
      ipprotocol: 'inet',
      protocol,
      source: { address: name },
      destination: { any: '' },
      descr: `for ${name}`,
    };
    const named = withTree(config, ['aliases', 'alias'], [...listAt(config, 'aliases/alias'), alias]);
    return withTree(named, ['filter', 'rule'], [...listAt(config, 'filter/rule'), rule]);
  },
});

/** A table of addresses that are to be downloaded. */
const tableAlias = defineKind({
  id: 'test.table_alias',
  summary: 'For this test.',
  tier: 'volatile',
  input: z.strictObject({ name: z.string() }),
  example: { name: 'a' },
  apply(config, { name }) {
    const url = 'http://127.0.0.1:9/list.txt';
    const alias = { name, type: 'urltable', url, updatefreq: '7', address: url, descr: '', detail: '' };
    return withTree(config, ['aliases', 'alias'], [...listAt(config, 'aliases/alias'), alias]);
  },
});
/** Where what is asked of check_reload_status is noted. */
const EVENTS = IS_LAB ? '/var/log/lab-events.log' : '/var/log/realbox-shims.log';

let target: Target;
let count = 0;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

describe.each(USERS)('a change on trial by %s', (user) => {
  let trials: Trials;
  beforeAll(() => {
    trials = startTrials(target.users[user], [aliasAndRule, tableAlias]);
  });
  afterAll(() => trials.close());

  const planned = (args: Record<string, unknown> = {}, windowSeconds = 60): Promise<Plan> => {
    count += 1;
    const own = { name: `trial_${count}`, address: `192.0.2.${count}`, ...args };
    return trials.plan([{ kind: aliasAndRule.id, args: own }], windowSeconds);
  };
  const begin = (plan: Plan) => trials.begin(plan);
  const state = async (plan: Plan) => (await trials.look(plan)).state;
  const aliases = async () => listAt(await configOf(target), 'aliases/alias').map((alias) => textAt(alias, 'name'));

  test('is in force without being written, and is written when it is confirmed', async () => {
    const plan = await planned();
    const before = await target.readFile('/cf/conf/config.xml');
    const trial = await begin(plan);
    expect(trial).toMatchObject({ state: 'armed', wasLoaded: true, isStillLoaded: true });
    expect(await target.readFile('/cf/conf/config.xml')).toBe(before);
    const name = `trial_${count}`;
    expect(await target.readFile('/tmp/rules.debug')).toContain(name);
    expect(await target.readFile('/tmp/rules.debug')).toMatch(
      new RegExp(`table <${name}>[^\\n]*192\\.0\\.2\\.${count}\\b`),
    );
    const written = await trials.confirm(plan);
    expect(written.wasUndisturbed).not.toBe(false);
    expect(await aliases()).toContain(name);
    expect(await target.readFile('/cf/conf/config.xml')).toContain(`a trial [pfsense-mcp ${plan.id.slice(0, 12)}]`);
    expect(await state(plan)).toBe('confirmed');
  });

  test('has the list of a new table fetched when it is confirmed, as that could not be before', async () => {
    const name = `table_${user}`;
    const plan = await trials.plan([{ kind: tableAlias.id, args: { name } }]);
    await begin(plan);
    const written = await trials.confirm(plan);
    expect(written.published).toContain('table');
    const isAsked = async () => (await target.readFile(EVENTS)).includes(`service sync alias ${name}`);
    expect(await eventually(isAsked, 10_000)).toBe(true);
  });

  test.runIf(HAS_PROCESSES)('is loaded once more when a reload was under way while it was written', async () => {
    const login = target.users[user];
    const plan = await planned();
    await begin(plan);
    const before = await target.readFile(EVENTS).catch(() => '');
    // What pfSense holds while it makes and loads rules.
    const reload = `$lock = fopen("/tmp/filter.lock", "w"); flock($lock, LOCK_EX); touch("/tmp/mcp-test-held");
      for ($n = 0; $n < 1500 && is_file("/tmp/mcp-test-held"); $n++) { usleep(10000); clearstatcache(); } return [];`;
    const reloading = askOnce(login, reload.replaceAll('\n', ' '));
    await expect
      .poll(() => askOnce(login, 'return [is_file("/tmp/mcp-test-held")];'), { timeout: 15_000 })
      .toEqual([true]);
    const { published } = await trials.confirm(plan);
    await askOnce(login, 'return [unlink("/tmp/mcp-test-held")];');
    await reloading;
    expect(published).toContain('reload');
    const isAsked = async () => (await target.readFile(EVENTS)).slice(before.length).includes('filter reload');
    expect(await eventually(isAsked, 10_000)).toBe(true);
    // When nothing was under way, there is no need to.
    const quiet = await planned();
    await begin(quiet);
    expect((await trials.confirm(quiet)).published).not.toContain('reload');
  });

  test.runIf(HAS_PROCESSES)('can be ended when all died that worked on it while it was being confirmed', async () => {
    const plan = await planned();
    await begin(plan);
    const folder = `/cf/conf/pfsense-mcp/${plan.id}`;
    const die = `${killWatchers(plan.id)} return [rename("${folder}/armed", "${folder}/confirming"), touch("${folder}/heartbeat", time() - 60)];`;
    expect(await askOnce(target.users['root'], die.replaceAll('\n', ' '))).toEqual([true, true]);
    expect(await trials.end(plan)).toMatchObject({ state: 'reverted' });
    expect(await target.readFile('/tmp/rules.debug')).not.toContain(`trial_${count}`);
  });

  test('leaves no copy of the configuration when its switch cannot be started', async () => {
    const seen = (box: Box): Box => {
      const { live } = box;
      const startDetached = () => Promise.reject(new PfsenseError('switch_dead', 'For this test.', { phase: 'start' }));
      return Object.create(box, {
        call: { value: box.call.bind(box) },
        live: { value: { ...live, startDetached } },
      });
    };
    const unlucky = startTrials(target.users[user], [aliasAndRule], { seen });
    const args = { name: `unlucky_${user}`, address: '192.0.2.77' };
    const plan = await unlucky.plan([{ kind: aliasAndRule.id, args }]);
    await expect(unlucky.begin(plan)).rejects.toMatchObject({ code: 'switch_dead' });
    expect((await unlucky.look(plan)).state).toBe('reverted');
    for (const name of ['base.xml', 'operations.json', 'boot.php']) {
      await expect(target.readFile(`/cf/conf/pfsense-mcp/${plan.id}/${name}`)).rejects.toThrow();
    }
    await expect(target.readFile('/usr/local/etc/rc.d/pfsense-mcp.sh')).rejects.toThrow();
    await unlucky.close();
    // Nobody has to wait for it.
    const next = await planned();
    expect(await begin(next)).toMatchObject({ state: 'armed' });
    expect(await trials.end(next)).toMatchObject({ state: 'reverted' });
  });

  test('is undone by the switch when nobody confirms', async () => {
    const plan = await planned({}, 12);
    const before = await target.readFile('/cf/conf/config.xml');
    const name = `trial_${count}`;
    await begin(plan);
    expect(await eventually(async () => (await state(plan)) === 'reverted', 60_000)).toBe(true);
    expect(await target.readFile('/cf/conf/config.xml')).toBe(before);
    expect(await target.readFile('/tmp/rules.debug')).not.toContain(name);
  });

  test('is undone at once when somebody says so', async () => {
    const plan = await planned();
    await begin(plan);
    const trial = await trials.end(plan);
    expect(trial.state).toBe('reverted');
    expect(await target.readFile('/tmp/rules.debug')).not.toContain(`trial_${count}`);
    await expect(trials.end(plan)).rejects.toMatchObject({ code: 'change_over' });
  });

  test('is refused when the configuration is another, and while another is on trial', async () => {
    const [stale, first] = [await planned(), await planned()];
    await begin(first);
    await expect(begin(stale)).rejects.toMatchObject({ code: 'change_pending' });
    await trials.confirm(first);
    await expect(begin(stale)).rejects.toMatchObject({ code: 'plan_stale' });
  });
});
