import { z } from 'zod';
import type { FirewallMemory } from '../../alan/memory.ts';
import type { Snapshot } from '../../alan/snapshot.ts';
import { haStatus } from '../ha/snippet.ts';
import { defineTool } from '../tool.ts';
import { Attention, viewAttention } from './attention.ts';
import { ComparisonView, compareWith, compareWithThen } from './comparison.ts';
import { Info } from './info.ts';
import { judgeReadiness, Readiness, upgradeFacts } from './readiness.ts';
import { isSnapshotDue, remember, type SystemFacts } from './remember.ts';
import { Status, systemInfo, systemStatus } from './snippet.ts';

export default defineTool({
  name: 'pf_system_status',
  title: 'System status',
  description:
    'How is the firewall: version, uptime, last change, load, memory, disks, states, and under attention what needs a look: interfaces down, gateways not online, stopped services, notices, crash reports, changes not applied, expiring certificates. Start here. detail upgrade: ready for an upgrade or not, and why. compareWith: only what differs from an earlier state. null: could not look, see unavailable.',
  toolset: 'system',
  effect: 'read',
  complexity: 'interface',
  isOpenWorld: false,
  input: z.strictObject({ detail: z.enum(['concise', 'detailed', 'upgrade']).default('concise'), compareWith }),
  output: z.object({
    info: Info.partial(),
    attention: Attention.optional(),
    status: Status.optional(),
    upgrade: Readiness.optional(),
    comparison: ComparisonView.nullable().optional().describe('null: there is no such snapshot'),
  }),
  async run(args, { box, note, memory }) {
    const isUpgrade = args.detail === 'upgrade';
    const isComparing = args.compareWith !== undefined;
    const earlier = isComparing ? memory.snapshots() : [];
    const [all, more, facts, ha] = await Promise.all([
      box.call(systemStatus, { survey: isUpgrade || isComparing || isSnapshotDue(memory) }),
      args.detail === 'detailed' ? box.call(systemInfo, {}) : undefined,
      isUpgrade ? box.call(upgradeFacts, {}) : undefined,
      isUpgrade ? box.call(haStatus, {}) : undefined,
    ]);
    const { info: base, attention: raw, survey: _survey, ...status } = all;
    const snapshot = remember(all, memory);
    const attention = viewAttention(raw);
    if (base.isBooting) note('The firewall is still booting; some values are not final.');
    if (base.now === null) note('These are facts of a saved configuration; the firewall itself was not asked.');
    const shown = {
      info: { ...base, ...more },
      ...(facts && ha ? { upgrade: judgeReadiness({ facts, attention, ha, ...seenNow(all) }) } : {}),
      ...(args.compareWith === undefined
        ? {}
        : { comparison: comparison(args.compareWith, { snapshot, earlier, memory }, note) }),
    };
    if (isUpgrade || isComparing) return shown;
    const listed = attention.notices?.length ?? 0;
    if (raw.noticeCount > listed) note(`The newest ${listed} of ${raw.noticeCount} notices are shown.`);
    return { ...shown, attention, status };
  },
});

function seenNow({ info, survey }: SystemFacts) {
  return { isBooting: info.isBooting, packages: survey?.packages ?? null };
}

interface Known {
  readonly snapshot: Snapshot | undefined;
  readonly earlier: readonly Snapshot[];
  readonly memory: FirewallMemory;
}

function comparison(wanted: string, { snapshot, earlier, memory }: Known, note: (text: string) => void) {
  if (!memory.isLasting) note('The database is not available: earlier states are those of this process alone.');
  if (snapshot !== undefined) return compareWithThen(wanted, { now: snapshot, snapshots: earlier }, note);
  note('The firewall was not seen live, so nothing can be compared.');
  return null;
}
