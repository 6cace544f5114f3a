import type { ConfigTree } from '../../config/model.ts';
import type { FlowToKeep } from '../../core/settings.ts';
import type { Box } from '../../pfsense/box.ts';
import { judgeAccount } from './account.ts';
import { judgeElsewhere } from './elsewhere.ts';
import { judgeFilter } from './filter.ts';
import type { Judge, Judgement } from './judgement.ts';
import { judgeNetwork } from './network.ts';
import { changeSession, type SessionFacts } from './session.ts';
import { judgeStaticArp } from './static-arp.ts';

/** All of them are asked about every change. */
const JUDGES: readonly Judge[] = [judgeFilter, judgeNetwork, judgeStaticArp, judgeAccount, judgeElsewhere];

/** Asks the firewall how this session came in, then weighs the change for it and for the flows of the settings. */
export async function weighLockout(
  box: Box,
  base: ConfigTree,
  candidate: ConfigTree,
  keep: readonly FlowToKeep[],
): Promise<Judgement[]> {
  const session = await box.call(changeSession, { addresses: keep.flatMap(({ from, to }) => [from, to]).slice(0, 20) });
  return lockoutOf(session, base, candidate, keep);
}

/** What every judge says. */
export function lockoutOf(
  session: SessionFacts,
  base: ConfigTree,
  candidate: ConfigTree,
  keep: readonly FlowToKeep[],
): Judgement[] {
  return JUDGES.flatMap((judge) => judge(session, base, candidate, keep));
}
