import { AuditLog } from '../policy/audit-log.ts';
import { type Flags, loadSettings } from './settings.ts';

/** Checks the chain of the audit log; returns the exit code. */
export function verify(options: Flags & { readonly json?: boolean }): number {
  const verdict = new AuditLog(loadSettings(options).stateDir).verify();
  const text = verdict.isIntact
    ? `intact, ${verdict.entries} entries`
    : `broken at line ${verdict.line}: ${verdict.problem}`;
  process.stdout.write(options.json ? `${JSON.stringify(verdict)}\n` : `${text}\n`);
  return verdict.isIntact ? 0 : 1;
}
