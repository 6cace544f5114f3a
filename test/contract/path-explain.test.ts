import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isInNetwork } from '../../src/config/address.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../../src/config/model.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { type Asking, startAsking } from './asking.ts';
import { openTarget, type Target, USERS } from './target.ts';

let target: Target;
let tree: ConfigTree;
beforeAll(async () => {
  target = await openTarget();
  tree = parseConfigXml(await target.readFile('/cf/conf/config.xml'));
});
afterAll(() => target.close());

describe.each(USERS)('pf_path_explain, logged in as %s', (user) => {
  let asking: Asking;
  beforeAll(async () => {
    asking = await startAsking(target, user);
  });
  afterAll(() => asking.close());

  const inLan = (last: number): string => (textAt(tree, 'interfaces/lan/ipaddr') ?? '').replace(/\d+$/, String(last));
  const wanAddress = async (): Promise<string> => {
    const { interfaces } = await asking.ask('pf_interface_list');
    const text = JSON.stringify(interfaces);
    return /"WAN"[^}]*?(\d+\.\d+\.\d+\.\d+)/.exec(text)?.[1] ?? '';
  };

  test('a host on LAN reaches the world by the rule of the configuration that says so', async () => {
    const allow = listAt(tree, 'filter/rule').find(
      (rule) =>
        textAt(rule, 'interface') === 'lan' &&
        textAt(rule, 'source/network') === 'lan' &&
        treeAt(rule, 'destination/any') !== undefined,
    );
    const answer = await asking.ask('pf_path_explain', { source: inLan(77), destination: '192.0.32.9', port: 443 });
    expect(answer).toMatchObject({
      reaches: 'yes',
      rule: { action: 'pass', tracker: textAt(allow ?? '', 'tracker'), description: textAt(allow ?? '', 'descr') },
      leavesBy: 'WAN',
      nat: [expect.stringContaining('source becomes')],
    });
    expect(String(answer['from'])).toMatch(/in at LAN$/);
    expect(String((answer['nat'] as string[])[0])).toContain(await wanAddress());
  });

  test('a private address that comes in on WAN, and a port that nobody opened, are blocked by hidden rules', async () => {
    const closed = await asking.ask('pf_path_explain', {
      source: '9.9.9.9',
      destination: await wanAddress(),
      port: 4444,
    });
    expect(closed).toMatchObject({ reaches: 'no', rule: { where: 'hidden', description: 'Default deny rule IPv4' } });
    if (treeAt(tree, 'interfaces/wan/blockpriv') === undefined) return;
    const own = await asking.ask('pf_path_explain', { source: '10.99.1.1', destination: await wanAddress(), port: 22 });
    expect(own).toMatchObject({
      reaches: 'no',
      rule: { where: 'hidden', description: 'Block private networks from WAN' },
    });
  });

  test('a port forward of the configuration is followed to its target and to its filter rule', async () => {
    const forward = listAt(tree, 'nat/rule').find(
      (one) => treeAt(one, 'disabled') === undefined && treeAt(one, 'source/any') !== undefined,
    );
    if (forward === undefined) return;
    const port = Number(textAt(forward, 'destination/port'));
    const linked = listAt(tree, 'filter/rule').find(
      (rule) => textAt(rule, 'associated-rule-id') === textAt(forward, 'associated-rule-id'),
    );
    const answer = await asking.ask('pf_path_explain', { source: '9.9.9.9', destination: await wanAddress(), port });
    expect(answer).toMatchObject({ rule: { tracker: textAt(linked ?? '', 'tracker') } });
    expect(JSON.stringify(answer['nat'])).toContain('destination becomes');
  });

  test('names of an interface and of an alias stand for addresses, and the answer says which', async () => {
    const alias = listAt(tree, 'aliases/alias').find((one) => /^\d+\.\d+\.\d+\.\d+/.test(textAt(one, 'address') ?? ''));
    const name = textAt(alias ?? '', 'name') ?? '';
    const answer = await asking.ask('pf_path_explain', { source: 'LAN', destination: name, protocol: 'udp', port: 53 });
    const [source = ''] = String(answer['from']).split(',');
    expect(
      isInNetwork(source, `${textAt(tree, 'interfaces/lan/ipaddr')}/${textAt(tree, 'interfaces/lan/subnet')}`),
    ).toBe(true);
    expect(answer).toMatchObject({ inTables: { destination: expect.arrayContaining([name]) } });
    expect(answer['notes']).toEqual(expect.arrayContaining([expect.stringContaining('taken as the source')]));
  });

  test('what cannot be read as an end is refused', async () => {
    expect(await asking.refusal('pf_path_explain', { source: '-x', destination: '9.9.9.9' })).toContain('bad_input');
    expect(await asking.refusal('pf_path_explain', { source: '10.0.0.1', destination: 'fe80::1' })).toContain(
      'bad_input',
    );
  });

  test('the drops of the log are the lines that the file has for the two', async () => {
    const log = await target.readFile('/var/log/filter.log');
    const found = [...log.matchAll(/,block,in,4,[^\n]*?,(?:tcp|udp),\d+,([\d.]+),([\d.]+),/g)].at(-1);
    if (found === undefined) return;
    const [, source = '', destination = ''] = found;
    const { drops } = await asking.ask('pf_path_explain', { source, destination, port: 80 });
    expect(JSON.stringify(drops)).toContain(`${source}:`);
    expect(JSON.stringify(drops)).toContain(`${destination}:`);
  });
});
