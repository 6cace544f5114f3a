import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { PfsenseError } from '../../core/errors.ts';
import { SIMULATED_PROGRAMS } from '../commands/run.ts';
import { NATIVE } from '../files.ts';
import type { AuthAttempt, LabHost, LabHostParts } from '../host.ts';
import type { LabProcess } from '../processes.ts';
import { descendantsOf } from './descendants.ts';
import { serveProgramSocket } from './program-socket.ts';
import { requireNative } from './requirements.ts';

const START_MS = 15_000;

/**
 * A firewall of the machine's own PHP behind its own sshd, in a file system and process table of its own. Its
 * programs are simulated by this process.
 * @throws PfsenseError `lab_unavailable` that names what this machine lacks.
 */
export async function startNativeHost(parts: LabHostParts): Promise<LabHost> {
  requireNative();
  const world = join(parts.folder, 'world');
  mkdirSync(world);
  writeKeys(parts);
  const programs = await serveProgramSocket(join(parts.root, 'var/run/lab.sock'), parts.runCommand);
  const port = parts.port === 0 ? await freePort() : parts.port;
  const init = spawn('/usr/bin/unshare', [
    ...['--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child', '--propagation', 'private'],
    ...['/bin/sh', join(NATIVE, 'enter.sh'), world, parts.root, NATIVE, String(port), ...SIMULATED_PROGRAMS],
  ]);
  const close = async (): Promise<void> => {
    init.kill('SIGKILL');
    if (init.exitCode === null && init.signalCode === null) await new Promise((resolve) => init.once('exit', resolve));
    await new Promise((resolve) => programs.close(resolve));
  };
  try {
    await ready(init);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    port,
    processes: () => phpProcesses(init.pid ?? 0),
    authAttempts: () => authAttempts(readFileSync(join(parts.root, 'var/log/auth.log'), 'utf8')),
    close,
  };
}

function writeKeys({ root, hostKey, clientKey }: LabHostParts): void {
  mkdirSync(join(root, 'etc/ssh'), { recursive: true });
  writeFileSync(join(root, 'etc/ssh/host_key'), hostKey, { mode: 0o600 });
  const line = `${clientKey.type} ${clientKey.getPublicSSH().toString('base64')}\n`;
  writeFileSync(join(root, 'etc/ssh/authorized_keys'), line);
}

function ready(init: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let errors = '';
    const fail = (): void =>
      reject(
        new PfsenseError('lab_unavailable', 'The lab with native PHP did not start.', {
          phase: 'start',
          cause: errors,
        }),
      );
    const late = setTimeout(fail, START_MS);
    init.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString('utf8');
    });
    init.stdout?.once('data', () => {
      clearTimeout(late);
      resolve();
    });
    init.once('exit', () => {
      clearTimeout(late);
      fail();
    });
    init.once('error', fail);
  });
}

function phpProcesses(ancestor: number): LabProcess[] {
  return descendantsOf(ancestor)
    .filter(({ argv }) => /(^|\/)php(-cgi)?$/.test(argv[0] ?? ''))
    .map(({ pid, group, argv }) => ({
      pid,
      group,
      args: argv.join(' '),
      kill: () => void process.kill(pid, 'SIGKILL'),
    }));
}

function authAttempts(log: string): AuthAttempt[] {
  return [...log.matchAll(/(Accepted|Failed) (\S+) for (?:invalid user )?(\S+) from/g)]
    .filter(([, , method]) => method !== 'none')
    .map(([, verdict, method = '', user = '']) => ({ user, method, isAccepted: verdict === 'Accepted' }));
}

/** sshd cannot tell which port it took, so a free one is looked for. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
