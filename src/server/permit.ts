import { PfsenseError } from '../core/errors.ts';
import type { Settings } from '../core/settings.ts';
import { judge } from '../policy/permissions.ts';
import type { Tool } from '../tools/tool.ts';

/** @throws PfsenseError `refused` when the policy forbids the tool on that firewall. */
export function permit(settings: Settings, { name, effect, level = effect }: Tool, firewall: string): void {
  const verdict = judge(settings, { tool: name, effect: level, firewall });
  if (!verdict.isAllowed) throw new PfsenseError('refused', verdict.reason, { phase: 'policy' });
}
