import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FirewallSettings } from '../../src/core/settings.ts';
import { commandLine } from '../../src/ssh/commands.ts';
import { ask, eventually, open, session } from './driver.ts';
import { openTarget, type Target } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

function login(): FirewallSettings {
  const settings = target.users['root'];
  if (!settings) throw new Error('The target has no user root.');
  return settings;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a client that is gone leaves nothing behind', () => {
  test('when it went right after the command was accepted, before the first line', async () => {
    const connection = await open(login());
    await connection.exec(commandLine('pfSsh', 'login'), { lane: 'read', signal: AbortSignal.timeout(5_000) });
    connection.destroy();
    await pause(500);
    expect(await eventually(async () => (await target.sessions()).length === 0, 5_000)).toBe(true);
  });

  test('when its session was idle', async () => {
    const connection = await open(login());
    await session(connection);
    connection.destroy();
    expect(await eventually(async () => (await target.sessions()).length === 0, 5_000)).toBe(true);
  });

  test('when a program was running', async () => {
    const connection = await open(login());
    const php = await session(connection);
    const call = ask(php, 'return McpBox::run(["/bin/sleep", "60"]);', {}, 2_000).catch(() => undefined);
    await pause(300);
    connection.destroy();
    await call;
    expect(await eventually(async () => (await target.sessions()).length === 0, 7_000)).toBe(true);
  });
});

// The lab has no processes below PHP, so this can only be seen where a real shell starts them.
describe.runIf(process.env['PFSENSE_TARGET'])('a service that was started through a session', () => {
  test('outlives the session', async () => {
    const connection = await open(login());
    const php = await session(connection);
    await ask(php, 'require_once "service-utils.inc"; service_control_restart("ntpd", []); return [];', {}, 30_000);
    await ask(
      php,
      'require_once "filter.inc"; require_once "shaper.inc"; alias_make_table(); return [filter_configure_sync()];',
      {},
      30_000,
    );
    await php.kill();
    await connection.close();
    await pause(2_000);
    const again = await open(login());
    const fresh = await session(again);
    const states = await ask(
      fresh,
      'require_once "service-utils.inc"; return array_column(array_map(fn ($s) => [$s["name"], get_service_status($s)], get_services()), 1, 0);',
    );
    expect(states).toMatchObject({ ntpd: true });
    await fresh.close();
    await again.close();
  }, 60_000);
});
