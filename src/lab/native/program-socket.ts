import { createServer, type Server, type Socket } from 'node:net';
import type { RunCommand } from '../php/backend.ts';

/** Longest argument vector of a simulated program, in bytes. */
const MAX_REQUEST_BYTES = 1024 * 1024;

/**
 * Answers the simulated programs of a native lab at a Unix socket. Request: the argument vector, separated by NUL.
 * Reply: `<exit status> <bytes of stdout>\n<stdout><stderr>`.
 */
export function serveProgramSocket(path: string, runCommand: RunCommand): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => void answer(socket, runCommand));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}

async function answer(socket: Socket, runCommand: RunCommand): Promise<void> {
  socket.on('error', () => undefined);
  const [program = '', ...args] = await argumentVector(socket);
  // The kernel names /usr/bin and /bin alike where they are one folder.
  const found = await runCommand([program.replace(/^\/usr(?=\/bin\/df$)/, ''), ...args]);
  const stdout = Buffer.from(found.stdout);
  socket.end(Buffer.concat([Buffer.from(`${found.code} ${stdout.length}\n`), stdout, Buffer.from(found.stderr)]));
}

function argumentVector(socket: Socket): Promise<string[]> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_REQUEST_BYTES) chunks.push(chunk);
      else socket.destroy();
    });
    socket.once('end', () => resolve(Buffer.concat(chunks).toString('utf8').split('\0')));
  });
}
