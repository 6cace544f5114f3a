import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCommands } from './commands/run.ts';
import { createRoot } from './files.ts';
import type { AuthAttempt, StartHost } from './host.ts';
import { fingerprint, newKeyPair, parseKey } from './keys.ts';
import { startNativeHost } from './native/host.ts';
import { type Personality, settle } from './personalities.ts';
import type { LabProcess } from './processes.ts';
import { USERS } from './users.ts';
import { startWasmHost } from './wasm-host.ts';

/** How the lab runs PHP: as WebAssembly in this process, or the machine's own behind a real sshd (Linux, root). */
export const LAB_BACKENDS = ['wasm', 'native'] as const;
export type LabBackend = (typeof LAB_BACKENDS)[number];

export interface LabOptions {
  /** SSH port on 127.0.0.1; a free one by default. */
  readonly port?: number;
  /** A config.xml to use instead of the lab's own. */
  readonly config?: string;
  readonly php?: LabBackend;
  readonly personalities?: readonly Personality[];
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

const HOSTS: Readonly<Record<LabBackend, StartHost>> = { wasm: startWasmHost, native: startNativeHost };

/** @throws PfsenseError `lab_unavailable` that names what this machine lacks. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { folder, root } = createRoot(options.config);
  const commandLog: (readonly string[])[] = [];
  const personalities = options.personalities ?? [];
  settle(root, personalities);
  const box = { root, startedAt: Date.now(), personalities };
  try {
    const [hostKeys, clientKeys] = [newKeyPair(), newKeyPair()];
    const privateKeyFile = join(folder, 'id_ed25519');
    writeFileSync(privateKeyFile, clientKeys.private, { mode: 0o600 });
    const host = await HOSTS[options.php ?? 'wasm']({
      root,
      folder,
      port: options.port ?? 0,
      personalities,
      hostKey: hostKeys.private,
      clientKey: parseKey(clientKeys.public),
      runCommand: createCommands(box, (argv) => void commandLog.push(argv)),
    });
    return {
      address: {
        host: '127.0.0.1',
        port: host.port,
        user: 'admin',
        password: USERS.admin.password,
        privateKeyFile,
        hostKey: fingerprint(hostKeys.public),
        root,
        pid: process.pid,
      },
      processes: () => host.processes(),
      authAttempts: () => host.authAttempts(),
      commandLog: () => commandLog,
      async close() {
        await host.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
