import type { Effect } from '../core/bounds.ts';
import type { PolicyRule, Settings } from '../core/settings.ts';
import { matchesGlob, type Verdict } from './permissions.ts';

export type ChangePolicy = Pick<Settings, 'permissions' | 'deny' | 'allow'>;

/** A place of the configuration, as in `['system', 'ssh']`. */
export type ConfigPath = readonly string[];

/** What one change of a plan is and does. */
export interface JudgedChange {
  readonly kind: string;
  readonly level: Effect;
  /** What it was found to touch; empty where that is not known yet, or where it is so already. */
  readonly paths: readonly ConfigPath[];
}

export interface ChangesRequest {
  readonly tool: string;
  readonly firewall: string;
  readonly changes: readonly JudgedChange[];
  /** What the whole plan touches. */
  readonly paths: readonly ConfigPath[];
}

/**
 * May these changes be made? Each needs the permission of its level, none may meet a deny rule, and where the settings
 * list what is allowed, all that is touched has to be listed. Judged by what is touched, not by what it is called.
 */
export function judgeChanges(policy: ChangePolicy, request: ChangesRequest): Verdict {
  const reason = reasonAgainst(policy, request);
  return reason === undefined ? { isAllowed: true } : { isAllowed: false, reason };
}

function reasonAgainst(policy: ChangePolicy, request: ChangesRequest): string | undefined {
  const { firewall, changes } = request;
  const above = changes.find(({ level }) => !policy.permissions.includes(level));
  if (above) return `${above.kind} takes the level ${above.level}, which is not among the permissions.`;
  if (policy.deny.some((rule) => forbids(rule, request)))
    return 'A deny rule of the settings forbids a change of this plan.';
  const { allow } = policy;
  if (allow === undefined) return undefined;
  const here = allow.filter((rule) => rule.firewall === undefined || matchesGlob(rule.firewall, firewall));
  const stray = changes.find((change) => !isAllowedBy(here, [change.kind], change.paths));
  if (stray) return `The settings do not list ${stray.kind} with all that it touches among the allowed changes.`;
  // What pfSense needs besides, such as a line of cron for schedules, belongs to all changes of the plan.
  return isAllowedBy(
    here,
    changes.map(({ kind }) => kind),
    besides(request),
  )
    ? undefined
    : 'The plan touches more than the settings allow.';
}

function besides({ changes, paths }: ChangesRequest): ConfigPath[] {
  const own = changes.flatMap((change) => change.paths);
  return paths.filter((path) => !own.some((one) => isWithin(one.join('/'), path) || isWithin(path.join('/'), one)));
}

/** A rule that names a kind or a path is about changes; others are about tools. */
function forbids(rule: PolicyRule, request: ChangesRequest): boolean {
  const { kind, path } = rule;
  if (kind === undefined && path === undefined) return false;
  const isAboutTool = rule.tool === undefined || matchesGlob(rule.tool, request.tool);
  const isHere = rule.firewall === undefined || matchesGlob(rule.firewall, request.firewall);
  if (!isAboutTool || !isHere) return false;
  const meant = request.changes.filter((change) => kind === undefined || matchesGlob(kind, change.kind));
  if (path === undefined) return meant.length > 0;
  const touched = [
    ...meant.flatMap((change) => change.paths),
    ...(kind === undefined ? request.paths : besides(request)),
  ];
  // A change of all of `system` changes `system/ssh` as well.
  return touched.some((place) => isWithin(path, place) || holds(path, place));
}

function isAllowedBy(rules: readonly PolicyRule[], kinds: readonly string[], paths: readonly ConfigPath[]): boolean {
  const meant = rules.filter(({ kind }) => kind === undefined || kinds.some((one) => matchesGlob(kind, one)));
  if (meant.length === 0) return kinds.length === 0;
  return paths.every((place) => meant.some(({ path }) => path === undefined || isWithin(path, place)));
}

/** Whether a place is the one that is meant, or lies in it. */
function isWithin(meant: string, place: ConfigPath): boolean {
  const parts = partsOf(meant);
  return parts.length <= place.length && parts.every((part, index) => matchesGlob(part, place[index] ?? ''));
}

/** Whether what is meant lies in a place. */
function holds(meant: string, place: ConfigPath): boolean {
  const parts = partsOf(meant);
  return place.every((name, index) => matchesGlob(parts[index] ?? '', name));
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}
