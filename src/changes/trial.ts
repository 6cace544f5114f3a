import type { ConfigTree } from '../config/model.ts';
import { PfsenseError } from '../core/errors.ts';
import { type Box, type ConfigDocument, type LiveAccess, liveOf } from '../pfsense/box.ts';
import { actPrograms, openCatalogue, switchPrograms } from '../pfsense/catalogue.ts';
import { beginDurable } from './durable.ts';
import { undone } from './end-trial.ts';
import type { ChangeKind } from './kind.ts';
import { type Draft, draftFor, type Plan, trackersToSee } from './plan.ts';
import {
  changeConfirm,
  changePrepare,
  changePublish,
  changeRollback,
  changeStage,
  changeStatus,
  type Trial,
} from './snippets.ts';
import { refusedRules, trialOf, whatIsLeft } from './trial-status.ts';

/** How the note of a revision shows that it is the one of a plan. */
export function markOf(plan: Plan): string {
  return `pfsense-mcp ${plan.id.slice(0, 12)}`;
}

export interface TrialParts {
  readonly box: Box;
  /** Who allowed it, for the revision. */
  readonly person: string;
}

/** A plan with what it does, worked out on the configuration that the firewall has now. */
export interface FreshPlan {
  readonly plan: Plan;
  readonly base: ConfigTree;
  readonly draft: Draft;
}

/**
 * Works a plan out once more, to be weighed and carried out.
 * @throws PfsenseError `plan_stale` when that is not what was shown any more.
 */
export async function freshPlan(box: Box, kinds: readonly ChangeKind[], plan: Plan): Promise<FreshPlan> {
  const { tree: base } = await sameBase(liveOf(box), plan);
  return { plan, base, draft: await sameDraft(box, plan, base, kinds) };
}

/**
 * Brings a plan into force on trial: rules are loaded without being written, anything else is written and taken back
 * unless it is confirmed. Returns after a new connection was made and the firewall said that the change is in force.
 * @throws PfsenseError `plan_stale`, `change_pending`, `switch_dead`, `rules_refused`, `not_in_force`, `box_not_ready`,
 *   `box_storage`.
 */
export async function beginTrial({ box, person }: TrialParts, { plan, base, draft }: FreshPlan): Promise<Trial> {
  const live = liveOf(box);
  await mustBeAlone(box, plan.id);
  const { folder } = await box.call(changePrepare, preparation(plan, draft, person));
  await live.startDetached(folder, ['switch', 'watch']).catch(async (error) => {
    // Copies of the configuration lie there by now, and nothing else takes them away soon.
    await box.call(changeRollback, { id: plan.id }).catch(() => undefined);
    throw error;
  });
  if (draft.candidate.tier === 'durable') await beginDurable(box, plan.id, folder);
  else await beginVolatile(box, plan.id, trackersToSee(base, draft.candidate.config));
  await live.reconnect();
  return trialOf(box, plan.id);
}

/**
 * What the firewall itself decides when it prepares a change, asked of a process that is there anyway: where many wait
 * for their turn, starting one for each try keeps the firewall from what it is doing.
 */
async function mustBeAlone(box: Box, id: string): Promise<void> {
  const { changes } = await box.call(changeStatus, {});
  const isPending = ({ state }: Trial): boolean => state === 'armed' || state === 'confirming' || state === 'reverting';
  if (!changes.some((trial) => trial.id !== id && isPending(trial))) return;
  throw new PfsenseError('change_pending', 'Another change waits to be confirmed or is being reverted.', {
    phase: 'policy',
  });
}

function preparation(plan: Plan, { candidate, operations, steps }: Draft, person: string) {
  const catalogue = openCatalogue();
  const stepNames = steps.map(({ name }) => name);
  const programs = [
    ...switchPrograms(catalogue),
    ...(candidate.tier === 'durable' ? actPrograms(catalogue, stepNames) : []),
  ];
  return {
    id: plan.id,
    tier: candidate.tier,
    base: plan.order.target.base,
    hash: plan.hash,
    operations: JSON.stringify(operations),
    steps,
    windowSeconds: plan.order.windowSeconds,
    mark: markOf(plan),
    description: plan.order.reason,
    person,
    programs,
  };
}

async function beginVolatile(box: Box, id: string, trackers: string[]): Promise<void> {
  const staged = await box.call(changeStage, { id, trackers });
  if (staged.isLoaded && staged.missing.length === 0) return;
  const trial = await undone(box, await trialOf(box, id));
  if (!staged.isLoaded) throw refusedRules(staged.status, trial);
  throw new PfsenseError(
    'rules_refused',
    `pfSense left out ${staged.missing.length} rules of the plan: ${staged.missing.join(', ')}.`,
    {
      phase: 'run',
      hint: 'An alias, gateway or interface that they name has no address. The rules before are in force again.',
      ...whatIsLeft(trial),
    },
  );
}

/**
 * Makes a change permanent that is on trial, over a connection made for that. What others wrote meanwhile stays.
 * @throws PfsenseError `reverted_early`, `not_in_force`, `change_over`, `box_storage`, and `plan_stale` when others
 *   changed the same parts.
 */
export async function confirmTrial({ box, person }: TrialParts, plan: Plan) {
  const live = liveOf(box);
  await live.reconnect();
  await sameHost(live, plan);
  const written = await box.call(changeConfirm, { id: plan.id, hash: plan.hash, person });
  // From here on the change is permanent; what is told others about it must not make it look as if it were not.
  const published = await box.call(changePublish, { id: plan.id }).catch(() => undefined);
  return { ...written, published: published?.done ?? null };
}

async function sameHost(live: LiveAccess, { order }: Plan): Promise<void> {
  if ((await live.hostKey()) === order.target.hostKey) return;
  throw new PfsenseError('plan_stale', 'The plan was made for a firewall with another host key.', { phase: 'policy' });
}

async function sameBase(live: LiveAccess, plan: Plan): Promise<ConfigDocument> {
  const document = await live.readDocument();
  await sameHost(live, plan);
  if (document.sha256 === plan.order.target.base) return document;
  throw new PfsenseError('plan_stale', 'Somebody changed the configuration since the plan was made.', {
    phase: 'policy',
  });
}

async function sameDraft(box: Box, plan: Plan, base: ConfigTree, kinds: readonly ChangeKind[]): Promise<Draft> {
  const draft = await draftFor(box, plan.order, base, kinds);
  if (draft.hash === plan.hash) return draft;
  throw new PfsenseError('plan_stale', 'The same changes would do something else now than what was shown.', {
    phase: 'policy',
  });
}
