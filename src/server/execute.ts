import type { z } from 'zod';
import { wallMs } from '../core/clock.ts';
import { PfsenseError, toPfsenseError } from '../core/errors.ts';
import { nearestName } from '../core/names.ts';
import { outgoingText } from '../core/outlet.ts';
import type { Settings } from '../core/settings.ts';
import { cleanText } from '../core/untrusted.ts';
import type { Box } from '../pfsense/box.ts';
import type { Fleet } from '../pfsense/fleet.ts';
import type { AuditLog } from '../policy/audit-log.ts';
import { judge } from '../policy/permissions.ts';
import type { Tool } from '../tools/tool.ts';
import { type Envelope, envelope } from './envelope.ts';
import type { Exposure } from './exposure.ts';
import { argumentsOf } from './offer.ts';

export interface ExecuteParts {
  readonly fleet: Fleet;
  readonly settings: Settings;
  readonly audit: AuditLog;
  /** What this process has shown; without it nothing is remembered beyond the call. */
  readonly exposure?: Exposure;
}

const PREVIEW_CHARS = 200;

/**
 * Runs one tool call from arguments to answer: parse, policy, work under the guard, envelope, audit log.
 * @throws PfsenseError only.
 */
export async function executeTool(
  parts: ExecuteParts,
  tool: Tool,
  raw: unknown,
  signal?: AbortSignal,
): Promise<Envelope> {
  const preview = outgoingText(JSON.stringify(raw ?? {}), PREVIEW_CHARS);
  let firewall = '';
  try {
    const { firewall: name, ...args } = parseArguments(argumentsOf(tool, parts.fleet.names), raw);
    firewall =
      tool.target === 'local' ? 'pfsense-mcp' : parts.fleet.get(typeof name === 'string' ? name : undefined).name;
    permit(parts, tool, firewall);
    const answer = await run(parts, tool, firewall, args, preview, signal);
    parts.exposure?.note(tool);
    record(parts, tool, firewall, preview, 'ok');
    return answer;
  } catch (thrown) {
    const error = toPfsenseError(thrown, 'run');
    record(parts, tool, firewall, preview, error.code);
    throw error;
  }
}

async function run(
  { fleet, exposure }: ExecuteParts,
  tool: Tool,
  firewall: string,
  args: Record<string, unknown>,
  preview: string,
  signal: AbortSignal | undefined,
): Promise<Envelope> {
  const isUntrusted = tool.isOpenWorld;
  const notes: string[] = [];
  const note = (text: string): void => void notes.push(text);
  const health = () => ({ ...fleet.health(), shownUntrustedText: exposure?.shownUntrustedText ?? false });
  // `args` were parsed by the tool's own schema, which its type no longer shows.
  const work = (box: Box) => tool.run(args as never, { box, note, health });
  if (tool.target === 'local') {
    return envelope({ firewall, servedBy: 'local', notes, isUntrusted, output: await work(noBox) });
  }
  const { name, complexity, effect } = tool;
  const job = { tool: name, complexity, effect, preview };
  const answer = await fleet.get(firewall).run(job, work, signal);
  const { servedBy, staleMs, value: output } = answer;
  return envelope({ firewall, servedBy, staleMs, notes, isUntrusted, output });
}

/** Local tools never ask a firewall. */
const noBox: Box = {
  name: '',
  signal: new AbortController().signal,
  call: () => Promise.reject(new PfsenseError('internal', 'A local tool asked a firewall.', { phase: 'run' })),
};

function parseArguments(schema: z.ZodObject, raw: unknown): Record<string, unknown> {
  const parsed = schema.safeParse(raw ?? {});
  if (parsed.success) return parsed.data;
  const known = Object.keys(schema.shape);
  const problems = parsed.error.issues.map((issue) => describe(issue, known));
  throw new PfsenseError('bad_input', problems.slice(0, 5).join(' '), {
    phase: 'input',
    hint: known.length > 0 ? `Arguments: ${known.join(', ')}.` : 'This tool takes no arguments.',
  });
}

function describe(issue: z.core.$ZodIssue, known: readonly string[]): string {
  if (issue.code === 'unrecognized_keys')
    return issue.keys
      .slice(0, 5)
      .map((key) => unknownArgument(key, known))
      .join(' ');
  const where = issue.path.map(String).join('.') || 'The argument';
  return `${where}: ${issue.message}.`;
}

function unknownArgument(key: string, known: readonly string[]): string {
  const nearest = nearestName(key, known);
  return `Unknown argument ${JSON.stringify(cleanText(key, 40))}${nearest ? `; did you mean ${nearest}?` : '.'}`;
}

function permit({ settings }: ExecuteParts, { name, effect }: Tool, firewall: string): void {
  const verdict = judge(settings, { tool: name, effect, firewall });
  if (!verdict.isAllowed) throw new PfsenseError('refused', verdict.reason, { phase: 'policy' });
}

/** A read that cannot be recorded is still answered; a change would not be begun. */
function record({ audit }: ExecuteParts, tool: Tool, firewall: string, preview: string, outcome: string): void {
  try {
    audit.append({
      at: new Date(wallMs()).toISOString(),
      tool: tool.name,
      effect: tool.effect,
      firewall,
      arguments: preview,
      outcome,
    });
  } catch (error) {
    if (tool.effect !== 'read') throw error;
  }
}
