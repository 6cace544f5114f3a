import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveTarget } from '../../src/ssh/target.ts';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  mkdirSync(join(home, '.ssh'));
  writeFileSync(
    join(home, '.ssh/config'),
    `Host office
  HostName 192.0.2.1
  Port 2222
  User admin
  IdentityFile ~/.ssh/office
  ProxyJump hop@gate:2200,inner
Host inner
  HostName 10.0.0.1
Host loop
  ProxyJump loop
`,
  );
});
afterAll(() => rmSync(home, { recursive: true }));

describe('a target', () => {
  test('takes from ~/.ssh/config what the settings leave open', async () => {
    const target = await resolveTarget('fw', { host: 'office' }, home);
    expect(target).toMatchObject({ host: '192.0.2.1', port: 2222, user: 'admin', identityFile: '~/.ssh/office' });
  });

  test('goes through the hosts of ProxyJump in their order', async () => {
    const target = await resolveTarget('fw', { host: 'office' }, home);
    expect(target.jump).toMatchObject({ host: '10.0.0.1', port: 22, jump: { host: 'gate', port: 2200, user: 'hop' } });
  });

  test('lets the settings win', async () => {
    const target = await resolveTarget('fw', { host: 'office', port: 22, user: 'root' }, home);
    expect(target).toMatchObject({ port: 22, user: 'root' });
  });

  test('ignores the file when told to', async () => {
    expect(await resolveTarget('fw', { host: 'office', sshConfig: false }, home)).toMatchObject({
      host: 'office',
      port: 22,
      user: 'root',
    });
  });

  test('refuses to jump in circles', async () => {
    await expect(resolveTarget('fw', { host: 'loop' }, home)).rejects.toMatchObject({ code: 'settings_invalid' });
  });
});
