import type { AddressInfo, Server } from 'node:net';
import { PfsenseError } from '../core/errors.ts';
import type { AuthAttempt, LabHost, LabHostParts } from './host.ts';
import type { PhpBackend } from './php/backend.ts';
import { startProgram } from './php/program.ts';
import { wasmBackend } from './php/wasm.ts';
import { ProcessTable } from './processes.ts';
import { createSshServer } from './server.ts';

const RELOAD = '/etc/rc.filter_configure_sync';
const PHP_CGI = '/usr/local/bin/php-cgi';

/**
 * A firewall of SSH server and PHP in this process; needs nothing but Node.
 * @throws PfsenseError `lab_unavailable` when PHP as WebAssembly is not installed, or the port is taken.
 */
export async function startWasmHost(parts: LabHostParts): Promise<LabHost> {
  const processes = new ProcessTable();
  // A script of the firewall is PHP as well, and programs are answered while PHP waits: so each knows the other.
  const php: PhpBackend = await wasmBackend(parts.root, async (argv) => {
    const file = argv.includes(RELOAD) ? RELOAD : argv.includes(PHP_CGI) ? argv.at(-1) : undefined;
    if (file === undefined) return parts.runCommand(argv);
    const program = startProgram(file, { php, processes, uid: 0, group: processes.newGroup() });
    return { stdout: '', stderr: '', code: await program.exit };
  });
  const attempts: AuthAttempt[] = [];
  const server = createSshServer({ ...parts, php, processes }, attempts);
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  try {
    await listen(server, parts.port);
  } catch (error) {
    await php.close();
    throw error;
  }
  return {
    port: (server.address() as AddressInfo).port,
    processes: () => processes.list(),
    authAttempts: () => attempts,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await php.close();
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new PfsenseError('lab_unavailable', `Port ${port} cannot be served.`, { phase: 'start', cause })),
    );
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
