import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { wallMs } from '../../src/core/clock.ts';
import { type Changing, startChanging } from './changing.ts';
import { askOnce } from './driver.ts';
import { IS_LAB, openTarget, type Target } from './target.ts';

const PASSWORD = IS_LAB ? 'lab-only-sync-password' : 'pair-only-sync-password';

const EVENTS = '/var/log/lab-events.log';
const OVERRIDE = { host: 'pair', domain: 'corp.example', addresses: ['198.18.9.9'] };

let target: Target;
let changing: Changing;
beforeAll(async () => {
  target = await openTarget();
  if (!IS_LAB) await onBox(SYNCHRONISE);
  changing = await startChanging(target, 'root');
});
afterEach(() => onBox('@unlink("/var/db/lab-peer");'));
afterAll(async () => {
  if (!IS_LAB) await onBox('config_del_path("hasync"); write_config("a test of pairs is over");');
  await changing.asking.close();
  await target.close();
});

/** Where nobody listens. */
const SYNCHRONISE = `config_set_path("hasync", ["synchronizetoip" => "127.0.0.1", "username" => "admin",
  "password" => "${PASSWORD}", "synchronizerules" => "on"]); write_config("a test of pairs");`.replaceAll('\n', ' ');

async function onBox(php: string): Promise<void> {
  await askOnce(target.users['root'], `${php} return [];`);
}

const changes = [
  {
    kind: 'alias.create',
    args: { name: `pair_${wallMs().toString(36)}`, type: 'host', members: [{ value: '198.18.9.9' }] },
  },
];

test('a primary is not changed while its other node does not answer', async () => {
  if (IS_LAB) await onBox('file_put_contents("/var/db/lab-peer", "down");');
  const before = await target.readFile('/cf/conf/config.xml');
  const answer = await changing.plan(changes);
  expect(answer).toMatchObject({ canApply: false });
  expect(JSON.stringify(answer)).toContain('other node does not answer');
  const refusal = await changing.failing(changes);
  expect(refusal).toMatch(/box_not_ready.*other node does not answer/);
  expect(JSON.stringify(answer) + refusal).not.toContain(PASSWORD);
  expect(await target.readFile('/cf/conf/config.xml')).toBe(before);
}, 60_000);

test.runIf(IS_LAB)('nor while the other node has another version of the configuration', async () => {
  await onBox('file_put_contents("/var/db/lab-peer", "21.7");');
  expect(await changing.failing(changes)).toMatch(/box_not_ready.*another version/);
});

test.runIf(IS_LAB)('and when both are of one version, it is said that the other gets the change', async () => {
  const answer = await changing.plan(changes);
  expect(answer).toMatchObject({ canApply: true });
  expect(JSON.stringify(answer['notes'])).toContain('other node as well');
});

test.runIf(IS_LAB)('once it is over, it is said whether the other has the same', async () => {
  const id = await changing.keep(changes);
  expect(await changing.statusOf(id)).toMatchObject({ state: 'permanent', otherNode: 'It has the same.' });
  await onBox('file_put_contents("/var/db/lab-peer", "old");');
  expect((await changing.statusOf(id))['otherNode']).toContain('It differs in aliases');
  await onBox('file_put_contents("/var/db/lab-peer", "down");');
  expect((await changing.statusOf(id))['otherNode']).toContain('does not answer');
});

test.runIf(IS_LAB)('what is taken back is synchronised again, whoever had it sent to the other node', async () => {
  const synchronised = async () =>
    (await target.readFile(EVENTS)).split('\n').filter((line) => line === 'filter sync').length;
  const id = await changing.begin([{ kind: 'dns_host_override.add', args: OVERRIDE }]);
  const before = await synchronised();
  await changing.takeBack(id);
  expect(await synchronised()).toBe(before + 1);
});
