import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConfigTree, listAt, textAt, treeAt } from '../../src/config/model.ts';
import { configOf, textOrNothing } from './asking.ts';
import { HAS_PAGES, savePage } from './pfsense-page.ts';
import { IS_LAB, openTarget, type Target } from './target.ts';
import { startWholeChanges, type WholeChanges } from './whole-changes.ts';

const COMMAND = '/usr/bin/true mcp-test';
const TUNABLE = 'net.inet.tcp.sendspace';

let target: Target;
let changes: WholeChanges;
beforeAll(async () => {
  target = await openTarget();
  changes = await startWholeChanges(target, ['read', 'config', 'dangerous']);
});
afterAll(async () => {
  await changes.close();
  await target.close();
});

async function jobs(): Promise<readonly ConfigTree[]> {
  return listAt(await configOf(target), 'cron/item').filter((job) => textAt(job, 'command')?.includes('mcp-test'));
}

async function tunable(): Promise<ConfigTree | undefined> {
  return listAt(await configOf(target), 'sysctl/item').find((item) => textAt(item, 'tunable') === TUNABLE);
}

/** What the kernel has, looked up past the product where that can be done. */
async function kernelValue(): Promise<string | undefined> {
  const [lab, real] = ['/var/db/lab-sysctl.json', '/var/db/realbox/sysctls'];
  const text = await textOrNothing(target, IS_LAB ? lab : real);
  return IS_LAB
    ? (JSON.parse(text || '{}') as Record<string, string>)[TUNABLE]
    : text.match(new RegExp(`^${TUNABLE}: (.*)$`, 'm'))?.[1];
}

describe('jobs, tunables and notifications', () => {
  test('are set together: written, in the crontab, in the kernel', async () => {
    await changes.make([
      { kind: 'cron.add', args: { minute: '7', hour: '3', command: COMMAND } },
      { kind: 'sysctl.set', args: { tunable: TUNABLE, value: '70000', description: 'A test' } },
      { kind: 'notification.set_slack', args: { channel: 'mcp-test' } },
    ]);
    expect(await jobs()).toEqual([
      { minute: '7', hour: '3', mday: '*', month: '*', wday: '*', who: 'root', command: COMMAND },
    ]);
    expect(await target.readFile('/etc/crontab')).toContain(`7\t3\t*\t*\t*\troot\t${COMMAND}\n`);
    expect(await tunable()).toEqual({ tunable: TUNABLE, value: '70000', descr: 'A test' });
    expect(await kernelValue()).toBe('70000');
    expect(textAt(await configOf(target), 'notifications/slack/channel')).toBe('mcp-test');
  });

  test('are changed, and come back when that is undone', async () => {
    const { id } = await changes.begin([
      { kind: 'cron.update', args: { command: COMMAND, hour: '4' } },
      { kind: 'sysctl.set', args: { tunable: TUNABLE, value: '80000' } },
    ]);
    expect(await target.readFile('/etc/crontab')).toContain(`7\t4\t*\t*\t*\troot\t${COMMAND}\n`);
    expect(await kernelValue()).toBe('80000');
    await changes.rollBack(id);
    expect(await target.readFile('/etc/crontab')).toContain(`7\t3\t*\t*\t*\troot\t${COMMAND}\n`);
    expect(await kernelValue()).toBe('70000');
  });

  test('notices go elsewhere, and as before when that is undone', async () => {
    const notifications = async () => treeAt(await configOf(target), 'notifications');
    const before = await notifications();
    const { id } = await changes.begin([
      { kind: 'notification.set_smtp', args: { to: 'noc@example.net', timeoutSeconds: 21 } },
      { kind: 'notification.set_telegram', args: { chatId: '@noc' } },
      { kind: 'notification.set_pushover', args: { sound: 'siren', retrySeconds: 60 } },
    ]);
    expect(await notifications()).toMatchObject({
      smtp: { notifyemailaddress: 'noc@example.net', timeout: '21' },
      telegram: { chatid: '@noc' },
      pushover: { sound: 'siren', retry: '60' },
    });
    await changes.rollBack(id);
    expect(await notifications()).toEqual(before);
  });

  test('are deleted', async () => {
    await changes.make([
      { kind: 'cron.delete', args: { command: COMMAND } },
      { kind: 'sysctl.delete', args: { tunable: TUNABLE } },
    ]);
    expect(await jobs()).toEqual([]);
    expect(await tunable()).toBeUndefined();
    expect(await target.readFile('/etc/crontab')).not.toContain('mcp-test');
  });

  // The kernel of a bench takes any.
  test.runIf(IS_LAB)('a tunable that the kernel does not take is taken out again', async () => {
    const plan = await changes.plan([{ kind: 'sysctl.set', args: { tunable: 'kern.no_such_thing', value: '1' } }]);
    changes.approve(String(plan['plan']), 'apply');
    expect(await changes.asking.refusal('pf_change_apply', { plan: plan['plan'] })).toContain('did not take the value');
    expect(JSON.stringify(treeAt(await configOf(target), 'sysctl') ?? '')).not.toContain('no_such_thing');
  });

  test.runIf(HAS_PAGES)("come out as pfSense's own pages write them", async () => {
    const post = { tunable: TUNABLE, value: '70001', descr: 'As the page', save: 'Save' };
    expect(await savePage('system_advanced_sysctl.php', post)).toEqual([]);
    expect(await savePage('system_advanced_sysctl.php', { apply: 'Apply' })).toEqual([]);
    const theirs = await tunable();
    await changes.make([{ kind: 'sysctl.delete', args: { tunable: TUNABLE } }]);
    await changes.make([
      { kind: 'sysctl.set', args: { tunable: TUNABLE, value: '70001', description: 'As the page' } },
    ]);
    expect(Object.entries(Object(await tunable()))).toEqual(Object.entries(Object(theirs)));
    await changes.make([{ kind: 'sysctl.delete', args: { tunable: TUNABLE } }]);
  });
});

test('a client without the permission for dangerous changes cannot plan them', async () => {
  const careful = await startWholeChanges(target);
  const request = { changes: [{ kind: 'cron.add', args: { command: COMMAND } }], reason: 'a test' };
  expect(await careful.asking.refusal('pf_change_plan', request)).toContain('takes the level dangerous');
  await careful.close();
});
