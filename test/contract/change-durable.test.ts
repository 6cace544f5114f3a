import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineKind } from '../../src/changes/kind.ts';
import type { Plan } from '../../src/changes/plan.ts';
import { type ConfigTree, listAt, textAt } from '../../src/config/model.ts';
import { withTree } from '../../src/config/update.ts';
import { wallMs } from '../../src/core/clock.ts';
import { PfsenseError } from '../../src/core/errors.ts';
import type { SshConnection } from '../../src/ssh/connection.ts';
import type { PhpSession } from '../../src/ssh/php-session.ts';
import { configOf } from './asking.ts';
import { ask, askOnce, eventually, killWatchers, open, session } from './driver.ts';
import { HAS_PROCESSES, IS_LAB, openTarget, type Target, USERS } from './target.ts';
import { startTrials, type Trials } from './trials.ts';

/** An alias that is written before it is loaded, as changes of other parts have to be. */
const writtenAlias = defineKind({
  id: 'test.written_alias',
  summary: 'For this test.',
  tier: 'durable',
  input: z.strictObject({ name: z.string(), address: z.string() }),
  example: { name: 'a', address: '192.0.2.1' },
  apply(config, { name, address }) {
    const others = listAt(config, 'aliases/alias').filter((alias) => textAt(alias, 'name') !== name);
    const alias = { name, type: 'host', address, descr: '', detail: '' };
    return withTree(config, ['aliases', 'alias'], [...others, alias]);
  },
});

/** Leaves an empty list behind. */
const noAliases = defineKind({
  id: 'test.no_aliases',
  summary: 'For this test.',
  tier: 'durable',
  input: z.strictObject({}),
  example: {},
  apply: (config) => withTree(config, ['aliases', 'alias'], []),
});

/** A rule that pf does not take. */
const badRule = defineKind({
  id: 'test.bad_rule',
  summary: 'For this test.',
  tier: 'durable',
  input: z.strictObject({}),
  example: {},
  apply(config) {
    const rule = {
      ...{ type: 'pass', interface: 'lan', ipprotocol: 'inet', protocol: 'lab-bad-rule', tracker: '1' },
      ...{ source: { any: '' }, destination: { any: '' }, descr: 'bad' },
    };
    return withTree(config, ['filter', 'rule'], [...listAt(config, 'filter/rule'), rule]);
  },
});

const HOOK = '/usr/local/etc/rc.d/pfsense-mcp.sh';

let target: Target;
let count = 0;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

/** The configuration but for the note of who wrote it last. */
async function written(): Promise<ConfigTree> {
  return withTree(await configOf(target), ['revision'], '');
}

async function isGone(file: string): Promise<boolean> {
  return target.readFile(file).then(
    () => false,
    () => true,
  );
}

async function aliases(): Promise<Record<string, string | undefined>> {
  const list = listAt(await configOf(target), 'aliases/alias');
  return Object.fromEntries(list.map((alias) => [textAt(alias, 'name'), textAt(alias, 'address')]));
}

describe.each(USERS)('a change of %s that has to be written first', (user) => {
  let trials: Trials;
  let connection: SshConnection;
  let colleague: PhpSession;
  let kept: readonly ConfigTree[];
  beforeAll(async () => {
    kept = listAt(await configOf(target), 'aliases/alias');
    const login = target.users[user];
    if (!login) throw new Error(`The target has no user ${user}.`);
    trials = startTrials(login, [writtenAlias, noAliases, badRule]);
    connection = await open(login);
    colleague = await session(connection);
  });
  afterAll(async () => {
    await trials.close();
    const putBack = `global $config; $config["aliases"] = ["alias" => $in["kept"]]; write_config("a colleague"); return [];`;
    await askOnce(target.users[user], putBack, { kept });
    await colleague.close();
    await connection.close();
  });

  const planned = (windowSeconds = 60): Promise<Plan> => {
    count += 1;
    return trials.plan(
      [{ kind: writtenAlias.id, args: { name: `durable_${count}`, address: `192.0.2.${count}` } }],
      windowSeconds,
    );
  };
  /** Somebody else saves in the GUI, whatever we do. */
  const save = (php: string): Promise<unknown> =>
    ask(colleague, `global $config; ${php} return ["w" => is_array(write_config("a colleague"))];`, {}, 20_000);
  const addAlias = (name: string, address: string): Promise<unknown> =>
    save(`$config["aliases"]["alias"][] = ["name" => "${name}", "type" => "host", "address" => "${address}"];`);

  test('is written with its reason, in force, and stays when it is confirmed', async () => {
    const plan = await planned();
    expect(await trials.begin(plan)).toMatchObject({ tier: 'durable', state: 'armed', wasLoaded: true });
    const name = `durable_${count}`;
    expect(await aliases()).toHaveProperty(name);
    expect(await target.readFile('/tmp/rules.debug')).toMatch(new RegExp(`table <${name}>`));
    expect(await target.readFile('/cf/conf/config.xml')).toContain(`a trial [pfsense-mcp ${plan.id.slice(0, 12)}]`);
    expect(await trials.confirm(plan)).toMatchObject({ isMerged: false, wasUndisturbed: true });
    expect((await trials.look(plan)).state).toBe('confirmed');
    expect(await aliases()).toHaveProperty(name);
    await expect(trials.end(plan)).rejects.toMatchObject({ code: 'change_over' });
  });

  test('is taken out by the switch when nobody confirms, and no copy of the configuration is left', async () => {
    const before = await written();
    const plan = await planned(10);
    await trials.begin(plan);
    expect(await written()).not.toEqual(before);
    expect(await eventually(async () => (await trials.look(plan)).state === 'reverted', 60_000)).toBe(true);
    expect(await written()).toEqual(before);
    expect(await target.readFile('/tmp/rules.debug')).not.toContain(`<durable_${count}>`);
    const folder = `/cf/conf/pfsense-mcp/${plan.id}`;
    for (const file of [`${folder}/base.xml`, `${folder}/operations.json`, HOOK]) {
      expect(await eventually(() => isGone(file), 5_000), file).toBe(true);
    }
  });

  test('is taken out at once when somebody says so, and what a colleague wrote meanwhile stays', async () => {
    const before = await aliases();
    const plan = await planned();
    await trials.begin(plan);
    await addAlias(`colleague_${count}`, '198.51.100.1');
    expect(await trials.end(plan)).toMatchObject({ state: 'reverted', conflicts: [] });
    expect(await aliases()).toEqual({ ...before, [`colleague_${count}`]: '198.51.100.1' });
  });

  test('is confirmed beside what a colleague wrote elsewhere', async () => {
    const plan = await planned();
    await trials.begin(plan);
    await addAlias(`beside_${count}`, '198.51.100.2');
    expect(await trials.confirm(plan)).toMatchObject({ isMerged: true });
    expect(await aliases()).toMatchObject({
      [`beside_${count}`]: '198.51.100.2',
      [`durable_${count}`]: `192.0.2.${count}`,
    });
  });

  test('leaves alone what a colleague made of the same object', async () => {
    const plan = await planned();
    await trials.begin(plan);
    const name = `durable_${count}`;
    await save(
      `foreach ($config["aliases"]["alias"] as &$one) { if ($one["name"] === "${name}") { $one["address"] = "198.51.100.3"; } } unset($one);`,
    );
    await expect(trials.confirm(plan)).rejects.toMatchObject({ code: 'plan_stale' });
    expect(await trials.end(plan)).toMatchObject({ conflicts: [`aliases/alias/name=${name}`] });
    expect(await aliases()).toMatchObject({ [name]: '198.51.100.3' });
  });

  test.runIf(HAS_PROCESSES)(
    'outlives what starts the packages again, and is undone by the boot when nobody beats',
    async () => {
      const before = await aliases();
      const plan = await planned();
      await trials.begin(plan);
      const hook = `return ["code" => McpBox::run(["${HOOK}", "start"], "", 60)["code"]];`;
      await ask(colleague, hook, {}, 60_000);
      expect((await trials.look(plan)).state).toBe('armed');
      await ask(colleague, `${killWatchers(plan.id)} return [];`, {}, 10_000);
      expect((await trials.look(plan)).state).toBe('armed');
      await ask(colleague, hook, {}, 60_000);
      expect(await trials.look(plan)).toMatchObject({ state: 'reverted', endedBy: 'boot' });
      expect(await aliases()).toEqual(before);
    },
  );

  test.runIf(HAS_PROCESSES)('keeps its hook of the boot when what watched over the one before ends late', async () => {
    const ended = await planned();
    await trials.begin(ended);
    await trials.confirm(ended);
    const plan = await planned();
    await trials.begin(plan);
    const watch = `/cf/conf/pfsense-mcp/${ended.id}/watch.php`;
    const late = `return McpBox::run(["/usr/local/bin/php-cgi", "-q", "-f", "${watch}"], "", 20);`;
    expect(await ask(colleague, late, {}, 30_000)).toMatchObject({ code: 0 });
    expect(await target.readFile(HOOK)).toContain('boot.php');
    await trials.end(plan);
    expect(await eventually(() => isGone(HOOK), 5_000)).toBe(true);
  });

  test.runIf(HAS_PROCESSES)('is in one state or the next while that changes', async () => {
    const id = '0'.repeat(31) + USERS.indexOf(user);
    const folder = `/cf/conf/pfsense-mcp/${id}`;
    const lay = `$order = ["id" => "${id}", "tier" => "durable", "at" => time()];
      mkdir("${folder}", 0700, true); touch("${folder}/armed"); return [file_put_contents("${folder}/order.json", json_encode($order))];`;
    await askOnce(target.users[user], lay.replaceAll('\n', ' '));
    const move = `for ($end = time() + 6, $marks = ["armed", "reverting", "reverted"]; time() < $end; usleep(50)) {
      rename("${folder}/$marks[0]", "${folder}/$marks[1]"); $marks[] = array_shift($marks); } return [];`;
    const moving = askOnce(target.users[user], move.replaceAll('\n', ' '));
    const states = new Set<string>();
    const until = wallMs() + 4_000;
    while (wallMs() < until) states.add((await trials.look({ id })).state);
    await moving;
    await askOnce(target.users[user], `array_map("unlink", glob("${folder}/*")); return [rmdir("${folder}")];`);
    expect([...states].filter((state) => !['armed', 'reverting', 'reverted'].includes(state))).toEqual([]);
    expect(states.size).toBeGreaterThan(1);
  });

  test('is confirmed when it empties a list', async () => {
    const plan = await trials.plan([{ kind: noAliases.id, args: {} }]);
    const before = await aliases();
    await trials.begin(plan);
    expect(await aliases()).toEqual({});
    expect(await trials.end(plan)).toMatchObject({ state: 'reverted', conflicts: [] });
    expect(await aliases()).toEqual(before);
    const again = await trials.plan([{ kind: noAliases.id, args: {} }]);
    await trials.begin(again);
    expect(await trials.confirm(again)).toMatchObject({ isMerged: false });
    expect(await aliases()).toEqual({});
  });

  test.runIf(IS_LAB)('is undone when a step does not come into force', async () => {
    const before = await written();
    const plan = await trials.plan([{ kind: badRule.id, args: {} }]);
    const error = await trials.begin(plan).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PfsenseError);
    expect(error).toMatchObject({ code: 'not_in_force' });
    expect(await written()).toEqual(before);
    expect((await trials.look(plan)).state).toBe('reverted');
  });
});
