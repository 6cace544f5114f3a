import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FirewallSettings } from '../../src/core/settings.ts';
import { commandLine, SESSION_SECONDS } from '../../src/ssh/commands.ts';
import type { SshConnection } from '../../src/ssh/connection.ts';
import { ask, eventually, open, session } from './driver.ts';
import { HAS_PROCESSES, openTarget, type Target } from './target.ts';

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

// Lab and real code have daemons only where a real shell starts them.
describe.runIf(HAS_PROCESSES)('what was started through a session', () => {
  test("outlives the lifetime of the session, although FreeBSD's timeout reaps", async () => {
    const connection = await open(login());
    const php = await session(shortLived(connection, 4));
    await ask(php, 'require_once "service-utils.inc"; service_control_restart("ntpd", []); return [];', {}, 30_000);
    await ask(
      php,
      'require_once "filter.inc"; require_once "shaper.inc"; alias_make_table(); return [filter_configure_sync()];',
      {},
      30_000,
    );
    // A call that is still running when the time is up: now timeout ends the session.
    await expect(ask(php, 'while (true) { usleep(1000); }', {}, 20_000)).rejects.toThrow();
    expect(await eventually(async () => (await target.sessions()).length === 0, 5_000)).toBe(true);
    await connection.close();
    const again = await open(login());
    const fresh = await session(again);
    expect(await ask(fresh, SERVICE_STATES)).toMatchObject({ ntpd: true });
    expect(await ask(fresh, ALIVE, { names: ['ntpd', 'filterlog'] })).toEqual({ ntpd: true, filterlog: true });
    await fresh.close();
    await again.close();
  }, 60_000);
});

const SERVICE_STATES =
  'require_once "service-utils.inc"; return array_column(array_map(fn ($s) => [$s["name"], get_service_status($s)], get_services()), 1, 0);';

const ALIVE = `return array_combine($in["names"], array_map(
  fn ($name) => array_filter(glob("/var/run/{$name}.pid"), fn ($file) => posix_kill((int) file_get_contents($file), 0)) !== [],
  $in["names"]));`;

/** The same connection, whose sessions end after `seconds` instead of ten minutes. */
function shortLived(connection: SshConnection, seconds: number): SshConnection {
  const exec: SshConnection['exec'] = (command, options) =>
    connection.exec(command.replace(` ${SESSION_SECONDS} `, ` ${seconds} `), options);
  return {
    target: connection.target,
    hostKeyFingerprint: connection.hostKeyFingerprint,
    get isOpen() {
      return connection.isOpen;
    },
    exec,
    onClose: (listener) => connection.onClose(listener),
    close: () => connection.close(),
    destroy: () => connection.destroy(),
  };
}
