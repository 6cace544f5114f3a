import { randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { PfsenseError } from '../core/errors.ts';
import { createServer, type ServerParts } from './mcp.ts';

export interface HttpOptions {
  /** Loopback unless a token is set. */
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
}

export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

const PATH = '/mcp';
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const MAX_SESSIONS = 32;
const IDLE_MS = 30 * 60_000;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

interface Session {
  readonly transport: StreamableHTTPServerTransport;
  usedAt: number;
}

/**
 * Serves Streamable HTTP at /mcp. Host and Origin are checked against DNS rebinding, a token in constant time.
 * @throws PfsenseError `settings_invalid` for a public address without a token.
 */
export async function serveHttp(parts: ServerParts, options: HttpOptions): Promise<HttpServer> {
  if (!LOOPBACK.has(options.host) && !options.token) {
    throw new PfsenseError('settings_invalid', 'Only loopback addresses are served without a token.', {
      phase: 'settings',
      hint: 'Use --http 127.0.0.1:PORT, or set PFSENSE_MCP_HTTP_TOKEN.',
    });
  }
  const sessions = new Map<string, Session>();
  const http = createHttpServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      parts.logger.error({ err: error }, 'request failed');
      refuse(response, 500, 'internal error');
    });
  });
  http.requestTimeout = 30_000;
  const sweep = setInterval(() => closeIdle(sessions), 60_000).unref();
  await listen(http, options);
  const { port } = http.address() as AddressInfo;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refusalOf(request, options);
    if (refusal) return refuse(response, ...refusal);
    const transport = await transportFor(request, response);
    if (!transport) return;
    const body = request.method === 'POST' ? await readBody(request) : undefined;
    if (body === 'too large') return refuse(response, 413, 'body too large');
    if (body === 'not json') return refuse(response, 400, 'body is not JSON');
    await transport.handleRequest(request, response, body);
  }

  async function transportFor(request: IncomingMessage, response: ServerResponse) {
    const id = request.headers['mcp-session-id'];
    if (id === undefined) return newTransport(response);
    const session = sessions.get(String(id));
    if (!session) refuse(response, 404, 'unknown session');
    if (session) session.usedAt = Date.now();
    return session?.transport;
  }

  async function newTransport(response: ServerResponse) {
    if (sessions.size >= MAX_SESSIONS) return void refuse(response, 503, 'too many sessions');
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, { transport, usedAt: Date.now() }),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    await createServer(parts).connect(transport);
    return transport;
  }

  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}${PATH}`,
    async close() {
      clearInterval(sweep);
      await Promise.all([...sessions.values()].map(({ transport }) => transport.close()));
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function listen(http: ReturnType<typeof createHttpServer>, { host, port }: HttpOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (cause) =>
      reject(new PfsenseError('settings_invalid', `Port ${port} cannot be served.`, { phase: 'settings', cause })),
    );
    http.listen(port, host, resolve);
  });
}

type Refusal = [status: number, reason: string];

function refusalOf(request: IncomingMessage, options: HttpOptions): Refusal | undefined {
  if (new URL(request.url ?? '/', 'http://localhost').pathname !== PATH) return [404, 'not found'];
  const isLocal = LOOPBACK.has(options.host);
  if (isLocal && !LOOPBACK.has(hostName(request.headers.host))) return [403, 'host not allowed'];
  const { origin } = request.headers;
  if (origin !== undefined && !isAllowedOrigin(origin)) return [403, 'origin not allowed'];
  if (options.token && !hasToken(request, options.token)) return [401, 'token required'];
  return undefined;
}

function hostName(host: string | undefined): string {
  return (host ?? '').replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

/** Pages of other sites must not reach a local server; a page served from this machine may. */
function isAllowedOrigin(origin: string): boolean {
  return URL.canParse(origin) && LOOPBACK.has(hostName(new URL(origin).host));
}

function hasToken(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return 'too large';
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return 'not json';
  }
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  if (response.headersSent) return void response.end();
  const body = { jsonrpc: '2.0', id: null, error: { code: -32000, message: reason } };
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
}

function closeIdle(sessions: Map<string, Session>): void {
  for (const [id, { transport, usedAt }] of sessions) {
    if (Date.now() - usedAt < IDLE_MS) continue;
    sessions.delete(id);
    void transport.close();
  }
}
