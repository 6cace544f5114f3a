import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { FirewallSettings } from '../../src/core/settings.ts';
import { newKeyPair } from '../../src/lab/keys.ts';
import { fingerprint } from './fingerprint.ts';
import { pause } from './stage.ts';

const SSHD = '/usr/sbin/sshd';

/** Whether a real OpenSSH server can be started here. */
export const hasSshd = existsSync(SSHD);

/** A real sshd on 127.0.0.1 with a configuration of its own, run by this user for this user. */
export interface Sshd {
  /** Logs in with the right key. */
  readonly login: FirewallSettings;
  readonly pid: number;
  /** What it logged so far. */
  log(): string;
  close(): Promise<void>;
}

/** Starts sshd; `extra` are lines of sshd_config. */
export async function startSshd(extra: readonly string[] = []): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'faultsshd-'));
  const file = (name: string): string => join(folder, name);
  chmodSync(folder, 0o700);
  // A root sshd wants its empty folder, which the init script would make.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const [host, client] = [newKeyPair(), newKeyPair()];
  writeFileSync(file('host'), host.private, { mode: 0o600 });
  writeFileSync(file('client'), client.private, { mode: 0o600 });
  const port = await freePort();
  writeFileSync(file('authorized_keys'), `${client.public}\n`, { mode: 0o600 });
  writeFileSync(file('sshd_config'), config(port, file, extra));
  const process = spawn(SSHD, ['-D', '-e', '-f', file('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  process.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString('utf8');
  });
  await answering(port, process);
  return {
    login: {
      host: '127.0.0.1',
      port,
      user: userInfo().username,
      privateKey: file('client'),
      hostKey: fingerprint(host.public),
      sshConfig: false,
    },
    pid: process.pid ?? 0,
    log: () => log,
    async close() {
      process.kill('SIGTERM');
      await new Promise((resolve) => (process.exitCode === null ? process.once('exit', resolve) : resolve(0)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function config(port: number, file: (name: string) => string, extra: readonly string[]): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${file('host')}`,
    `AuthorizedKeysFile ${file('authorized_keys')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'PasswordAuthentication yes',
    'LogLevel VERBOSE',
    ...extra,
    '',
  ].join('\n');
}

async function answering(port: number, process: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 100 && process.exitCode === null; tries += 1) {
    if (await accepts(port)) return;
    await pause(50);
  }
  throw new Error('sshd did not start.');
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
