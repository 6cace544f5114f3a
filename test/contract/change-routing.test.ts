import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { KINDS } from '../../src/changes/kinds/index.ts';
import { type ConfigTree, entriesAt, listAt, textAt } from '../../src/config/model.ts';
import { withTree } from '../../src/config/update.ts';
import { configOf, rowsOf } from './asking.ts';
import { type Changing, startChanging } from './changing.ts';
import { askOnce } from './driver.ts';
import { withRoutingTable } from './realbox-kernel.ts';
import { IS_LAB, openTarget, type Target, USERS } from './target.ts';
import { startTrials } from './trials.ts';

const WAN = IS_LAB ? 'WAN_DHCP' : 'WANGW';
const UPSTREAM = '198.51.100.1';
const WAY = { name: 'TESTGW2', interface: 'lan', address: '192.168.1.252' };

// A firewall with many services takes its time to start their monitors anew.
vi.setConfig({ testTimeout: 150_000 });

let target: Target;
let restore: () => Promise<void>;
beforeAll(async () => {
  target = await openTarget();
  restore = await withRoutingTable(target.users['root']);
});
afterAll(async () => {
  await restore();
  await target.close();
});

/** The configuration but for the note of who wrote it last, and for empty lists, which pfSense drops when it writes. */
async function written(): Promise<ConfigTree> {
  const sections = entriesAt(withTree(await configOf(target), ['revision'], ''), '');
  return Object.fromEntries(sections.filter(([, section]) => section.length !== 0));
}

async function entry(path: string, key: string, value: string): Promise<ConfigTree | undefined> {
  return listAt(await configOf(target), path).find((one) => textAt(one, key) === value);
}

async function onBox(php: string): Promise<void> {
  await askOnce(target.users['root'], `${php} return [];`);
}

describe('routes and gateways, through the tools', () => {
  let changing: Changing;
  beforeAll(async () => {
    changing = await startChanging(target, 'root');
  });
  afterAll(() => changing.asking.close());

  /** The way that the kernel sends a network, by the routing table. */
  async function wayTo(destination: string): Promise<unknown> {
    const routes = rowsOf(await changing.asking.ask('pf_route_list', { limit: 100 }), 'routes');
    return routes.find((route) => route['network'] === destination)?.['gateway'];
  }

  test('a gateway and routes come into force, are written as pfSense writes them, and are so already', async () => {
    const changes = [
      {
        kind: 'gateway.add',
        args: {
          name: 'TESTGW',
          interface: 'lan',
          address: '192.168.1.250',
          monitor: '192.0.2.99',
          description: 'One & two',
        },
      },
      { kind: 'static_route.add', args: { network: '10.71.9.9/16', gateway: WAN, description: 'Somewhere' } },
      { kind: 'static_route.add', args: { network: '10.72.0.0/16', gateway: 'TESTGW' } },
      { kind: 'static_route.add', args: { network: '10.73.0.0/16', gateway: WAN, disabled: true } },
    ];
    await changing.keep(changes);
    expect(await entry('gateways/gateway_item', 'name', 'TESTGW')).toEqual({
      ...{ interface: 'lan', gateway: '192.168.1.250', name: 'TESTGW', weight: '1', ipprotocol: 'inet' },
      ...{ descr: 'One & two', gw_down_kill_states: '', monitor: '192.0.2.99' },
    });
    expect(await entry('staticroutes/route', 'network', '10.71.0.0/16')).toEqual({
      ...{ network: '10.71.0.0/16', gateway: WAN, descr: 'Somewhere' },
    });
    expect(await wayTo('10.71.0.0/16')).toBe(UPSTREAM);
    expect(await wayTo('10.72.0.0/16')).toBe('192.168.1.250');
    expect(await wayTo('10.73.0.0/16')).toBeUndefined();
    expect(await wayTo('192.0.2.99/32')).toBe('192.168.1.250');
    expect(await changing.plan(changes)).toMatchObject({ plan: null, withoutEffect: [1, 2, 3, 4] });
  });

  test('changed parts come into force, and what is taken back is as it was', async () => {
    const before = await written();
    const id = await changing.begin([
      { kind: 'gateway.update', args: { name: 'TESTGW', address: '192.168.1.251', monitor: null, weight: 3 } },
      { kind: 'static_route.toggle', args: { network: '10.73.0.0/16', enabled: true } },
      { kind: 'static_route.update', args: { network: '10.71.0.0/16', newNetwork: '10.74.0.0/16' } },
    ]);
    expect(await entry('gateways/gateway_item', 'name', 'TESTGW')).toMatchObject({
      gateway: '192.168.1.251',
      weight: '3',
    });
    expect(await wayTo('10.72.0.0/16')).toBe('192.168.1.251');
    for (const network of ['10.73.0.0/16', '10.74.0.0/16']) expect(await wayTo(network)).toBe(UPSTREAM);
    for (const gone of ['10.71.0.0/16', '192.0.2.99/32']) expect(await wayTo(gone)).toBeUndefined();
    await changing.takeBack(id);
    expect(await written()).toEqual(before);
    expect(await wayTo('10.71.0.0/16')).toBe(UPSTREAM);
    expect(await wayTo('10.72.0.0/16')).toBe('192.168.1.250');
    expect(await wayTo('192.0.2.99/32')).toBe('192.168.1.250');
    for (const gone of ['10.73.0.0/16', '10.74.0.0/16']) expect(await wayTo(gone)).toBeUndefined();
  });

  // By the default route a session on the bench is answered.
  test.runIf(IS_LAB)('a gateway becomes the way out for a while', async () => {
    const before = await written();
    const way = await wayTo('0.0.0.0/0');
    const id = await changing.begin([
      { kind: 'gateway.add', args: WAY },
      { kind: 'gateway.set_default', args: { gateway: 'TESTGW2' } },
    ]);
    expect(await wayTo('0.0.0.0/0')).toBe('192.168.1.252');
    await changing.takeBack(id);
    expect(await written()).toEqual(before);
    expect(await wayTo('0.0.0.0/0')).toBe(way);
  });

  test('a gateway is switched off for a while', async () => {
    await changing.keep([{ kind: 'gateway.add', args: WAY }]);
    const id = await changing.begin([{ kind: 'gateway.toggle', args: { name: 'TESTGW2', enabled: false } }]);
    expect(await entry('gateways/gateway_item', 'name', 'TESTGW2')).toHaveProperty('disabled');
    await changing.takeBack(id);
    expect(await entry('gateways/gateway_item', 'name', 'TESTGW2')).not.toHaveProperty('disabled');
    await changing.keep([{ kind: 'gateway.delete', args: { name: 'TESTGW2' } }]);
  });

  test.runIf(IS_LAB)('a route that the kernel does not take is undone, and said so', async () => {
    const before = await written();
    await onBox('touch("/var/db/lab-no-routes");');
    const change = { kind: 'static_route.add', args: { network: '10.75.0.0/16', gateway: WAN } };
    expect(await changing.failing([change])).toMatch(/not_in_force.*no route to 10\.75\.0\.0\/16/);
    await onBox('unlink("/var/db/lab-no-routes");');
    expect(await written()).toEqual(before);
    expect(await wayTo('10.71.0.0/16')).toBe(UPSTREAM);
  });

  test('a gateway that is in use stays; with its routes it goes, in one plan', async () => {
    expect(
      await changing.asking.refusal('pf_change_plan', {
        changes: [{ kind: 'gateway.delete', args: { name: 'TESTGW' } }],
        reason: 'a test',
      }),
    ).toContain('static route 10.72.0.0/16');
    await changing.keep([
      ...['10.71.0.0/16', '10.72.0.0/16'].map((network) => ({
        kind: 'static_route.delete',
        args: { network },
      })),
      { kind: 'gateway.delete', args: { name: 'TESTGW' } },
    ]);
    for (const gone of ['10.71.0.0/16', '10.72.0.0/16', '192.0.2.99/32']) expect(await wayTo(gone)).toBeUndefined();
    expect(await entry('gateways/gateway_item', 'name', 'TESTGW')).toBeUndefined();
  });
});

test.each(USERS)('%s can send a network elsewhere for a while', async (user) => {
  const trials = startTrials(target.users[user], KINDS);
  const before = await written();
  const plan = await trials.plan([{ kind: 'static_route.add', args: { network: '10.76.0.0/16', gateway: WAN } }]);
  expect(await trials.begin(plan)).toMatchObject({ state: 'armed', tier: 'durable' });
  expect(await entry('staticroutes/route', 'network', '10.76.0.0/16')).toBeDefined();
  expect(await trials.end(plan)).toMatchObject({ state: 'reverted', conflicts: [] });
  expect(await written()).toEqual(before);
  await trials.close();
});
