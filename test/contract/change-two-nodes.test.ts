import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wallMs } from '../../src/core/clock.ts';
import { type Changing, startChanging } from './changing.ts';
import { askOnce, eventually } from './driver.ts';
import { type ForeignWriter, markOf, startForeignWriter } from './foreign-writer.ts';
import { HAS_PEER, openTarget, type Target } from './target.ts';

const RUN = wallMs().toString(36);
const PATIENCE = { timeout: 240_000 };
/** pfSense's own synchronisation takes some seconds. */
const SYNC_MS = 60_000;

/** Two firewalls of one version whose pfSense synchronises over XML-RPC: see `peer` of a target. */
describe.runIf(HAS_PEER)('a pair of nodes', PATIENCE, () => {
  let target: Target;
  let changing: Changing;
  let colleague: ForeignWriter;
  let alone: unknown;
  let count = 0;
  beforeAll(async () => {
    target = await openTarget();
    alone = await askOnce(target.users['root'], SYNCHRONISE, { port: String(target.peer?.guiPort) });
    changing = await startChanging(target, 'root');
    colleague = await startForeignWriter(target);
    expect(await eventually(async () => (await there()).includes('<unbound>'), SYNC_MS)).toBe(true);
  }, 120_000);
  afterAll(async () => {
    await askOnce(target.users['root'], PART, alone);
    await colleague.close();
    await changing.asking.close();
    await target.close();
  });

  const there = async (): Promise<string> => (await target.peer?.run('/bin/cat', '/cf/conf/config.xml')) ?? '';
  const comesThere = (text: string) => eventually(async () => (await there()).includes(text), SYNC_MS);
  const goesThere = (text: string) => eventually(async () => !(await there()).includes(text), SYNC_MS);

  const isSaid = async (id: string, words: string): Promise<void> => {
    const said = async () => String((await changing.statusOf(id))['otherNode']);
    expect(await eventually(async () => (await said()).includes(words), SYNC_MS)).toBe(true);
  };

  /** A change that is written while it is on trial, and the text by which it is known. */
  const next = () => {
    count += 1;
    const text = `pair-${RUN}-${count}`;
    const args = { host: text, domain: 'corp.example', addresses: ['192.0.2.77'] };
    return { text, change: { kind: 'dns_host_override.add', args } };
  };

  test('has a change on both when it is confirmed', async () => {
    const { text, change } = next();
    const id = await changing.keep([change]);
    expect(await comesThere(text)).toBe(true);
    // It takes no questions before it has brought everything into force.
    await isSaid(id, 'It has the same.');
  });

  test('has it on neither when a save of somebody else sent it to the other node meanwhile', async () => {
    const { text, change } = next();
    const id = await changing.begin([change]);
    await colleague.save(markOf(text.toUpperCase()));
    expect(await comesThere(text)).toBe(true);
    expect(await changing.asking.ask('pf_change_rollback', { plan: id })).toMatchObject({
      state: 'reverted',
      otherNode: 'It has the same.',
    });
    expect(await there()).not.toContain(text);
  });

  test('nor when pfSense synchronised for another reason and nobody confirms', async () => {
    const { text, change } = next();
    const id = await changing.begin([change], 30);
    await colleague.ask('send_event("filter sync"); return [];');
    expect(await comesThere(text)).toBe(true);
    expect(await eventually(async () => (await changing.statusOf(id))['state'] === 'reverted', 90_000)).toBe(true);
    expect(await goesThere(text)).toBe(true);
    await isSaid(id, 'It has the same.');
  });

  test('is said to differ while the other node has something else', async () => {
    const { change } = next();
    const id = await changing.keep([change]);
    await target.peer?.run('/bin/sh', '-c', FORGET);
    await isSaid(id, 'It differs in unbound');
    await colleague.ask('send_event("filter sync"); return [];');
    await isSaid(id, 'It has the same.');
  });
});

const SYNCHRONISE =
  `$webgui = config_get_path("system/webgui", []); config_set_path("system/webgui/protocol", "http"); config_set_path("system/webgui/port", $in["port"]);
  config_set_path("hasync", ["synchronizetoip" => "127.0.0.1", "username" => "admin", "password" => "pfsense",
    "synchronizerules" => "on", "synchronizealiases" => "on", "synchronizenat" => "on", "synchronizednsforwarder" => "on"]);
  write_config("a test of pairs"); return ["webgui" => $webgui];`.replaceAll('\n', ' ');
const PART = `config_set_path("system/webgui", $in["webgui"]); config_del_path("hasync");
  write_config("a test of pairs is over"); return [];`.replaceAll('\n', ' ');
/** In pfSense's developer shell. */
const FORGET = `printf '%s\\nexec\\nexit\\n' 'config_del_path("unbound/hosts"); write_config("forgotten");' | /usr/local/sbin/pfSsh.php`;
