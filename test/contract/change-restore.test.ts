import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConfigTree, listAt, textAt, treeAt } from '../../src/config/model.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { wallMs } from '../../src/core/clock.ts';
import { configOf, rowsOf } from './asking.ts';
import { ask, open, session } from './driver.ts';
import { openTarget, type Target } from './target.ts';
import { startWholeChanges, type WholeChanges } from './whole-changes.ts';

const CONFIG = '/cf/conf/config.xml';
/** Names that no earlier run left behind. */
const RUN = wallMs().toString(36);
const MADE = { otherVersion: '1500000001', withoutAdmin: '1500000002', withSecret: '1500000003' };
const SECRET = `contract-${RUN}-secret`;

let target: Target;
let changes: WholeChanges;
beforeAll(async () => {
  target = await openTarget();
  changes = await startWholeChanges(target, ['read', 'config', 'dangerous']);
  // From here on the document is as pfSense itself writes it.
  await changes.make([{ kind: 'config.set', args: { path: `widgets/mcp_first_${RUN}`, value: '1' } }]);
}, 180_000);
afterAll(async () => {
  await inBox(`foreach ($in['ids'] as $id) { @unlink("/cf/conf/backup/config-$id.xml"); } return ['done' => true];`, {
    ids: Object.values(MADE),
  });
  await changes.close();
  await target.close();
});

/** Lays a revision into the folder of backups, as if the firewall had kept it. */
async function keep(id: string, text: string): Promise<void> {
  await inBox(`return ['done' => file_put_contents("/cf/conf/backup/config-{$in['id']}.xml", $in['text'])];`, {
    id,
    text,
  });
}

async function inBox(body: string, input: unknown): Promise<void> {
  const connection = await open(target.users['root'] ?? { host: '' });
  const php = await session(connection);
  await ask(php, body, input);
  await php.close();
  await connection.close();
}

/** A document without the note of its writing. */
function contentOf(text: string): string {
  return text.replace(/^[ \t]*<revision>[\s\S]*?<\/revision>\n/m, '');
}

/** The number under which the firewall keeps a document. */
async function revisionOf(text: string): Promise<string> {
  const sha256 = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const answer = await changes.asking.ask('pf_config_history', { detail: 'detailed', limit: 200 });
  const found = rowsOf(answer, 'revisions').find((row) => row['sha256'] === sha256 && row['id'] !== 'current');
  return String(found?.['id']);
}

async function rules(): Promise<readonly ConfigTree[]> {
  return listAt(await configOf(target), 'filter/rule');
}

const alias = (name: string) => ({
  kind: 'alias.create',
  args: { name: `${name}_${RUN}`, type: 'host', members: ['192.0.2.81'], description: 'restore' },
});
const rule = (address: string) => ({
  kind: 'firewall_rule.add',
  args: { interface: 'lan', source: { address }, description: `restore ${RUN} ${address}`, position: 'top' },
});

describe('what was before', () => {
  test('comes back whole after two changes, byte for byte', async () => {
    const before = await target.readFile(CONFIG);
    await changes.make([alias('one'), rule(`one_${RUN}`)]);
    await changes.make([
      { kind: 'sysctl.set', args: { tunable: 'net.inet.tcp.recvspace', value: '66000' } },
      { kind: 'config.set', args: { path: `widgets/mcp_${RUN}`, value: { a: 'b' } } },
    ]);
    const after = await target.readFile(CONFIG);
    expect(contentOf(after)).not.toBe(contentOf(before));
    const text = await changes.make([{ kind: 'revision.restore', args: { revision: await revisionOf(before) } }]);
    expect(text).toContain(`one_${RUN}`);
    const now = await target.readFile(CONFIG);
    expect(contentOf(now)).toBe(contentOf(before));
    expect(textAt(parseConfigXml(now), 'revision/description')).toContain('pfsense-mcp');
    expect(await target.readFile('/tmp/rules.debug')).not.toContain(`one_${RUN}`);
  }, 300_000);

  test('is put away again when nobody confirms', async () => {
    const before = await target.readFile(CONFIG);
    await changes.make([alias('two')]);
    const after = await target.readFile(CONFIG);
    const { id } = await changes.begin([{ kind: 'revision.restore', args: { revision: await revisionOf(before) } }]);
    expect(await target.readFile(CONFIG)).not.toContain(`two_${RUN}`);
    await changes.rollBack(id);
    expect(parseConfigXml(contentOf(await target.readFile(CONFIG)))).toEqual(parseConfigXml(contentOf(after)));
    await changes.make([{ kind: 'alias.delete', args: { name: `two_${RUN}` } }]);
  }, 300_000);

  test('comes back rule by rule, where it stood', async () => {
    await changes.make([alias('three'), rule('192.0.2.71'), rule('192.0.2.72'), rule(`three_${RUN}`)]);
    const all = await rules();
    const before = await target.readFile(CONFIG);
    const mine = all.filter((one) => textAt(one, 'descr')?.startsWith(`restore ${RUN}`));
    const [top = '', middle = ''] = mine.map((one) => textAt(one, 'tracker') ?? '');
    await changes.make([{ kind: 'firewall_rule.delete', args: { tracker: middle } }]);
    await changes.make([
      { kind: 'firewall_rule.delete', args: { tracker: top } },
      { kind: 'alias.delete', args: { name: `three_${RUN}` } },
    ]);
    const revision = await revisionOf(before);
    const object = (path: string) => ({ kind: 'object.restore', args: { revision, object: path } });
    await changes.make([object(`filter/rule/${middle}`)]);
    expect((await rules()).map((one) => textAt(one, 'tracker'))).toContain(middle);
    expect(
      await changes.asking.refusal('pf_change_plan', { changes: [object(`filter/rule/${top}`)], reason: 'a test' }),
    ).toContain(`names the alias three_${RUN}, which is gone`);
    await changes.make([object(`aliases/alias/three_${RUN}`), object(`filter/rule/${top}`)]);
    expect(await rules()).toEqual(all);
    expect(contentOf(await target.readFile(CONFIG))).toBe(contentOf(before));
    await changes.make([
      ...mine.map((one) => ({ kind: 'firewall_rule.delete', args: { tracker: textAt(one, 'tracker') } })),
      { kind: 'alias.delete', args: { name: `three_${RUN}` } },
    ]);
  }, 300_000);
});

describe('a path without a kind', () => {
  const path = `syslog/mcp_${RUN}`;

  test('is written, said to be only that, and taken away again', async () => {
    const set = [{ kind: 'config.set', args: { path, value: { on: '', text: 'a & b' } } }];
    expect(JSON.stringify(await changes.plan(set))).toContain(
      `Only written, as no step is known that brings it into force: ${path}`,
    );
    await changes.make(set);
    expect(treeAt(await configOf(target), path)).toEqual({ on: '', text: 'a & b' });
    await changes.make([{ kind: 'config.delete', args: { path } }]);
    expect(treeAt(await configOf(target), path)).toBeUndefined();
  }, 120_000);

  test('that the guard does not follow is not changed', async () => {
    const plan = await changes.plan([{ kind: 'config.set', args: { path: `openvpn/mcp_${RUN}`, value: '1' } }]);
    expect(plan).toMatchObject({ canApply: false });
    changes.approve(String(plan['plan']), 'apply');
    expect(await changes.asking.refusal('pf_change_apply', { plan: plan['plan'] })).toContain('lockout_risk');
  });
});

describe('refused or hidden is', () => {
  // Here, as pfSense drops the oldest of those that it keeps with every write.
  beforeAll(async () => {
    const text = await target.readFile(CONFIG);
    await keep(MADE.otherVersion, text.replace(/<version>[^<]*<\/version>/, '<version>9.9</version>'));
    await keep(MADE.withoutAdmin, text.replace(/<user>\s*<name>admin<\/name>[\s\S]*?<\/user>/, ''));
    const secret = `<snmpd>\n\t\t<mcp_password>${SECRET}</mcp_password>\n\t</snmpd>`;
    await keep(MADE.withSecret, text.replace(/<snmpd>[\s\S]*?<\/snmpd>|<snmpd\/>|$(?![\s\S])/, secret));
  });

  const planned = (kind: string, args: Record<string, unknown>): Promise<string> =>
    changes.asking.refusal('pf_change_plan', { changes: [{ kind, args }], reason: 'a test' });

  test('a secret, which nothing keeps a trace of', async () => {
    const said = [
      await planned('config.set', { path: 'snmpd/rocommunity', value: SECRET }),
      await planned('config.set', { path: 'mcptest', value: { password: SECRET } }),
    ];
    for (const text of said) expect(text).toContain('is a secret');
    expect(said.join()).not.toContain(SECRET);
    const log = readFileSync(join(changes.asking.stateDir, 'audit.jsonl'), 'utf8');
    expect(log).toContain('snmpd/rocommunity');
    expect(log).not.toContain(SECRET);
  });

  test('an account', async () => {
    const text = await planned('config.set', { path: 'system/user', value: [] });
    expect(text).toContain('has kinds of its own');
    expect(text).toContain('user.create');
  });

  test('another version', async () => {
    expect(await planned('revision.restore', { revision: MADE.otherVersion })).toContain(
      'has the configuration version 9.9',
    );
  });

  test('a revision that is not kept', async () => {
    expect(await planned('revision.restore', { revision: '123' })).toContain('not_found');
    expect(await planned('object.restore', { revision: '123', object: 'filter/rule/1' })).toContain('not_found');
  });

  test('what would cut the session', async () => {
    const plan = await changes.plan([{ kind: 'revision.restore', args: { revision: MADE.withoutAdmin } }]);
    expect(plan).toMatchObject({ canApply: false });
    changes.approve(String(plan['plan']), 'apply');
    const text = await changes.asking.refusal('pf_change_apply', { plan: plan['plan'] });
    expect(text).toContain('lockout_risk');
    expect(text).toContain('the account admin is deleted');
  });

  test('everything of this to those who may not make dangerous changes', async () => {
    const careful = await startWholeChanges(target);
    for (const [kind, args] of [
      ['config.set', { path: 'syslog/mcp', value: '1' }],
      ['config.delete', { path: 'syslog/mcp' }],
      ['revision.restore', { revision: MADE.otherVersion }],
    ] as const) {
      const request = { changes: [{ kind, args }], reason: 'a test' };
      expect(await careful.asking.refusal('pf_change_plan', request)).toContain('takes the level dangerous');
    }
    await careful.close();
  });

  test('every secret of a revision, which is kept nowhere', async () => {
    const plan = await changes.plan([{ kind: 'revision.restore', args: { revision: MADE.withSecret } }]);
    expect(JSON.stringify(plan)).toContain('mcp_password');
    expect(JSON.stringify(plan)).not.toContain(SECRET);
    const folder = changes.asking.stateDir;
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    for (const file of files) expect(readFileSync(join(file.parentPath, file.name), 'latin1')).not.toContain(SECRET);
  });
});
