import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createServer, type ServerParts } from './mcp.ts';

/** Serves MCP on stdin and stdout until the client closes stdin or a signal asks to stop. */
export async function serveStdio(parts: ServerParts, stop: AbortSignal): Promise<void> {
  const server = createServer(parts);
  const ended = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
    // A client that is gone closes its end: writing then fails, and there is nobody left to serve.
    process.stdout.once('error', () => resolve());
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.connect(new StdioServerTransport());
  await ended;
  await server.close();
}
