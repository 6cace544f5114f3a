import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../src/config/model.ts';
import { withTree } from '../../src/config/update.ts';
import { configOf } from './asking.ts';
import { type Changing, startChanging } from './changing.ts';
import { askOnce } from './driver.ts';
import { withRoutingTable } from './realbox-kernel.ts';
import { IS_LAB, openTarget, type Target } from './target.ts';

const SPARE = IS_LAB ? 'igb2' : 'vtnet2';
const VLAN = `${SPARE}.77`;
const WAN = IS_LAB ? 'WAN_DHCP' : 'WANGW';

let target: Target;
let restore: () => Promise<void>;
let changing: Changing;
beforeAll(async () => {
  target = await openTarget();
  restore = await withRoutingTable(target.users['root']);
  changing = await startChanging(target, 'root');
});
afterAll(async () => {
  await changing.asking.close();
  await restore();
  await target.close();
});

async function onBox(php: string): Promise<Record<string, unknown>> {
  return Object(await askOnce(target.users['root'], php));
}
/** What the kernel says of its interfaces, by another way than that of the tools. */
const links = async () =>
  String((await onBox('return ["said" => McpBox::run(["/sbin/ifconfig"])["stdout"]];'))['said']);

async function written(): Promise<ConfigTree> {
  const sections = entriesAt(withTree(await configOf(target), ['revision'], ''), '');
  return Object.fromEntries(sections.filter(([, section]) => section.length !== 0));
}

async function entry(path: string, key: string, value: string): Promise<ConfigTree | undefined> {
  return listAt(await configOf(target), path).find((one) => textAt(one, key) === value);
}

/** pfSense starts its name server and others again with every interface, which takes its time on a small machine. */
const PATIENCE = { timeout: 180_000 };

describe('devices, interfaces and addresses, through the tools', PATIENCE, () => {
  let key = '';
  beforeAll(async () => {
    const keys = entriesAt(await configOf(target), 'interfaces').map(([one]) => one);
    key = ['opt1', 'opt2', 'opt3', 'opt4'].find((one) => !keys.includes(one)) ?? '';
  });

  test('come into force in one plan, are written as pfSense writes them, and are so already', async () => {
    const changes = [
      { kind: 'vlan.create', args: { parent: SPARE, tag: 77, description: 'Guests & friends' } },
      { kind: 'interface.assign', args: { device: VLAN, description: 'NEWLAN' } },
      {
        kind: 'interface.update',
        args: { interface: key, ipv4: { type: 'static', address: '10.77.0.1/24' }, mtu: 1400, blockBogons: false },
      },
      { kind: 'interface.toggle', args: { interface: key, enabled: true } },
      { kind: 'virtual_ip.add', args: { mode: 'ipalias', interface: 'lan', address: '192.168.1.240/24' } },
      { kind: 'virtual_ip.add', args: { mode: 'proxyarp', interface: 'lan', address: '192.168.1.228/30' } },
      {
        kind: 'gateway_group.add',
        args: { name: 'Testing', members: [{ gateway: WAN, tier: 1 }], trigger: 'downloss' },
      },
    ];
    await changing.keep(changes);
    expect(await entry('vlans/vlan', 'vlanif', VLAN)).toEqual({
      ...{ if: SPARE, tag: '77', pcp: '', descr: 'Guests & friends', vlanif: VLAN },
    });
    expect(treeAt(await configOf(target), `interfaces/${key}`)).toEqual({
      ...{ descr: 'NEWLAN', if: VLAN, enable: '', ipaddr: '10.77.0.1', subnet: '24', mtu: '1400' },
    });
    const { uniqid, ...alias } = Object(await entry('virtualip/vip', 'subnet', '192.168.1.240'));
    expect(alias).toEqual({
      ...{ mode: 'ipalias', interface: 'lan', descr: '', type: 'single', subnet_bits: '24', subnet: '192.168.1.240' },
    });
    expect(uniqid).toMatch(/^[0-9a-f]{13}$/);
    expect(await entry('gateways/gateway_group', 'name', 'Testing')).toEqual({
      ...{ name: 'Testing', item: [`${WAN}|1|address`], trigger: 'downloss', descr: '' },
    });
    const now = await links();
    expect(now).toMatch(new RegExp(`${VLAN.replace('.', '\\.')}: flags=\\w+<UP,.* mtu 1400`));
    expect(now).toMatch(/inet 10\.77\.0\.1 netmask 0xffffff00/);
    expect(now).toMatch(new RegExp(`vlan: 77 .*parent interface: ${SPARE}`));
    expect(now).toMatch(/inet 192\.168\.1\.240 /);
    expect(await changing.plan(changes)).toMatchObject({ plan: null, withoutEffect: [1, 2, 3, 4, 5, 6, 7] });
  });

  test('that change come into force, and what is taken back is as it was', async () => {
    const before = await written();
    const id = await changing.begin([
      { kind: 'vlan.update', args: { device: VLAN, priority: 3 } },
      {
        kind: 'interface.update',
        args: { interface: key, ipv4: { type: 'static', address: '10.78.0.1/25' }, mtu: null },
      },
      { kind: 'virtual_ip.update', args: { id: '192.168.1.240', address: '192.168.1.241/24' } },
      { kind: 'gateway_group.update', args: { name: 'Testing', trigger: 'down', description: 'For a test' } },
    ]);
    const then = await links();
    expect(then).toMatch(/inet 10\.78\.0\.1 netmask 0xffffff80/);
    expect(then).toMatch(/inet 192\.168\.1\.241 /);
    expect(then).not.toMatch(/inet (?:10\.77\.0\.1|192\.168\.1\.240) /);
    await changing.takeBack(id);
    expect(await written()).toEqual(before);
    const now = await links();
    expect(now).toMatch(/inet 10\.77\.0\.1 netmask 0xffffff00/);
    expect(now).toMatch(/inet 192\.168\.1\.240 /);
    expect(now).not.toMatch(/inet (?:10\.78\.0\.1|192\.168\.1\.241) /);
  });

  test.runIf(IS_LAB)('that do not come into force are undone, and it is said why', async () => {
    const before = await written();
    await onBox('file_put_contents("/var/db/lab-refused-address", "10.79.0.1"); return [];');
    const change = {
      kind: 'interface.update',
      args: { interface: key, ipv4: { type: 'static', address: '10.79.0.1/24' } },
    };
    expect(await changing.failing([change])).toMatch(/not_in_force.*does not have its address/);
    await onBox('unlink("/var/db/lab-refused-address"); return [];');
    expect(await written()).toEqual(before);
  });

  test('by which this session came in are left alone', async () => {
    const changes = [{ kind: 'interface.toggle', args: { interface: IS_LAB ? 'lan' : 'wan', enabled: false } }];
    expect(await changing.plan(changes)).toMatchObject({ canApply: false });
    expect(await changing.failing(changes)).toMatch(/lockout_risk.*by which it came in, changes \(enable\)/);
  });

  test('go again, those that others need last', async () => {
    expect(
      await changing.asking.refusal('pf_change_plan', {
        changes: [{ kind: 'vlan.delete', args: { device: VLAN } }],
        reason: 'a test of interfaces',
      }),
    ).toContain(`the interface ${key}`);
    const changes = [
      { kind: 'interface.unassign', args: { interface: key } },
      { kind: 'vlan.delete', args: { device: VLAN } },
      { kind: 'virtual_ip.delete', args: { id: '192.168.1.240' } },
      { kind: 'virtual_ip.delete', args: { id: '192.168.1.228' } },
      { kind: 'gateway_group.delete', args: { name: 'Testing' } },
    ];
    const id = await changing.begin(changes);
    const now = await links();
    expect(now).not.toContain(VLAN);
    expect(now).not.toMatch(/inet 192\.168\.1\.240 /);
    expect(treeAt(await configOf(target), `interfaces/${key}`)).toBeUndefined();
    await changing.takeBack(id);
    expect(await links()).toMatch(/inet 10\.77\.0\.1 netmask 0xffffff00/);
    await changing.keep(changes);
    expect(await links()).not.toMatch(/inet 10\.77\.0\.1 |inet 192\.168\.1\.240 /);
  });
});
