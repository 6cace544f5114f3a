import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { commandLine, PHP_ENDED } from '../../src/ssh/commands.ts';

const NAMES = ['pfSsh', 'php', 'kill', 'probe', 'readConfig'] as const;

describe.each(NAMES)('the command line %s', (name) => {
  test.each(['login', 'sudo'] as const)('means the same in sh and tcsh (%s)', (privilege) => {
    const line = commandLine(name, privilege);
    // tcsh expands `!` even in quotes, and a quote may not span lines.
    expect(line).not.toMatch(/[!\n]/);
    expect(line.replace(/'[^']*'/g, '')).toMatch(/^[A-Za-z0-9/._ -]*$/);
  });

  test('is accepted by sh', () => {
    expect(() => execFileSync('/bin/sh', ['-n', '-c', commandLine(name, 'login')])).not.toThrow();
  });
});

test('the kill command touches only what looks like ours', () => {
  const inner = /^\/bin\/sh -c '(.*)'$/s.exec(commandLine('kill', 'login'))?.[1] ?? '';
  expect(execFileSync('/bin/sh', ['-c', inner], { input: '999999999\n' }).toString()).toBe('done\n');
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
