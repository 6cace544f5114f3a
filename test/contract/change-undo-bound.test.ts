import { afterAll, beforeAll, expect, test } from 'vitest';
import { entriesAt } from '../../src/config/model.ts';
import { configOf } from './asking.ts';
import { eventually } from './driver.ts';
import { type ForeignWriter, startForeignWriter } from './foreign-writer.ts';
import { IS_LAB, openTarget, type Target } from './target.ts';
import { startWholeChanges, type WholeChanges } from './whole-changes.ts';

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
