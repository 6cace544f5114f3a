import { afterAll, beforeAll, expect, test } from 'vitest';
import { entriesAt } from '../../src/config/model.ts';
import { wallMs } from '../../src/core/clock.ts';
import { configOf } from './asking.ts';
import { eventually } from './driver.ts';
import { type ForeignWriter, startForeignWriter } from './foreign-writer.ts';
import { IS_LAB, openTarget, type Target } from './target.ts';
import { startWholeChanges, type WholeChanges } from './whole-changes.ts';

const RUN = wallMs().toString(36);

let target: Target;
let changes: WholeChanges;
let shell: ForeignWriter;
beforeAll(async () => {
  target = await openTarget();
  changes = await startWholeChanges(target, ['read', 'config', 'dangerous']);
  shell = await startForeignWriter(target);
});
afterAll(async () => {
  await shell.close();
  await changes.close();
  await target.close();
});

const status = async (plan: string): Promise<Record<string, unknown>> => {
  const { changes: rows } = await changes.asking.ask('pf_change_status', { plan });
  return Object(rows)[0];
};

/** Makes pf refuse what is written: the simulated one by the text of a rule, a realbox by its flag. */
const FLAG = '/var/db/realbox/flags/pfctl-fail';
const refuse = IS_LAB
  ? '$config["filter"]["rule"][] = ["type" => "pass", "interface" => "lan", "ipprotocol" => "inet", "tracker" => "7", "source" => ["any" => ""], "destination" => ["any" => ""], "descr" => "lab-bad-rule"]; write_config("a colleague"); return [];'
  : `file_put_contents("${FLAG}", "/tmp/rules.debug:42: syntax error"); return [];`;
const allow = IS_LAB
  ? 'array_pop($config["filter"]["rule"]); write_config("a colleague"); return [];'
  : `unlink("${FLAG}"); return [];`;

test('rules that pf refused before a change as well are not tried for ever when it is undone', async () => {
  const aliasOf = (name: string) => [
    { kind: 'alias.create', args: { name: `${name}_${RUN}`, type: 'host', members: [{ value: '198.18.9.8' }] } },
  ];
  const { id } = await changes.begin(aliasOf('undone'));
  await shell.ask(refuse);
  await changes.asking.ask('pf_change_rollback', { plan: id });
  expect(await eventually(async () => (await status(id))['state'] === 'reverted', 150_000)).toBe(true);
  expect((await status(id))['problems']).toEqual([
    'The configuration is what it was, but not all of that came into force when it was tried 8 times, and it is not tried again.',
    'undoing filter: pf refused the rules that are written',
  ]);
  await expect(target.readFile(`/cf/conf/pfsense-mcp/${id}/base.xml`)).rejects.toThrow();
  await shell.ask(allow);
  await changes.make(aliasOf('next'));
}, 240_000);

// Only the kernel of the lab refuses an address that it is told to.
test.runIf(IS_LAB)(
  'what never held before a change is not tried for ever when the change is undone',
  async () => {
    const used = entriesAt(await configOf(target), 'interfaces').map(([name]) => name);
    const key = ['opt1', 'opt2', 'opt3', 'opt4'].find((one) => !used.includes(one)) ?? '';
    const addressed = (address: string) => [
      { kind: 'interface.update', args: { interface: key, ipv4: { type: 'static', address } } },
    ];
    await changes.make([
      { kind: 'vlan.create', args: { parent: 'igb2', tag: 81, description: 'Undone' } },
      { kind: 'interface.assign', args: { device: 'igb2.81', description: 'UNDONE' } },
      ...addressed('10.81.0.1/24'),
      { kind: 'interface.toggle', args: { interface: key, enabled: true } },
    ]);
    const { id } = await changes.begin(addressed('10.82.0.1/24'));
    await shell.ask('file_put_contents("/var/db/lab-refused-address", "10.81.0.1"); return [];');
    const first = await changes.asking.ask('pf_change_rollback', { plan: id });
    expect(String(first['problems'])).toMatch(/interfaces: .*does not have its address/);
    expect(await eventually(async () => (await status(id))['state'] === 'reverted', 120_000)).toBe(true);
    const { problems, inForce, next } = await status(id);
    expect(inForce).toBe(false);
    expect(problems).toEqual([
      'The configuration is what it was, but not all of that came into force when it was tried 8 times, and it is not tried again.',
      expect.stringMatching(/^undoing interfaces: .*does not have its address/),
    ]);
    expect(next).toContain('problems');
    expect(await target.readFile('/cf/conf/config.xml')).not.toContain('10.82.0.1');
    // Nobody has to wait for it any more, and no copy of the configuration is left of it.
    await expect(target.readFile(`/cf/conf/pfsense-mcp/${id}/base.xml`)).rejects.toThrow();
    await shell.ask('unlink("/var/db/lab-refused-address"); return [];');
    await changes.make(addressed('10.83.0.1/24'));
  },
  180_000,
);
