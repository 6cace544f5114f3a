import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/alan/memory-store.ts';
import { listAt, textAt, treeAt } from '../../src/config/model.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { createLogger } from '../../src/core/log.ts';
import { Settings } from '../../src/core/settings.ts';
import { createFleet, type Fleet } from '../../src/pfsense/fleet.ts';
import { AuditLog } from '../../src/policy/audit-log.ts';
import { type McpClient, memoryClient } from '../../src/server/client.ts';
import { createServer } from '../../src/server/mcp.ts';
import { eventually } from './driver.ts';
import { INJECTIONS } from './injections.ts';
import { openTarget, type Target, USERS } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

async function serve(user: string) {
  const stateDir = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  const settings = Settings.parse({ firewalls: { fw: target.users[user] } });
  const fleet = createFleet({ settings, store: memoryStore('a test'), stateDir });
  const parts = { settings, fleet, audit: new AuditLog(stateDir), logger: createLogger('silent'), version: '0' };
  return { fleet, stateDir, client: await memoryClient(createServer(parts)) };
}

describe.each(USERS)('the tools, logged in as %s', (user) => {
  let client: McpClient;
  let fleet: Fleet;
  let stateDir: string;
  beforeAll(async () => {
    ({ client, fleet, stateDir } = await serve(user));
  });
  afterAll(async () => {
    await client.close();
    await fleet.close();
    rmSync(stateDir, { recursive: true });
  });

  /** The structured answer; an error fails the test with its text. */
  async function ask(tool: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const { isError, content, structuredContent } = await client.call(tool, args);
    if (isError || !structuredContent) throw new Error(JSON.stringify(content));
    expect(Object.keys(structuredContent)[0]).toBe('firewall');
    expect(JSON.parse(content[0]?.type === 'text' ? content[0].text : '')).toEqual(structuredContent);
    return structuredContent;
  }

  const config = async () => parseConfigXml(await target.readFile('/cf/conf/config.xml'));

  test('pf_system_status says what the files of the box say', async () => {
    const { info, status } = await ask('pf_system_status', { detail: 'detailed' });
    const tree = await config();
    expect(info).toMatchObject({
      hostname: textAt(tree, 'system/hostname'),
      version: (await target.readFile('/etc/version')).trim(),
      configVersion: textAt(tree, 'version'),
    });
    expect(status).toMatchObject({
      packetFilter: 'enabled',
      loadAverage: [expect.any(Number), expect.any(Number), expect.any(Number)],
    });
  });

  test('pf_system_status brings everything that asks for attention in one snippet call', async () => {
    const { attention, info } = await ask('pf_system_status');
    expect(info).toMatchObject({ hostname: textAt(await config(), 'system/hostname') });
    expect(attention).toMatchObject({
      pendingChanges: expect.any(Array),
      interfacesDown: expect.any(Array),
      gatewaysNotOnline: expect.any(Array),
      servicesStopped: expect.any(Array),
      notices: expect.any(Array),
      certificatesExpiring: expect.any(Array),
    });
    const running = await ask('pf_service_list', { state: 'stopped' });
    const names = (rows: unknown) => (rows as { name: string }[]).map(({ name }) => name).sort();
    expect(names((attention as { servicesStopped: unknown }).servicesStopped)).toEqual(names(running['services']));
  });

  test('pf_interface_list names every interface of the configuration', async () => {
    const { interfaces, total } = await ask('pf_interface_list', { detail: 'detailed' });
    const wanted = Object.keys(treeAt(await config(), 'interfaces') ?? {});
    expect((interfaces as { id: string }[]).map(({ id }) => id)).toEqual(wanted);
    expect(total).toBe(wanted.length);
  });

  test('pf_interface_list shows virtual IPs where they lie', async () => {
    const { interfaces } = await ask('pf_interface_list', { detail: 'detailed' });
    const shown = (interfaces as { virtualIps?: { address: string }[] }[]).flatMap(({ virtualIps = [] }) => virtualIps);
    const wanted = listAt(await config(), 'virtualip/vip').map((vip) => textAt(vip, 'subnet'));
    expect(shown.map(({ address }) => address).sort()).toEqual(wanted.sort());
    expect(JSON.stringify(interfaces)).not.toContain('password');
  });

  test('pf_interface_list tells a wrong name from an empty box', async () => {
    const answer = await ask('pf_interface_list', { interface: 'nosuch' });
    expect(answer).toMatchObject({ interfaces: [], notes: [expect.stringContaining('No interface has that name')] });
  });

  test('pf_gateway_status lists the gateways of the configuration', async () => {
    const { gateways } = await ask('pf_gateway_status');
    const wanted = listAt(await config(), 'gateways/gateway_item').map((item) => textAt(item, 'name'));
    expect((gateways as { name: string }[]).map(({ name }) => name)).toEqual(expect.arrayContaining(wanted));
  });

  test('pf_rule_search lists every filter rule with what pf counted', async () => {
    const { rules, total } = await ask('pf_rule_search', { limit: 200 });
    const wanted = listAt(await config(), 'filter/rule').map((rule) => textAt(rule, 'tracker'));
    const found = rules as { tracker: string; state: string; counters: unknown }[];
    expect(found.map(({ tracker }) => tracker).sort()).toEqual([...wanted].sort());
    expect(total).toBe(wanted.length);
    expect(found.some(({ state, counters }) => state === 'active' && counters !== null)).toBe(true);
  });

  test('pf_rule_search goes on where the cursor says', async () => {
    const all = await ask('pf_rule_search', { limit: 200 });
    const first = await ask('pf_rule_search', { limit: 1 });
    const second = await ask('pf_rule_search', { limit: 1, cursor: first['cursor'] });
    // Counters go on between two calls.
    const trackers = (answer: Record<string, unknown>) =>
      (answer['rules'] as { tracker: string }[]).map(({ tracker }) => tracker);
    expect([first, second].flatMap(trackers)).toEqual(trackers(all).slice(0, 2));
  });

  test('pf_service_list shows running services', async () => {
    const { services, running } = await ask('pf_service_list');
    expect((services as { name: string }[]).map(({ name }) => name)).toContain('unbound');
    expect(running).toBeGreaterThan(0);
  });

  test('pf_config_get answers as our own parser reads the file', async () => {
    const { section } = await ask('pf_config_get', { path: 'interfaces/lan' });
    expect(section).toEqual(treeAt(await config(), 'interfaces/lan'));
  });

  test('pf_config_get shows no hash of a password', async () => {
    const { section } = await ask('pf_config_get', { path: 'system/user' });
    expect(JSON.stringify(section)).toMatch(/"bcrypt-hash":"‹bcrypt-hash:[0-9a-f]{6}›"/);
    expect(JSON.stringify(section)).not.toContain('$2');
  });

  test('pf_log_search shows lines of the log, newest first', async () => {
    const { lines } = await ask('pf_log_search', { limit: 1 });
    const [line] = lines as { message: string; at: string }[];
    const last = (await target.readFile('/var/log/system.log')).trim().split('\n').at(-1) ?? '';
    expect(line?.at).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(last).toContain(line?.message.slice(0, 12).replace(/…$/, ''));
  });

  test('pf_log_search says when nothing matches', async () => {
    expect(await ask('pf_log_search', { text: 'nothing says this 8d1f' })).toMatchObject({
      lines: [],
      matched: 0,
      untrusted: true,
    });
  });

  test('the second call is served by a warm session over the same connection', async () => {
    expect(await ask('pf_service_list')).toMatchObject({ servedBy: 'warm session' });
    expect(await ask('pf_health')).toMatchObject({
      firewalls: [{ connected: true, handshakes: 1, breaker: { state: 'closed' } }],
    });
  });

  test('eight calls at once are all answered', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask('pf_rule_search', { limit: 1 })));
    expect(new Set(answers.map(({ total }) => total)).size).toBe(1);
  });

  test('an unknown argument is answered by its name and the nearest one', async () => {
    const { isError, content } = await client.call('pf_log_search', { limti: 3 });
    expect(isError).toBe(true);
    expect(JSON.stringify(content)).toContain('did you mean limit?');
  });

  test(`${INJECTIONS.length} injections through every text argument change nothing and break nothing`, async () => {
    for (const payload of INJECTIONS) {
      await client.call('pf_log_search', { text: payload });
      await client.call('pf_rule_search', { text: payload });
      await client.call('pf_rule_search', { interface: payload, tracker: payload, action: payload });
      await client.call('pf_interface_list', { interface: payload });
      await client.call('pf_config_get', { path: payload, cursor: payload });
      await client.call('pf_service_list', { state: payload, [payload]: payload });
    }
    expect(await ask('pf_service_list')).toMatchObject({ servedBy: 'warm session' });
    await expect(target.readFile('/tmp/pfsense-mcp-canary')).rejects.toThrow();
    expect(await ask('pf_health')).toMatchObject({ firewalls: [{ handshakes: 1 }] });
  }, 120_000);

  test('a copy of the configuration without secrets is kept for bad times', async () => {
    const { readFileSync } = await import('node:fs');
    const copy = join(stateDir, 'last-known-good', 'fw.json');
    expect(await eventually(async () => readable(copy), 5_000)).toBe(true);
    expect(readFileSync(copy, 'utf8')).toContain('hostname');
    expect(readFileSync(copy, 'utf8')).not.toMatch(/\$2[aby]?\$/);

    async function readable(file: string): Promise<boolean> {
      try {
        return readFileSync(file).length > 0;
      } catch {
        return false;
      }
    }
  });
});
