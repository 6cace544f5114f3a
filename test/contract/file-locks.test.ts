import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { SshConnection } from '../../src/ssh/connection.ts';
import type { PhpSession } from '../../src/ssh/php-session.ts';
import { ask, open, session } from './driver.ts';
import { openTarget, type Target } from './target.ts';

const HOLD = `$GLOBALS['held'] = fopen('/tmp/pfsense-mcp-test.lock', 'c');
  return ['isHeld' => flock($GLOBALS['held'], $in['shared'] ?? false ? LOCK_SH : LOCK_EX)];`;
const TRY = `$file = fopen('/tmp/pfsense-mcp-test.lock', 'c');
  return ['isHeld' => flock($file, ($in['shared'] ?? false ? LOCK_SH : LOCK_EX) | LOCK_NB)];`;

/** The switch of a change asks such a lock whether somebody still works on it. */
let target: Target;
let connection: SshConnection;
const sessions: PhpSession[] = [];
const start = async (): Promise<PhpSession> => {
  const one = await session(connection);
  sessions.push(one);
  return one;
};
beforeAll(async () => {
  target = await openTarget();
  connection = await open(target.users['root'] ?? { host: '' });
}, 60_000);
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((one) => one.close()));
});
afterAll(async () => {
  await connection.close();
  await target.close();
});

test('a lock keeps other processes out until it is freed', async () => {
  const [one, other] = await Promise.all([start(), start()]);
  expect(await ask(one, HOLD)).toEqual({ isHeld: true });
  expect(await ask(other, TRY)).toEqual({ isHeld: false });
  expect(await ask(other, TRY, { shared: true })).toEqual({ isHeld: false });
  await ask(one, "return ['isFree' => flock($GLOBALS['held'], LOCK_UN)];");
  expect(await ask(other, TRY)).toEqual({ isHeld: true });
  expect(await ask(one, HOLD, { shared: true })).toEqual({ isHeld: true });
  expect(await ask(other, TRY, { shared: true })).toEqual({ isHeld: true });
  expect(await ask(other, TRY)).toEqual({ isHeld: false });
  await ask(one, "fclose($GLOBALS['held']); return [];");
  expect(await ask(other, TRY)).toEqual({ isHeld: true });
}, 60_000);

test('who waits for a lock has it as soon as its holder ends', async () => {
  const [one, other] = await Promise.all([start(), start()]);
  await ask(one, HOLD);
  let isHeld = false;
  const waiting = ask(other, HOLD, {}, 20_000).then(() => {
    isHeld = true;
  });
  expect(await ask(await start(), TRY)).toEqual({ isHeld: false });
  expect(isHeld).toBe(false);
  await one.close();
  await waiting;
  expect(await ask(await start(), TRY)).toEqual({ isHeld: false });
}, 60_000);
