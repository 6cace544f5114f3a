import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SshConnection } from '../../src/ssh/connection.ts';
import type { PhpSession } from '../../src/ssh/php-session.ts';
import { READS } from '../reads.ts';
import { type Asking, startAsking } from './asking.ts';
import { ask, open, session } from './driver.ts';
import { openTarget, type Target, USERS } from './target.ts';

/** Arguments without which a tool does nothing, or waits for packets. */
const ARGUMENTS: Readonly<Record<string, Record<string, unknown>>> = {
  pf_config_get: { path: 'system' },
  pf_host_explain: { host: '192.168.1.10' },
  pf_path_explain: { source: '192.168.1.10', destination: '9.9.9.9' },
  pf_diagnostic_run: { kind: 'arp' },
  pf_packet_capture: { interface: 'lan', seconds: 1 },
};
const LIVE = READS.filter(({ target }) => target !== 'local').map(({ name }) => name);

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

describe.each(USERS)('changes that are saved and not applied, seen by %s', (user) => {
  let asking: Asking;
  let connection: SshConnection;
  let php: PhpSession;
  beforeAll(async () => {
    asking = await startAsking(target, user);
    const login = target.users[user];
    if (!login) throw new Error('The target has no such user.');
    connection = await open(login);
    php = await session(connection);
  });
  afterAll(async () => {
    await setMarks([]);
    await php.close();
    await connection.close();
    await asking.close();
  });

  /** Leaves exactly these marks on the firewall, by another session than the one that is asked. */
  async function setMarks(marks: readonly string[]): Promise<void> {
    const body =
      'array_map("unlink", glob("/var/run/*.dirty")); foreach ($in["marks"] as $mark) { file_put_contents("/var/run/$mark.dirty", "DIRTY"); } return [];';
    await ask(php, body, { marks });
  }

  test.each(LIVE)(
    '%s shows them while they are there, and only then',
    async (tool) => {
      const args = ARGUMENTS[tool] ?? {};
      await setMarks([]);
      expect(await asking.ask(tool, args)).not.toHaveProperty('pendingChanges');
      await setMarks(['filter', 'natconf']);
      expect(await asking.ask(tool, args)).toMatchObject({ pendingChanges: ['filter', 'nat'] });
      await setMarks([]);
      expect(await asking.ask(tool, args)).not.toHaveProperty('pendingChanges');
    },
    40_000,
  );

  test('the text says so before anything else', async () => {
    await setMarks(['aliases']);
    const { content } = await asking.mcp.call('pf_alias_search', {});
    const text = content[0]?.type === 'text' ? content[0].text : '';
    expect(text).toMatch(/^NOT ALL IN EFFECT: changes saved in the GUI are not applied yet, see pendingChanges\. \{/);
  });

  test('a resource says it too', async () => {
    await setMarks(['unbound']);
    const { contents } = await asking.mcp.client.readResource({ uri: 'pfsense://fw/config/system' });
    expect(JSON.stringify(contents)).toContain('DNS resolver');
  });

  test('a mark that pfSense keeps while it works on packages is no change', async () => {
    await setMarks(['packagelock', 'pkg', 'gwgroup.FAILOVER']);
    expect(await asking.ask('pf_gateway_status')).toMatchObject({ pendingChanges: ['gateway group FAILOVER'] });
  });
});
