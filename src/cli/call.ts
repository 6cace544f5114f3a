import { PfsenseError, toPfsenseError } from '../core/errors.ts';
import type { Envelope } from '../server/envelope.ts';
import { executeTool } from '../server/execute.ts';
import { findTool } from '../server/mcp.ts';
import { offeredTools } from '../server/offer.ts';
import { withComposition } from './composition.ts';
import type { Flags } from './settings.ts';
import { untilStopped } from './until-stopped.ts';

export interface CallOptions extends Flags {
  readonly firewall?: string;
  readonly json?: boolean;
}

/** Calls one tool as a client would and prints its answer; returns the exit code. */
export async function call(tool: string, json: string, options: CallOptions): Promise<number> {
  const args = parseArguments(json);
  if (args === undefined) {
    process.stderr.write('pfsense-mcp: the arguments have to be a JSON object.\n');
    return 2;
  }
  try {
    print({ ok: true, result: await run(tool, args, options) }, options);
    return 0;
  } catch (thrown) {
    const error = toPfsenseError(thrown, 'run').report();
    print({ ok: false, error }, options);
    return 1;
  }
}

function run(name: string, args: Record<string, unknown>, options: CallOptions): Promise<Envelope> {
  return withComposition(options, async (parts) => {
    const offered = offeredTools({ settings: parts.settings, firewalls: parts.fleet.names });
    const tool = findTool(offered, name);
    return executeTool(parts, tool, withFirewall(args, options.firewall, parts.fleet.names), untilStopped());
  });
}

/** With one firewall the argument does not exist, but naming that one is no mistake. */
function withFirewall(args: Record<string, unknown>, name: string | undefined, names: readonly string[]) {
  if (name === undefined) return args;
  if (!names.includes(name)) {
    const hint = `Configured: ${names.join(', ') || 'none'}.`;
    throw new PfsenseError('unknown_firewall', 'No firewall of that name is configured.', { phase: 'input', hint });
  }
  return names.length > 1 ? { ...args, firewall: name } : args;
}

function parseArguments(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

type Outcome =
  | { ok: true; result: Envelope }
  | { ok: false; error: { code: string; message: string; hint: string; details?: unknown } };

function print(outcome: Outcome, { json }: CallOptions): void {
  if (json) process.stdout.write(`${JSON.stringify(outcome)}\n`);
  else if (outcome.ok) process.stdout.write(`${JSON.stringify(outcome.result, null, 2)}\n`);
  else {
    const { code, message, hint, details } = outcome.error;
    const more = details === undefined ? '' : `${JSON.stringify(details, null, 2)}\n`;
    process.stderr.write(`pfsense-mcp: ${message} [${code}]\n${hint}\n${more}`);
  }
}
