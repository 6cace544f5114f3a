import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { type CallToolResult, CallToolResultSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

/** A client of our own server, for the demo, the benchmarks and the tests. */
export interface McpClient {
  readonly client: Client;
  /** Process id of the server, when it is one of its own. */
  readonly pid: number | undefined;
  call(tool: string, args?: Record<string, unknown>, signal?: AbortSignal): Promise<CallToolResult>;
  close(): Promise<void>;
}

/** Whoever sits at the client: reads what is asked and says yes or no. */
export type Person = (question: string) => boolean;

const INFO = { name: 'pfsense-mcp-client', version: '1' };

/** Starts a server process and talks to it over stdio; with a person, the server may put questions to them. */
export async function spawnClient(
  argv: readonly string[],
  env: Record<string, string>,
  person?: Person,
): Promise<McpClient> {
  const transport = new StdioClientTransport({ command: process.execPath, args: [...argv], env, stderr: 'inherit' });
  return wrap(await connected(transport, person), () => transport.pid ?? undefined);
}

/** Talks to a server in this process. */
export async function memoryClient(server: Server): Promise<McpClient> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await server.connect(theirs);
  return wrap(await connected(ours), () => undefined);
}

/** Talks Streamable HTTP to a URL. */
export async function httpClient(url: string, token?: string): Promise<McpClient> {
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  return wrap(await connected(transport), () => undefined);
}

async function connected(transport: Parameters<Client['connect']>[0], person?: Person): Promise<Client> {
  const client = new Client(INFO, { capabilities: person ? { elicitation: {} } : {} });
  if (person)
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => ({
      action: 'accept',
      content: { allow: person(params.message) },
    }));
  await client.connect(transport);
  return client;
}

function wrap(client: Client, pid: () => number | undefined): McpClient {
  return {
    client,
    get pid() {
      return pid();
    },
    async call(tool, args = {}, signal) {
      const options = { timeout: 150_000, ...(signal ? { signal } : {}) };
      return CallToolResultSchema.parse(await client.callTool({ name: tool, arguments: args }, undefined, options));
    },
    close: () => client.close(),
  };
}
