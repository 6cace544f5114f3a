import type { z } from 'zod';
import type { BackupFolder } from '../changes/backup-folder.ts';
import type { PlanStore } from '../changes/plan-store.ts';
import { wallMs } from '../core/clock.ts';
import { PfsenseError, toPfsenseError } from '../core/errors.ts';
import { nearestName } from '../core/names.ts';
import { outgoingText } from '../core/outlet.ts';
import { withoutPlacedValues } from '../core/redact.ts';
import type { Settings } from '../core/settings.ts';
import { cleanText } from '../core/untrusted.ts';
import type { Box } from '../pfsense/box.ts';
import type { Fleet } from '../pfsense/fleet.ts';
import type { AuditedChange } from '../policy/audit-chain.ts';
import type { AuditLog } from '../policy/audit-log.ts';
import type { ChangeDesk, Tool, ToolContext } from '../tools/tool.ts';
import { type Envelope, envelope } from './envelope.ts';
import type { Exposure } from './exposure.ts';
import { Looks } from './looks.ts';
import { argumentsOf } from './offer.ts';
import { permit } from './permit.ts';
import { refuseStandIns } from './stand-ins.ts';

export interface ExecuteParts {
  readonly fleet: Fleet;
  readonly settings: Settings;
  readonly audit: AuditLog;
  /** Absent: nothing can be planned. */
  readonly plans?: PlanStore;
  /** Absent: nothing can be changed either. */
  readonly backups?: BackupFolder;
  /** What this process has shown; without it nothing is remembered beyond the call. */
  readonly exposure?: Exposure;
  /** Puts a question to whoever sits at the client, where it can. */
  readonly askPerson?: ChangeDesk['askPerson'];
}

const PREVIEW_CHARS = 200;

/** More than any secret that begins inside a preview, so none is cut before it is recognised. */
const LOOKED_AT_CHARS = 64 * 1024;

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
  const preview = outgoingText(JSON.stringify(withoutPlacedValues(raw ?? {})).slice(0, LOOKED_AT_CHARS), PREVIEW_CHARS);
  let firewall = '';
  let change: AuditedChange | undefined;
  const audit = (about: AuditedChange): void => {
    change = about;
    if (tool.effect !== 'read' && about.result === undefined)
      record(parts, tool, { firewall, preview, change }, 'begun');
  };
  try {
    refuseStandIns(raw);
    const { firewall: name, ...args } = parseArguments(argumentsOf(tool, parts.fleet.names), raw);
    firewall =
      tool.target === 'local' ? 'pfsense-mcp' : parts.fleet.get(typeof name === 'string' ? name : undefined).name;
    permit(parts.settings, tool, firewall);
    const answer = await run(parts, tool, { firewall, args, preview, signal, audit });
    parts.exposure?.note(tool);
    record(parts, tool, { firewall, preview, change }, 'ok');
    return answer;
  } catch (thrown) {
    const error = toPfsenseError(thrown, 'run');
    record(parts, tool, { firewall, preview, change }, error.code);
    throw error;
  }
}

interface Call extends Pick<ToolContext, 'audit'> {
  readonly firewall: string;
  readonly args: Record<string, unknown>;
  readonly preview: string;
  readonly signal: AbortSignal | undefined;
}

async function run(
  parts: ExecuteParts,
  tool: Tool,
  { firewall, args, preview, signal, audit }: Call,
): Promise<Envelope> {
  const { fleet, exposure } = parts;
  const desk = deskOf(parts);
  if (desk) await tool.authorize?.(args as never, desk, firewall);
  const isUntrusted = tool.isOpenWorld;
  const notes: string[] = [];
  const note = (text: string): void => void notes.push(text);
  const health = () => ({ ...fleet.health(), shownUntrustedText: exposure?.shownUntrustedText ?? false });
  // `args` were parsed by the tool's own schema, which its type no longer shows.
  const memory = fleet.memory(firewall);
  const context = { note, audit, memory, health, ...(desk ? { desk } : {}) };
  const work = (box: Box) => tool.run(args as never, { box, ...context });
  if (tool.target === 'local') {
    return envelope({ firewall, servedBy: 'local', notes, isUntrusted, output: await work(noBox) });
  }
  if (tool.fleetArguments?.some((name) => args[name] !== undefined)) {
    const looks = new Looks(parts, tool, preview, signal);
    // As above.
    const output = await tool.run(args as never, { box: looks.box(firewall), fleet: looks, ...context });
    return envelope({ firewall, ...looks.served(), notes, isUntrusted, output });
  }
  const { name, complexity, effect } = tool;
  const job = { tool: name, complexity, effect, preview };
  const answer = await fleet.get(firewall).run(job, work, signal);
  const { servedBy, staleMs, pendingChanges, value: output } = answer;
  return envelope({ firewall, servedBy, staleMs, pendingChanges, notes, isUntrusted, output });
}

function deskOf({ plans, backups, settings, exposure, askPerson }: ExecuteParts): ChangeDesk | undefined {
  return (
    plans &&
    backups && {
      plans,
      backups,
      rules: settings.approve,
      keep: settings.keep,
      maxPerHour: settings.maxChangesPerHour,
      policy: settings,
      hasShownUntrustedText: exposure?.shownUntrustedText ?? false,
      askPerson,
      now: wallMs,
    }
  );
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

/** A read that cannot be recorded is still answered; a change would not be begun. */
function record(
  { audit }: ExecuteParts,
  tool: Tool,
  { firewall, preview, change }: Pick<Call, 'firewall' | 'preview'> & { readonly change: AuditedChange | undefined },
  outcome: string,
): void {
  try {
    audit.append({
      at: new Date(wallMs()).toISOString(),
      tool: tool.name,
      effect: tool.effect,
      firewall,
      arguments: preview,
      outcome,
      ...(change === undefined ? {} : { change }),
    });
  } catch (error) {
    if (tool.effect !== 'read') throw error;
  }
}
