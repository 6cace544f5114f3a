import { EFFECTS, type Effect } from '../core/bounds.ts';
import type { PolicyRule, Settings } from '../core/settings.ts';

export interface PolicyRequest {
  readonly tool: string;
  readonly effect: Effect;
  readonly firewall?: string;
}

export type Verdict = { readonly isAllowed: true } | { readonly isAllowed: false; readonly reason: string };

/**
 * Is this call allowed? Denied unless its level is in the exact set of permissions; a deny rule wins over that.
 * Levels do not imply each other: `config` without `read` allows no read.
 */
export function judge(settings: Pick<Settings, 'permissions' | 'deny'>, request: PolicyRequest): Verdict {
  if (!EFFECTS.includes(request.effect) || !settings.permissions.includes(request.effect)) {
    return { isAllowed: false, reason: `The level ${request.effect} is not among the permissions.` };
  }
  const isDenied = settings.deny.some((rule) => covers(rule, request));
  return isDenied ? { isAllowed: false, reason: 'A deny rule of the settings forbids it.' } : { isAllowed: true };
}

/**
 * A rule without firewall is about all; a request without firewall is only met by such a rule. One that names changes
 * leaves tools alone.
 */
function covers(rule: PolicyRule, { tool, firewall }: PolicyRequest): boolean {
  if (rule.kind !== undefined || rule.path !== undefined) return false;
  const isAboutTool = rule.tool === undefined || matchesGlob(rule.tool, tool);
  const isAboutFirewall =
    rule.firewall === undefined || (firewall !== undefined && matchesGlob(rule.firewall, firewall));
  return isAboutTool && isAboutFirewall;
}

/** `*` stands for any run of characters. */
export function matchesGlob(pattern: string, name: string): boolean {
  const [start = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === name;
  const end = rest.pop() ?? '';
  if (!name.startsWith(start) || name.length < start.length + end.length || !name.endsWith(end)) return false;
  let at = start.length;
  for (const part of rest) {
    at = name.indexOf(part, at);
    if (at === -1 || at + part.length > name.length - end.length) return false;
    at += part.length;
  }
  return true;
}
