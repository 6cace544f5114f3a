import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type ToolAnnotations,
} from '@modelcontextprotocol/sdk/types.js';
import { PfsenseError, toPfsenseError } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import { nearestName } from '../core/names.ts';
import { cleanText } from '../core/untrusted.ts';
import type { Tool } from '../tools/tool.ts';
import { personAt } from './elicit.ts';
import { envelopeText } from './envelope.ts';
import { type ExecuteParts, executeTool } from './execute.ts';
import { Exposure } from './exposure.ts';
import { handleResourcesAndPrompts } from './handlers.ts';
import { instructions } from './instructions.ts';
import { type OfferedTool, offeredTools } from './offer.ts';

export interface ServerParts extends ExecuteParts {
  readonly logger: Logger;
  readonly version: string;
}

/** Clients see progress of calls that take longer than this, in milliseconds. */
const PROGRESS_MS = 2_000;

/** An MCP server that offers the allowed tools; connect it to a transport. */
export function createServer(given: ServerParts): Server {
  const parts = { exposure: new Exposure(), ...given };
  const offered = offeredTools({ settings: parts.settings, firewalls: parts.fleet.names });
  const server = new Server(
    { name: 'pfsense-mcp', title: 'pfSense', version: parts.version },
    {
      capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
      instructions: instructions(offered.map(({ tool }) => tool)),
    },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: offered.map(describeTool) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal, sendNotification }) => {
    const token = params._meta?.progressToken;
    const report = (progress: number): void => {
      if (token === undefined) return;
      const message = 'Waiting for the firewall';
      sendNotification({ method: 'notifications/progress', params: { progressToken: token, progress, message } }).catch(
        // The client has gone; the call ends by its own deadline.
        () => undefined,
      );
    };
    const askPerson = personAt(server);
    const asked = { ...parts, ...(askPerson ? { askPerson } : {}) };
    return withProgress(report, () => answer(asked, offered, params.name, params.arguments, signal));
  });
  handleResourcesAndPrompts(server, parts, offered);
  return server;
}

async function answer(
  parts: ServerParts,
  offered: readonly OfferedTool[],
  name: string,
  args: unknown,
  signal: AbortSignal,
): Promise<CallToolResult> {
  try {
    const result = await executeTool(parts, findTool(offered, name), args, signal);
    return { content: [{ type: 'text', text: envelopeText(result) }], structuredContent: result };
  } catch (thrown) {
    const error = toPfsenseError(thrown, 'run');
    parts.logger.warn(
      { tool: cleanText(name, 60), code: error.code, phase: error.facts.phase, cause: causeText(error) },
      'call failed',
    );
    // Structured content has to follow the tool's output schema, so an error is structured text.
    return { isError: true, content: [{ type: 'text', text: JSON.stringify({ error: error.report() }) }] };
  }
}

/** @throws PfsenseError `unknown_tool` that names the nearest one. */
export function findTool(offered: readonly OfferedTool[], name: string): Tool {
  const found = offered.find(({ tool }) => tool.name === name);
  if (found) return found.tool;
  const nearest = nearestName(
    name,
    offered.map(({ tool }) => tool.name),
  );
  const message = `No tool ${JSON.stringify(cleanText(name, 60))} is offered.`;
  throw new PfsenseError('unknown_tool', message, {
    phase: 'input',
    ...(nearest ? { hint: `Did you mean ${nearest}?` } : {}),
  });
}

function describeTool({ tool, inputSchema, outputSchema }: OfferedTool) {
  const { name, title, description } = tool;
  return { name, title, description, inputSchema, outputSchema, annotations: annotationsOf(tool) };
}

function annotationsOf({ effect, isOpenWorld }: Tool): ToolAnnotations {
  return {
    readOnlyHint: effect === 'read',
    destructiveHint: effect === 'dangerous' || effect === 'config',
    idempotentHint: effect === 'read',
    openWorldHint: isOpenWorld,
  };
}

async function withProgress<T>(report: (progress: number) => void, work: () => Promise<T>): Promise<T> {
  let progress = 0;
  const timer = setInterval(() => {
    progress += 1;
    report(progress);
  }, PROGRESS_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** For the log only: the cause may quote the firewall. */
function causeText({ cause }: PfsenseError): string | undefined {
  if (cause === undefined) return undefined;
  return cleanText(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
}
