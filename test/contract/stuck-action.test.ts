import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actionPrograms, openCatalogue } from '../../src/pfsense/catalogue.ts';
import { startDetached } from '../../src/pfsense/wire.ts';
import type { SshConnection } from '../../src/ssh/connection.ts';
import type { PhpSession } from '../../src/ssh/php-session.ts';
import { ask, eventually, open, session } from './driver.ts';
import { HAS_PROCESSES, openTarget, type Target } from './target.ts';

const IDS = ['1', '2', '3'].map((digit) => `${digit}7`.repeat(16));

let target: Target;
let connection: SshConnection;
let php: PhpSession;
beforeAll(async () => {
  target = await openTarget();
  const login = target.users['root'];
  if (!login) throw new Error('The target has no user root.');
  connection = await open(login);
  php = await session(connection);
});
afterAll(async () => {
  const remove =
    'foreach ($in["ids"] as $id) { array_map("unlink", glob("/cf/conf/pfsense-mcp/$id/*")); @rmdir("/cf/conf/pfsense-mcp/$id"); } return [];';
  await ask(php, remove, { ids: IDS });
  await php.close();
  await connection.close();
  await target.close();
});

/** As a service that never stops when it is told to. */
const HANGS = '<?php return static function (array $in): array { exec("/bin/sleep 20"); return []; };';
const ENDS = '<?php return static function (array $in): array { return ["is" => true]; };';

async function call(id: string, input: unknown): Promise<Record<string, unknown>> {
  const signal = AbortSignal.timeout(15_000);
  return Object((await php.call(openCatalogue().program(id), input, { deadlineMs: 10_000, signal })).value);
}

async function begin(id: string, work: string): Promise<void> {
  const [action, runner, program] = actionPrograms(openCatalogue(), 'power');
  const sha256 = createHash('sha256').update(work).digest('hex');
  const programs = [action, runner, { ...program, source: work, sha256 }];
  const order = { id, action: 'a test', args: '{}', person: 'somebody', reason: 'a test', limitSeconds: 3, programs };
  const { folder } = await call('action/prepare', order);
  await startDetached(connection, String(folder), ['action'], AbortSignal.timeout(15_000));
}

async function stateOf(id: string): Promise<unknown> {
  const { actions } = await call('action/status', { id });
  return Object(actions)[0]?.state;
}

test.runIf(HAS_PROCESSES)(
  'an action that hangs keeps nothing else out for ever, and leaves no folder when refused',
  async () => {
    const [stuck, next, refused] = IDS;
    await begin(String(stuck), HANGS);
    expect(await stateOf(String(stuck))).toBe('running');
    await expect(begin(String(refused), ENDS)).rejects.toMatchObject({ code: 'change_pending' });
    expect(await ask(php, `return [is_dir("/cf/conf/pfsense-mcp/${refused}")];`)).toEqual([false]);
    // A mark that was laid less than half a minute ago counts, whoever is alive.
    const isOver = async (): Promise<boolean> => (await stateOf(String(stuck))) === 'unknown';
    expect(await eventually(isOver, 45_000)).toBe(true);
    await begin(String(next), ENDS);
    expect(await eventually(async () => (await stateOf(String(next))) === 'over', 20_000)).toBe(true);
  },
  90_000,
);
