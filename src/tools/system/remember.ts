import type { z } from 'zod';
import type { FirewallMemory } from '../../alan/memory.ts';
import { keepable, type Snapshot } from '../../alan/snapshot.ts';
import { DAY_MS } from '../../alan/statistics.ts';
import { wallMs } from '../../core/clock.ts';
import type { BackgroundJob } from '../../pfsense/background.ts';
import { gatewayStates, viewAttention } from './attention.ts';
import { systemStatus } from './snippet.ts';
import { snapshotOf } from './survey.ts';

export type SystemFacts = z.output<(typeof systemStatus)['output']>;

/** A state is remembered again when the newest one is older than this, in milliseconds. */
const REMEMBER_AFTER_MS = 3_600_000;

/** Remembers a state once a day by itself, so that there is one to compare with. */
export const surveyJob: BackgroundJob = {
  name: 'system snapshot (background)',
  complexity: 'interface',
  firstMs: 60_000,
  everyMs: DAY_MS,
  async run(box, memory) {
    remember(await box.call(systemStatus, { survey: true }), memory);
  },
};

/** The state in these facts, kept; undefined when they hold none, or are those of a firewall that is not yet up. */
export function remember({ survey, info, attention: raw }: SystemFacts, memory: FirewallMemory): Snapshot | undefined {
  if (survey === null || info.version === null) return undefined;
  const { version } = info;
  const seen = { version, survey, attention: viewAttention(raw), gateways: gatewayStates(raw) };
  const snapshot = keepable(snapshotOf(seen, wallMs()));
  if (!info.isBooting && !isPoorer(snapshot, memory.snapshots().at(-1))) memory.keepSnapshot(snapshot);
  return snapshot;
}

/** A look that was cut short does not take the place of a fuller one of the same day. */
function isPoorer(next: Snapshot, last: Snapshot | undefined): boolean {
  if (last === undefined || last.version !== next.version || next.at - last.at > DAY_MS) return false;
  const missing = ({ parts }: Snapshot): number => Object.values(parts).filter((part) => part === null).length;
  return missing(next) > missing(last);
}

export function isSnapshotDue(memory: FirewallMemory): boolean {
  return wallMs() - (memory.snapshots().at(-1)?.at ?? 0) > REMEMBER_AFTER_MS;
}
