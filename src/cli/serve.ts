import { PfsenseError } from '../core/errors.ts';
import { compose } from './composition.ts';
import type { Flags } from './settings.ts';
import { untilStopped } from './until-stopped.ts';

export interface ServeOptions extends Flags {
  readonly http?: string;
}

/** Serves until the client leaves (stdio) or a signal comes. */
export async function serve(options: ServeOptions): Promise<void> {
  const parts = await compose(options);
  const stop = untilStopped();
  try {
    if (options.http === undefined) {
      const { serveStdio } = await import('../server/stdio.ts');
      await serveStdio(parts, stop);
    } else {
      await serveOverHttp(options.http, parts, stop);
    }
  } finally {
    await parts.close();
  }
}

async function serveOverHttp(
  address: string,
  parts: Awaited<ReturnType<typeof compose>>,
  stop: AbortSignal,
): Promise<void> {
  const { serveHttp } = await import('../server/http.ts');
  const server = await serveHttp(parts, { ...parseAddress(address), token: process.env['PFSENSE_MCP_HTTP_TOKEN'] });
  process.stderr.write(`Serving MCP at ${server.url}\n`);
  if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
  await server.close();
}

function parseAddress(address: string): { host: string; port: number } {
  const match = /^(?:\[?([0-9a-zA-Z.:-]+?)\]?:)?(\d{1,5})$/.exec(address);
  if (match?.[2]) return { host: match[1] ?? '127.0.0.1', port: Number(match[2]) };
  throw new PfsenseError('bad_input', '--http takes an address such as 127.0.0.1:8808.', { phase: 'settings' });
}
