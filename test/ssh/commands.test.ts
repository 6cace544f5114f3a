import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandLine, PHP_ENDED } from '../../src/ssh/commands.ts';

const NAMES = ['pfSsh', 'php', 'kill', 'probe', 'readConfig', 'readRevision'] as const;

describe.each(NAMES)('the command line %s', (name) => {
  test.each(['login', 'sudo'] as const)('means the same in sh and tcsh (%s)', (privilege) => {
    const line = commandLine(name, privilege);
    // tcsh expands `!` even in quotes, and a quote may not span lines.
    expect(line).not.toMatch(/[!\n]/);
    // sshd sets this one variable, from what it knows itself.
    expect(line.replace(/'[^']*'/g, '').replace('"$SSH_CONNECTION"', '')).toMatch(/^[A-Za-z0-9/._ -]*$/);
  });

  test('is accepted by sh', () => {
    expect(() => execFileSync('/bin/sh', ['-n', '-c', commandLine(name, 'login')])).not.toThrow();
  });
});

test('the kill command touches only what looks like ours', () => {
  const inner = /^\/bin\/sh -c '(.*)'$/s.exec(commandLine('kill', 'login'))?.[1] ?? '';
  expect(execFileSync('/bin/sh', ['-c', inner], { input: '999999999\n' }).toString()).toBe('done\n');
});

describe.each(['/bin/sh', '/bin/tcsh'])('a session behind sudo, from %s', (shell) => {
  const isThere = spawnSync(shell, ['-c', 'exit 0']).status === 0;

  test.runIf(isThere)('knows by which connection it came', () => {
    const bin = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
    // sudo hands no variables on.
    writeFileSync(join(bin, 'sudo'), '#!/bin/sh\nshift\nexec /usr/bin/env -i PATH=/bin:/usr/bin "$@"\n', {
      mode: 0o755,
    });
    const line = commandLine('pfSsh', 'sudo').replace(
      '/usr/local/sbin/pfSsh.php x',
      '/usr/bin/printenv SSH_CONNECTION',
    );
    const env = { PATH: `${bin}:/bin:/usr/bin`, SSH_CONNECTION: '192.0.2.7 50022 192.0.2.1 22', HOME: bin };
    const { stdout } = spawnSync(shell, ['-c', line], { env, input: '', encoding: 'utf8' });
    expect(stdout.split('\n')[1]).toBe('192.0.2.7 50022 192.0.2.1 22');
    rmSync(bin, { recursive: true });
  });
});

/** Login shells of root and of other users; without pfSsh.php here, its PHP ends at once. */
describe.each(['/bin/sh', '/bin/tcsh'])('a session started by %s', (shell) => {
  const isThere = spawnSync(shell, ['-c', 'exit 0']).status === 0;

  test.runIf(isThere)('tells its group first, and the end of PHP while its input is still open', async () => {
    const child = spawn(shell, ['-c', commandLine('pfSsh', 'login')], { detached: true });
    const exit = once(child, 'exit');
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdin.on('error', () => undefined);
    child.stdin.write('something\nexec\n');
    await expect.poll(() => stderr).toContain(PHP_ENDED);
    expect(Number(stdout)).toBeGreaterThan(1);
    child.stdin.end();
    expect(await exit).toEqual([127, null]);
  });
});
