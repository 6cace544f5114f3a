import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/alan/memory-store.ts';
import { createLogger } from '../../src/core/log.ts';
import { Settings } from '../../src/core/settings.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { createFleet, type Fleet } from '../../src/pfsense/fleet.ts';
import { AuditLog } from '../../src/policy/audit-log.ts';
import { type McpClient, memoryClient } from '../../src/server/client.ts';
import { createServer } from '../../src/server/mcp.ts';
import { LAB_PHP, labTarget } from './target.ts';

const CONFIG = new URL('../../fixtures/lab/root/cf/conf/config.xml', import.meta.url);

/** The second node as the first one's sync would have left it. */
function standby(config: string): string {
  return config
    .replace('<hostname>lab-fw<', '<hostname>lab-fw2<')
    .replace('<ipaddr>192.168.1.1<', '<ipaddr>192.168.1.3<')
    .replace('<advskew>0<', '<advskew>100<')
    .replace(/<pfsyncpeerip>[^<]*<\/pfsyncpeerip>/, '<pfsyncpeerip>192.168.1.1</pfsyncpeerip>')
    .replace(/<synchronize.*<\/synchronizealiases>/, '');
}

describe('two nodes of a cluster and a firewall that does not answer', () => {
  let folder: string;
  let labs: [Lab, Lab];
  let fleet: Fleet;
  let mcp: McpClient;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
    writeFileSync(join(folder, 'second.xml'), standby(readFileSync(CONFIG, 'utf8')));
    labs = [await startLab({ php: LAB_PHP }), await startLab({ php: LAB_PHP, config: join(folder, 'second.xml') })];
    const [one, two] = labs.map((lab) => labTarget(lab).users['root']);
    const settings = Settings.parse({
      firewalls: { one, two, dead: { ...one, port: 1 }, denied: one },
      deny: [{ tool: 'pf_ha_*', firewall: 'denied' }],
    });
    fleet = createFleet({ settings, store: memoryStore('a test'), stateDir: folder });
    const parts = { settings, fleet, audit: new AuditLog(folder), logger: createLogger('silent'), version: '0' };
    mcp = await memoryClient(createServer(parts));
  }, 60_000);
  afterAll(async () => {
    await mcp.close();
    await fleet.close();
    for (const lab of labs) await lab.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    writeFileSync(join(labs[1].address.root, 'cf/conf/config.xml'), standby(readFileSync(CONFIG, 'utf8')));
    for (const { address } of labs) rmSync(join(address.root, 'var/db/lab-carp'), { force: true });
  });

  async function compare(args: Record<string, unknown>) {
    const { isError, content, structuredContent } = await mcp.call('pf_ha_status', { firewall: 'one', ...args });
    if (isError) throw new Error(JSON.stringify(content));
    return Object(structuredContent);
  }

  function edit(from: string | RegExp, to: string): void {
    const file = join(labs[1].address.root, 'cf/conf/config.xml');
    const before = readFileSync(file, 'utf8');
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    writeFileSync(file, after);
  }

  test('nodes that agree: the other one would take over, and nothing but exceptions is said', async () => {
    const { comparison, servedBy } = await compare({ compareWith: 'two' });
    expect(comparison).toMatchObject({
      asked: 2,
      compared: 2,
      deviating: 0,
      baseline: 'one',
      pair: { sender: 'one', states: { one: 'MASTER 1', two: 'BACKUP 1' }, failover: 'yes' },
      deviations: [],
      differences: [],
    });
    expect(servedBy).toMatch(/session/);
    expect(comparison.pair.warnings).toEqual([expect.stringContaining('192.168.1.3 did not answer one')]);
  });

  test('a rule that did not arrive: no, with the object, and without secrets', async () => {
    edit(
      /<descr><!\[CDATA\[Guests may only resolve names\]\]>|(<tracker>1700000001<\/tracker>)/,
      '$1<disabled></disabled>',
    );
    edit('<password>lab-only-carp-password<', '<password>another-carp-password<');
    const { comparison } = await compare({ compareWith: ['two'] });
    expect(comparison.pair).toMatchObject({
      failover: 'no',
      because: [expect.stringMatching(/two does not have what is copied to it: objects differ in filter \(1\)/)],
    });
    expect(comparison.differences).toEqual([
      expect.objectContaining({
        section: 'filter',
        copied: true,
        objects: 1,
        changes: [expect.stringContaining('disabled')],
      }),
      expect.objectContaining({ section: 'virtualip', copied: false, objects: 1 }),
    ]);
    const text = JSON.stringify(comparison);
    expect(text).toContain('‹password:');
    expect(text).not.toContain('carp-password');
    const { comparison: only } = await compare({ compareWith: 'two', section: 'filter/rule' });
    expect(only.differences.map(({ section }: { section: string }) => section)).toEqual(['filter']);
  });

  test('both are MASTER: no', async () => {
    writeFileSync(join(labs[1].address.root, 'var/db/lab-carp'), 'MASTER');
    const { comparison } = await compare({ compareWith: 'two' });
    expect(comparison.pair).toMatchObject({
      failover: 'no',
      because: [expect.stringContaining('Both nodes are MASTER of 192.168.1.254')],
    });
  });

  test('the standby is in maintenance, and its interfaces are assigned otherwise: no', async () => {
    edit('</pfsense>', '<virtualip_carp_maintenancemode></virtualip_carp_maintenancemode></pfsense>');
    edit('<descr><![CDATA[GUEST]]></descr>', '<descr><![CDATA[DMZ]]></descr>');
    const { comparison } = await compare({ compareWith: 'two' });
    expect(comparison.pair.failover).toBe('no');
    expect(comparison.pair.because).toEqual(
      expect.arrayContaining([
        expect.stringContaining('two is in CARP maintenance mode'),
        expect.stringContaining('Interface opt1 is GUEST on one and DMZ on two'),
      ]),
    );
  });

  test('a peer that does not answer leaves it open', async () => {
    const { comparison, notes } = await compare({ compareWith: 'dead' });
    expect(comparison).toMatchObject({
      asked: 2,
      compared: 1,
      couldNotLook: [{ firewall: 'dead', code: 'unreachable' }],
      pair: { failover: 'unknown', because: ['dead could not be looked at.'] },
    });
    expect(notes).toContainEqual(expect.stringContaining('1 of 2 firewalls could not be looked at'));
  });

  test('of many, each has its own failure, and the policy is asked for every one', async () => {
    edit('<descr><![CDATA[GUEST]]></descr>', '<descr><![CDATA[DMZ]]></descr>');
    const { comparison } = await compare({ compareWith: '*', baseline: 'asked', section: 'interfaces' });
    expect(comparison).toMatchObject({ asked: 4, compared: 2, baseline: 'one', deviating: 1 });
    expect(comparison.couldNotLook).toEqual([
      expect.objectContaining({ firewall: 'dead', code: 'unreachable' }),
      expect.objectContaining({ firewall: 'denied', code: 'refused' }),
    ]);
    expect(comparison.differences).toEqual([
      { firewall: 'two', section: 'interfaces', objects: 1, changes: [expect.stringContaining('GUEST → DMZ')] },
    ]);
  });

  test('a stand-in for a secret is no argument', async () => {
    const { isError, content } = await mcp.call('pf_rule_search', { firewall: 'one', text: 'has ‹psk:3f9a› in it' });
    expect(isError).toBe(true);
    expect(JSON.stringify(content)).toMatch(/bad_input.*text: a stand-in/);
  });

  test('a name that is not configured is an error of the call', async () => {
    const { isError, content } = await mcp.call('pf_ha_status', { firewall: 'one', compareWith: 'nosuch' });
    expect(isError).toBe(true);
    expect(JSON.stringify(content)).toContain('unknown_firewall');
  });

  test('without compareWith it is the status of one', async () => {
    expect(await compare({})).toMatchObject({ firewall: 'one', configured: true, role: 'master' });
    expect(await compare({ firewall: 'two' })).toMatchObject({ firewall: 'two', role: 'backup' });
  });
});
