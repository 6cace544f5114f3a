import { createHash } from 'node:crypto';
import { diffConfigs } from '../config/diff.ts';
import type { ConfigTree } from '../config/model.ts';
import { parseConfigXml } from '../config/xml.ts';
import { PfsenseError } from '../core/errors.ts';
import { outgoingText } from '../core/outlet.ts';
import { type Box, type ConfigDocument, liveOf } from '../pfsense/box.ts';
import { blanked } from './blanked.ts';
import type { ChangeKind } from './kind.ts';
import { asWritten } from './operation.ts';
import { draftFor, type Plan, sentencesOf } from './plan.ts';
import { planAgain, redactedPair } from './shown.ts';
import { changeRevision, type Trial } from './snippets.ts';

/** Lines of each side that are shown, and the longest of them in characters. */
const MAX_LINES = 20;
const MAX_LINE_CHARS = 300;

/** What a plan wants and what others did, in sentences without secrets. Null: what to compare with is gone. */
export interface BothSides {
  readonly wanted: readonly string[] | null;
  readonly others: readonly string[] | null;
  /** Lines that are left out. */
  readonly wantedLeft?: number;
  readonly othersLeft?: number;
}

/** A plan with what is needed to say what others did to it. */
export interface Compared {
  readonly box: Box;
  readonly kinds: readonly ChangeKind[];
  readonly plan: Plan;
  /** What the plan was said to do when it was made. */
  readonly shown: readonly string[];
  /** The configuration that the plan was made for, as `blanked`, for when the firewall has it no more. */
  readonly keptBase: () => ConfigTree | undefined;
}

/**
 * Puts side by side what a plan wants and what others changed since its base, or since the configuration with the hash
 * `written` that it led to.
 */
export async function bothSides(
  { box, kinds, plan, shown, keptBase }: Compared,
  written: string | null,
): Promise<BothSides> {
  const now = await liveOf(box).readDocument();
  const base = await revisionOf(box, plan.id, plan.order.target.base, now);
  const draft = base ? await draftFor(box, plan.order, base, kinds).catch(() => undefined) : undefined;
  const start = written === null ? base : (draft?.candidate.config ?? (await revisionOf(box, plan.id, written, now)));
  const wanted = draft ? sentencesOf(draft.diff) : shown.length > 0 ? shown : null;
  const others = start
    ? between(...redactedPair(plain(start), plain(now.tree)))
    : sinceKept(written === null ? keptBase() : undefined, now.tree);
  const [ours, theirs] = [bounded(wanted), bounded(others)];
  return {
    wanted: ours.lines,
    ...(ours.left > 0 ? { wantedLeft: ours.left } : {}),
    others: theirs.lines,
    ...(theirs.left > 0 ? { othersLeft: theirs.left } : {}),
  };
}

/**
 * The same error with both sides in its details and the call that plans anew, when it is `plan_stale`; never fails.
 * `trial`: the change that was to be confirmed.
 */
export async function explained(error: unknown, compared: Compared, trial?: Trial): Promise<unknown> {
  if (!(error instanceof PfsenseError) || error.code !== 'plan_stale') return error;
  const { box, plan } = compared;
  try {
    // Of another firewall nothing is to be compared.
    if ((await liveOf(box).hostKey()) !== plan.order.target.hostKey) return error;
    const again = planAgain(plan.id);
    const details = { ...(await bothSides(compared, trial?.written ?? null)), again };
    const hint =
      trial?.state === 'armed' ? { hint: `pf_change_rollback takes back what is on trial; then ${again}.` } : {};
    return new PfsenseError('plan_stale', error.message, { ...error.facts, ...hint, details });
  } catch {
    return error;
  }
}

function sinceKept(kept: ConfigTree | undefined, now: ConfigTree): string[] | null {
  return kept ? between(kept, blanked(now)) : null;
}

function between(before: ConfigTree, after: ConfigTree): string[] {
  return sentencesOf(diffConfigs(before, after));
}

function plain(tree: ConfigTree): ConfigTree {
  return asWritten(tree) ?? '';
}

function bounded(lines: readonly string[] | null): { lines: string[] | null; left: number } {
  if (lines === null) return { lines, left: 0 };
  const most = lines.slice(0, MAX_LINES).map((line) => outgoingText(line, MAX_LINE_CHARS));
  return { lines: most, left: lines.length - most.length };
}

/** The configuration with this hash, from where the firewall still has it. */
async function revisionOf(box: Box, id: string, sha256: string, now: ConfigDocument): Promise<ConfigTree | undefined> {
  if (now.sha256 === sha256) return now.tree;
  const { document } = await box.call(changeRevision, { id, sha256 });
  const bytes = Buffer.from(document ?? '', 'base64');
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) return undefined;
  return parseConfigXml(bytes.toString('utf8'));
}
