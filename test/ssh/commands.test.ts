import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../../src/ssh/commands.ts';

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
