import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { PfsenseError } from '../core/errors.ts';
import { createCommands } from './commands/run.ts';
import { createRoot } from './files.ts';
import { wasmBackend } from './php/wasm.ts';
import { type LabProcess, ProcessTable } from './processes.ts';
import { type AuthAttempt, createSshServer, newKeyPair } from './server.ts';
import { USERS } from './users.ts';

export interface LabOptions {
  /** SSH port on 127.0.0.1; a free one by default. */
  readonly port?: number;
  /** A config.xml to use instead of the lab's own. */
  readonly config?: string;
}

/** What a client needs to log in; printed by `pfsense-mcp lab`. */
export interface LabAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly privateKeyFile: string;
  /** `SHA256:…`. */
  readonly hostKey: string;
  /** Host path of its file system. */
  readonly root: string;
  readonly pid: number;
}

/** A simulated firewall: real PHP runs the real snippets, everything below PHP is made up. */
export interface Lab {
  readonly address: LabAddress;
  processes(): LabProcess[];
  authAttempts(): readonly AuthAttempt[];
  /** Programs that PHP started so far. */
  commandLog(): readonly (readonly string[])[];
  close(): Promise<void>;
}

/** @throws PfsenseError `lab_unavailable` when PHP as WebAssembly is not installed. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { folder, root } = createRoot(options.config);
  const commandLog: (readonly string[])[] = [];
  const attempts: AuthAttempt[] = [];
  const processes = new ProcessTable();
  const box = { root, startedAt: Date.now() };
  try {
    const php = await wasmBackend(
      root,
      createCommands(box, (argv) => void commandLog.push(argv)),
    );
    const [hostKeys, clientKeys] = [newKeyPair(), newKeyPair()];
    const privateKeyFile = join(folder, 'id_ed25519');
    writeFileSync(privateKeyFile, clientKeys.private, { mode: 0o600 });
    const clientKey = parseKey(clientKeys.public);
    const server = createSshServer({ root, php, processes, hostKey: hostKeys.private, clientKey }, attempts);
    const sockets = new Set<{ destroy(): void }>();
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    const port = await listen(server, options.port ?? 0);
    const hostKey = `SHA256:${createHash('sha256').update(parseKey(hostKeys.public).getPublicSSH()).digest('base64').replace(/=+$/, '')}`;
    return {
      address: {
        host: '127.0.0.1',
        port,
        user: 'admin',
        password: USERS.admin.password,
        privateKeyFile,
        hostKey,
        root,
        pid: process.pid,
      },
      processes: () => processes.list(),
      authAttempts: () => attempts,
      commandLog: () => commandLog,
      async close() {
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => server.close(resolve));
        await php.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function parseKey(text: string) {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  const first = Array.isArray(key) ? key[0] : key;
  if (!first) throw new Error('The key pair that was just made has no key.');
  return first;
}

function listen(server: ReturnType<typeof createSshServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new PfsenseError('lab_unavailable', `Port ${port} cannot be served.`, { phase: 'start', cause })),
    );
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
