import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '../../src/alan/memory-store.ts';
import type { ChangeRequest } from '../../src/changes/candidate.ts';
import { endTrial } from '../../src/changes/end-trial.ts';
import type { ChangeKind } from '../../src/changes/kind.ts';
import { draftFor, type Plan, type PlanOrder, planFrom } from '../../src/changes/plan.ts';
import { beginTrial, confirmTrial, freshPlan } from '../../src/changes/trial.ts';
import { trialOf } from '../../src/changes/trial-status.ts';
import { wallMs } from '../../src/core/clock.ts';
import { type FirewallSettings, Settings } from '../../src/core/settings.ts';
import { type Box, liveOf } from '../../src/pfsense/box.ts';
import { createFleet } from '../../src/pfsense/fleet.ts';

const JOB = { tool: 'test', complexity: 'config', effect: 'config', preview: '' } as const;

export interface TrialOptions {
  /** Stands between the driver and the firewall. */
  readonly seen?: (box: Box) => Box;
  /** For each errand. */
  readonly deadlineMs?: number;
}

/** A driver of its own that carries changes of these kinds out, below the tools and their approval. */
export function startTrials(
  login: FirewallSettings | undefined,
  kinds: readonly ChangeKind[],
  { seen = (box) => box, deadlineMs }: TrialOptions = {},
) {
  const stateDir = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  const deadlinesMs = deadlineMs === undefined ? {} : { config: deadlineMs };
  const settings = Settings.parse({ firewalls: { fw: login }, deadlinesMs });
  const fleet = createFleet({ settings, store: memoryStore('a test'), stateDir });
  const onBox = async <T>(work: (box: Box) => Promise<T>): Promise<T> =>
    (await fleet.get().run(JOB, (box) => work(seen(box)))).value;
  const person = 'somebody';
  return {
    plan: (changes: readonly ChangeRequest[], windowSeconds = 60): Promise<Plan> =>
      onBox(async (box) => {
        const live = liveOf(box);
        const document = await live.readDocument();
        const target = { firewall: 'fw', hostKey: await live.hostKey(), base: document.sha256 };
        const occasion = { now: Math.floor(wallMs() / 1000), by: 'a test' };
        const order: PlanOrder = { target, changes, occasion, reason: 'a trial', windowSeconds };
        return planFrom(order, await draftFor(box, order, document.tree, kinds), wallMs());
      }),
    begin: (plan: Plan) => onBox(async (box) => beginTrial({ box, person }, await freshPlan(box, kinds, plan))),
    confirm: (plan: Plan) => onBox((box) => confirmTrial({ box, person }, plan)),
    end: (plan: Plan) => onBox((box) => endTrial({ box }, plan.id)),
    look: (plan: Pick<Plan, 'id'>) => onBox((box) => trialOf(box, plan.id)),
    async close(): Promise<void> {
      await fleet.close();
      rmSync(stateDir, { recursive: true });
    },
  };
}
export type Trials = ReturnType<typeof startTrials>;
