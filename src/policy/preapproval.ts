import type { ApprovalRule } from '../core/settings.ts';
import { matchesGlob } from './permissions.ts';
import { isWithin } from './time-window.ts';

export interface PreapprovalRequest {
  readonly firewall: string;
  readonly kinds: readonly string[];
  /** From then on nobody can tell whose wishes an assistant follows. */
  readonly hasShownUntrustedText: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Whether a person approved plans like this one beforehand, in the settings. */
export function isPreapproved(rules: readonly ApprovalRule[], request: PreapprovalRequest): boolean {
  if (request.hasShownUntrustedText || request.kinds.length === 0) return false;
  const here = rules.filter(
    ({ firewall, during }) =>
      matchesGlob(firewall, request.firewall) && (during === undefined || isWithin(during, request.at)),
  );
  return request.kinds.every((kind) => here.some((rule) => matchesGlob(rule.kind, kind)));
}

/**
 * The rules that approve actions and dangerous changes: whoever allowed everything beforehand had in mind what undoes
 * itself and keeps to its own part, so that these have to be named.
 */
export function rulesThatName(rules: readonly ApprovalRule[]): ApprovalRule[] {
  return rules.filter(({ kind }) => kind.replaceAll('*', '') !== '');
}
