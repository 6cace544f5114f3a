import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
Host lower
  hostname %h.example
  identityfile %d/.ssh/lower
Host odd
  Port many
Match exec "touch ${home}/executed"
  User mallory
`,
  );
});
afterAll(() => rmSync(home, { recursive: true }));

describe('a target', () => {
  test('takes from ~/.ssh/config what the settings leave open', async () => {
    const target = await resolveTarget('fw', { host: 'office' }, home);
    expect(target).toMatchObject({
      host: '192.0.2.1',
      port: 2222,
      user: 'admin',
      identityFile: join(home, '.ssh/office'),
    });
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

  test('knows keywords in any case, and the tokens for host and home', async () => {
    const target = await resolveTarget('fw', { host: 'lower' }, home);
    expect(target).toMatchObject({ host: 'lower.example', identityFile: join(home, '.ssh/lower') });
  });

  test('runs nothing that the file names', async () => {
    expect((await resolveTarget('fw', { host: 'inner' }, home)).user).toBe('root');
    expect(existsSync(join(home, 'executed'))).toBe(false);
  });

  test('refuses a port that is none', async () => {
    await expect(resolveTarget('fw', { host: 'odd' }, home)).rejects.toMatchObject({ code: 'settings_invalid' });
  });

  test('keeps hosts on the way apart from the firewall in messages, and together in the latch', async () => {
    const target = await resolveTarget('fw', { host: 'office' }, home);
    expect(target).toMatchObject({ label: 'fw', jump: { firewall: 'fw', label: "fw's jump host" } });
  });
});
