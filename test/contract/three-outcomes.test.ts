import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/alan/memory-store.ts';
import { PfsenseError } from '../../src/core/errors.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { filesBox } from '../../src/pfsense/box.ts';
import { ConfigFolder } from '../../src/pfsense/config-files.ts';
import { TOOLS } from '../../src/tools/index.ts';
import { READS } from '../reads.ts';
import { type Asking, startAsking } from './asking.ts';
import { OUTCOMES, type Outcome } from './outcomes.ts';
import { labTarget } from './target.ts';

/** A firewall on which nothing but its name is configured. */
const BARE = `<?xml version="1.0"?>
<pfsense><version>24.0</version>
<system><hostname>bare-fw</hostname><domain>lab.example</domain><timezone>Etc/UTC</timezone></system>
<interfaces><wan><enable></enable><if>igb0</if><ipaddr>dhcp</ipaddr></wan></interfaces>
<revision><time>1795000000</time><description>bare</description><username>admin</username></revision>
</pfsense>
`;

const CONFIG = 'cf/conf/config.xml';

/** A folder of the lab in which files can be changed and put back. */
class Files {
  readonly #root: string;
  readonly #undo: (() => void)[] = [];
  #touched = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** Writes a file as pfSense does, aside and then moved into place, so that whoever watches it notices. */
  write(path: string, text: string): void {
    const file = join(this.#root, path);
    const before = existsSync(file) ? readFileSync(file) : undefined;
    mkdirSync(dirname(file), { recursive: true });
    replace(file, text);
    this.#undo.push(() => (before === undefined ? rmSync(file) : replace(file, before)));
    this.#forgetConfig();
    if (path.startsWith('etc/inc/')) this.#endSessions();
  }

  edit(path: string, change: (text: string) => string): void {
    const before = readFileSync(join(this.#root, path), 'utf8');
    const after = change(before);
    expect(after, path).not.toBe(before);
    this.write(path, after);
  }

  remove(path: string): void {
    const file = join(this.#root, path);
    renameSync(file, `${file}.away`);
    this.#undo.push(() => renameSync(`${file}.away`, file));
  }

  lock(path: string): void {
    const file = join(this.#root, path);
    this.#forgetConfig();
    chmodSync(file, 0);
    this.#undo.push(() => chmodSync(file, 0o644));
    // WebAssembly's file system keeps the mode of a file that was looked at.
    this.#endSessions();
  }

  /** pfSense trusts its cache when it is not older, in whole seconds: changes here come faster. */
  #forgetConfig(): void {
    rmSync(join(this.#root, 'tmp/config.cache'), { force: true });
  }

  /** As after an upgrade: a new size ends warm sessions, as times of files are whole seconds. */
  #endSessions(): void {
    const touch = () => replace(join(this.#root, 'etc/version'), `2.8.0-RELEASE${'\n'.repeat(++this.#touched)}`);
    touch();
    this.#undo.unshift(touch);
  }

  /** Puts everything back, the last change first. */
  restore(): void {
    for (const undo of this.#undo.splice(0).reverse()) undo();
    this.#forgetConfig();
  }
}

function replace(file: string, content: string | Buffer): void {
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
}

let lab: Lab;
let asking: Asking;
let files: Files;
beforeAll(async () => {
  lab = await startLab();
  asking = await startAsking(labTarget(lab), 'admin');
  files = new Files(lab.address.root);
});
afterAll(async () => {
  await asking.close();
  await lab.close();
});

/** An answer or the error in its place. */
async function outcomeOf(tool: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { isError, content, structuredContent } = await asking.mcp.call(tool, args);
  return isError || !structuredContent ? { error: JSON.stringify(content) } : structuredContent;
}

async function broken(breakage: Outcome['broken'][string]['by'], work: () => Promise<void>): Promise<void> {
  try {
    for (const [program, only] of Object.entries(breakage.fail ?? {})) files.write(`var/db/lab-fail.${program}`, only);
    for (const [file, name] of Object.entries(breakage.absent ?? {}))
      files.edit(`etc/inc/${file}`, (text) => text.replaceAll(`function ${name}(`, `function absent_${name}(`));
    for (const path of breakage.unreadable ?? []) files.lock(path);
    for (const path of breakage.missing ?? []) files.remove(path);
    for (const [path, text] of Object.entries(breakage.file ?? {})) files.write(path, text);
    await work();
  } finally {
    files.restore();
  }
}

test('every tool that asks a firewall is in the table', () => {
  const names = READS.filter(({ target }) => target === 'firewall').map(({ name }) => name);
  expect(Object.keys(OUTCOMES).toSorted()).toEqual(names.toSorted());
});

describe.each(Object.entries(OUTCOMES))('%s', (tool, { args = {}, empty, broken: ways, offline }) => {
  test('says that there is nothing, as data', async () => {
    try {
      if (empty.bare !== false) files.write(CONFIG, BARE);
      for (const [program, only] of Object.entries(empty.silent ?? {}))
        files.write(`var/db/lab-silent.${program}`, only);
      for (const [path, text] of Object.entries(empty.file ?? {})) files.write(path, text);
      const answer = await outcomeOf(tool, empty.args ?? args);
      expect(answer).toMatchObject(empty.shows);
      for (const note of [answer['notes'] ?? []].flat()) expect(note).not.toMatch(/could not be read|failed|did not/);
    } finally {
      files.restore();
    }
  });

  test.each(Object.entries(ways))('does not take for nothing: %s', async (_what, { by, args: own, shows, note }) => {
    await broken(by, async () => {
      const answer = await outcomeOf(tool, own ?? args);
      expect(answer).toMatchObject(shows);
      const said = [answer['notes'] ?? []].flat().join('\n');
      if (note !== undefined) expect(said).toMatch(note);
      // Null with a note, a reason in `unavailable`, or a typed error.
      expect(note !== undefined || 'error' in answer || JSON.stringify(answer).includes('"unavailable":{"')).toBe(true);
    });
  });

  test('tells from a file what the file tells, and calls the rest unknown', async () => {
    const notes: string[] = [];
    const saved = new ConfigFolder(join(lab.address.root, CONFIG)).read();
    const found = TOOLS.find(({ name }) => name === tool);
    const memory = memoryStore('a test').memoryOf('fw');
    const health = () => expect.unreachable('not asked');
    const box = filesBox('fw', saved, AbortSignal.timeout(1_000));
    const answer = await Promise.resolve(
      found?.run(args as never, { box, note: (text) => void notes.push(text), audit: () => undefined, memory, health }),
    ).catch((error: unknown) => error);
    if (offline === 'live_only') {
      expect(answer).toBeInstanceOf(PfsenseError);
      expect(answer).toMatchObject({ code: 'live_only' });
    } else {
      expect(answer).toMatchObject(offline.shows);
      if (offline.note !== undefined) expect(notes.join('\n')).toMatch(offline.note);
    }
  });
});
