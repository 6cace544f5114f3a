import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/alan/memory-store.ts';
import { diffConfigs } from '../../src/config/diff.ts';
import { listAt, textAt } from '../../src/config/model.ts';
import { SECRET_NAME, SECRET_PATHS, SECRET_PLACE, SECRET_TAGS } from '../../src/config/secrets.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { createLogger } from '../../src/core/log.ts';
import { Settings } from '../../src/core/settings.ts';
import { openCatalogue } from '../../src/pfsense/catalogue.ts';
import { createFleet, type Fleet } from '../../src/pfsense/fleet.ts';
import { AuditLog } from '../../src/policy/audit-log.ts';
import { type McpClient, memoryClient } from '../../src/server/client.ts';
import { createServer } from '../../src/server/mcp.ts';
import type { PhpSession } from '../../src/ssh/php-session.ts';
import { ask, open, session } from './driver.ts';
import { openTarget, type Target, USERS } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

interface Row {
  readonly id: string;
  readonly at: string;
  readonly by: string;
  readonly description: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly changes?: readonly string[];
}

/** Names of the kept files, told by a program of the test's own. */
const FILES = `return ['names' => array_map('basename', glob('/cf/conf/backup/config-*.xml') ?: [])];`;

describe.each(USERS)('the history, logged in as %s', (user) => {
  let client: McpClient;
  let fleet: Fleet;
  let stateDir: string;
  beforeAll(async () => {
    stateDir = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
    const settings = Settings.parse({ firewalls: { fw: target.users[user] } });
    fleet = createFleet({ settings, store: memoryStore('a test'), stateDir });
    const parts = { settings, fleet, audit: new AuditLog(stateDir), logger: createLogger('silent'), version: '0' };
    client = await memoryClient(createServer(parts));
  });
  afterAll(async () => {
    await client.close();
    await fleet.close();
    rmSync(stateDir, { recursive: true });
  });

  async function history(args: Record<string, unknown> = {}) {
    const { isError, content, structuredContent } = await client.call('pf_config_history', { limit: 200, ...args });
    if (isError || !structuredContent) throw new Error(JSON.stringify(content));
    return structuredContent as { revisions: Row[]; changes: { object: string; change: string }[]; total: number };
  }

  async function names(): Promise<string[]> {
    const connection = await open(target.users[user] ?? { host: '' });
    const php = await session(connection);
    const { names: found } = (await ask(php, FILES)) as { names: string[] };
    await php.close();
    await connection.close();
    return found;
  }

  test('lists every kept file with what stands in it', async () => {
    const { revisions } = await history({ detail: 'detailed' });
    const files = await names();
    expect(revisions.map(({ id }) => id)).toEqual([
      'current',
      ...files
        .map((name) => name.slice(7, -4))
        .sort()
        .reverse(),
    ]);
    for (const { id, at, by, description, sha256, bytes } of revisions.slice(0, 6)) {
      const path = id === 'current' ? '/cf/conf/config.xml' : `/cf/conf/backup/config-${id}.xml`;
      const document = await target.readFile(path);
      const tree = parseConfigXml(document);
      expect(bytes).toBe(Buffer.byteLength(document));
      expect(sha256).toBe(createHash('sha256').update(document).digest('hex').slice(0, 16));
      expect(at).toBe(new Date(Number(textAt(tree, 'revision/time')) * 1000).toISOString());
      expect(by).toBe(textAt(tree, 'revision/username'));
      expect(description).toBe(textAt(tree, 'revision/description'));
    }
  });

  test('tells what changed between two revisions as the two files do', async ({ skip }) => {
    const { revisions } = await history();
    const [current, before] = revisions;
    if (!current || !before) return skip('the firewall keeps one revision only');
    const { changes } = await history({ from: before.id });
    const documents = await Promise.all(
      [`/cf/conf/backup/config-${before.id}.xml`, '/cf/conf/config.xml'].map((path) => target.readFile(path)),
    );
    const [a, b] = documents.map((document) => parseConfigXml(document));
    // What has no name of its own is told by its content, in the answer without the secrets.
    const withoutKeys = (path: string): string => path.replace(/("pre-shared-key":)"[^"]*"/, '$1""');
    const expected = diffConfigs(a ?? '', b ?? '').map(({ path }) => withoutKeys(path));
    expect(changes.map(({ object }) => withoutKeys(object))).toEqual(expected);
  });

  test('tells which revisions changed one object', async ({ skip }) => {
    const { revisions } = await history();
    if (revisions.length < 3) return skip('the firewall keeps too few revisions');
    const files = revisions.map(({ id }) =>
      id === 'current' ? '/cf/conf/config.xml' : `/cf/conf/backup/config-${id}.xml`,
    );
    const trees = await Promise.all(files.map(async (file) => parseConfigXml(await target.readFile(file))));
    for (const rule of listAt(trees[0] ?? '', 'filter/rule').slice(0, 20)) {
      const object = `filter/rule/${textAt(rule, 'tracker')}`;
      const wanted = revisions.filter((_revision, index) => {
        const [after, before] = [trees[index], trees[index + 1]];
        return before && after && diffConfigs(before, after).some(({ path }) => path === object);
      });
      expect((await history({ object })).revisions.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
    }
  });

  test('an unknown revision is said to be one', async () => {
    await expect(history({ from: '123' })).rejects.toThrow('not_found');
    const { content } = await client.call('pf_config_get', { path: 'system', revision: '123' });
    expect(JSON.stringify(content)).toContain('not_found');
  });

  test('an older revision can be read section by section', async ({ skip }) => {
    const before = (await history()).revisions[1];
    if (!before) return skip('the firewall keeps one revision only');
    const { structuredContent } = await client.call('pf_config_get', { path: 'system/hostname', revision: before.id });
    const tree = parseConfigXml(await target.readFile(`/cf/conf/backup/config-${before.id}.xml`));
    expect(structuredContent).toMatchObject({ section: textAt(tree, 'system/hostname') });
  });
});

describe('what has not changed is not sent again', () => {
  let php: PhpSession;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const connection = await open(target.users['root'] ?? { host: '' });
    php = await session(connection);
    close = async () => {
      await php.close();
      await connection.close();
    };
  });
  afterAll(() => close());

  test.each([
    [
      'config/get',
      {
        path: 'system',
        revision: '',
        secretNames: [...SECRET_TAGS],
        secretPaths: [...SECRET_PATHS],
        secretName: SECRET_NAME,
        secretPlace: SECRET_PLACE,
        pseudonymKey: 'x',
      },
    ],
    ['config/history', {}],
  ])('by %s', async (id, input) => {
    const call = (known: string) =>
      php.call(
        openCatalogue().program(id),
        { ...input, known },
        { deadlineMs: 10_000, signal: AbortSignal.timeout(11_000) },
      );
    const { value: first } = await call('');
    expect(first).toMatchObject({ unchanged: false, stamp: expect.any(String) });
    const { stamp } = first as { stamp: string };
    const { value: second } = await call(stamp);
    expect(Object.keys(second as object).sort()).toEqual(['stamp', 'unchanged']);
    expect((await call(`${stamp}x`.replace(/^\d/, '9'))).value).toMatchObject(
      id === 'config/get' ? { unchanged: false } : { unchanged: false, stamp },
    );
  });

  test('and no value of a secret name leaves the firewall', async () => {
    const input = {
      path: '',
      revision: '',
      secretNames: [...SECRET_TAGS],
      secretPaths: [...SECRET_PATHS],
      secretName: SECRET_NAME,
      secretPlace: SECRET_PLACE,
      pseudonymKey: 'x',
    };
    const { value } = await php.call(openCatalogue().program('config/get'), input, {
      deadlineMs: 10_000,
      signal: AbortSignal.timeout(11_000),
    });
    const sent = JSON.stringify(value);
    const document = await target.readFile('/cf/conf/config.xml');
    for (const [, secret = ''] of document.matchAll(/<(?:bcrypt-hash|pre-shared-key|rocommunity|prv|tls)>([^<]{6,})</g))
      expect(sent).not.toContain(secret);
    expect(readFileSync(new URL('../../php-snippets/config/get.php', import.meta.url), 'utf8')).not.toContain('dump');
  });
});
