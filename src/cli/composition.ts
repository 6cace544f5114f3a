import { readFileSync } from 'node:fs';
import { openStore, type Store } from '../alan/open.ts';
import { BackupFolder } from '../changes/backup-folder.ts';
import { PlanStore } from '../changes/plan-store.ts';
import { createLogger } from '../core/log.ts';
import { createFleet } from '../pfsense/fleet.ts';
import { AuditLog } from '../policy/audit-log.ts';
import { Exposure } from '../server/exposure.ts';
import type { ServerParts } from '../server/mcp.ts';
import { BACKGROUND } from '../tools/background.ts';
import { type Flags, loadSettings } from './settings.ts';

/** Everything that a command needs, put together from settings; nothing is connected yet. */
export interface Composition extends ServerParts {
  readonly store: Store;
  readonly stateDir: string;
  close(): Promise<void>;
}

export async function compose(flags: Flags): Promise<Composition> {
  const { settings, stateDir, warnings } = loadSettings(flags);
  const logger = createLogger();
  for (const warning of warnings) logger.warn(warning);
  const { retentionDays, maxDatabaseMegabytes: maxMegabytes } = settings;
  const store = await openStore({ folder: stateDir, retentionDays, maxMegabytes });
  const fleet = createFleet({ settings, store, stateDir, background: BACKGROUND });
  const audit = new AuditLog(stateDir);
  const plans = new PlanStore(stateDir);
  const backups = new BackupFolder(stateDir);
  return {
    // One for the process: sessions over HTTP share what was shown.
    exposure: new Exposure(),
    settings,
    stateDir,
    store,
    fleet,
    audit,
    plans,
    backups,
    logger,
    version: packageVersion(),
    async close() {
      await fleet.close();
      store.close();
    },
  };
}

/** Runs `work` with everything put together and closes it afterwards, however it ends. */
export async function withComposition<T>(flags: Flags, work: (parts: Composition) => Promise<T>): Promise<T> {
  const parts = await compose(flags);
  try {
    return await work(parts);
  } finally {
    await parts.close();
  }
}

export function packageVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8'));
  return String(version);
}
