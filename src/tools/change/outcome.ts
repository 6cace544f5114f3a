import { z } from 'zod';
import type { BothSides } from '../../changes/both-sides.ts';
import type { OtherNode } from '../../changes/other-node.ts';
import { planAgain } from '../../changes/shown.ts';
import type { Trial } from '../../changes/snippets.ts';
import { isSwitchAlive } from '../../changes/trial-status.ts';
import { cleanText } from '../../core/untrusted.ts';

const Overwritten = z.object({
  what: z.string(),
  lastSavedBy: z.string(),
  wanted: z.array(z.string()).nullable().optional().describe('What the change did'),
  wantedLeft: z.int().optional(),
  others: z.array(z.string()).nullable().optional().describe('What others changed since it was written'),
  othersLeft: z.int().optional(),
});

/** What became of a change, in the words of the one who has to decide next. */
export const Outcome = z.object({
  plan: z.string(),
  state: z.enum(['not begun', 'on trial', 'being confirmed', 'being reverted', 'permanent', 'reverted', 'unknown']),
  inForce: z.boolean().nullable().describe('Whether the firewall works by it now'),
  secondsLeft: z.int().optional().describe('Until it is undone by itself'),
  switchIsAlive: z.boolean().optional(),
  endedBy: z.string().optional(),
  problems: z.array(z.string()).optional().describe('Steps that did not come into force, or could not be undone'),
  overwritten: Overwritten.optional().describe('Somebody else undid it, or brought it back after it was undone'),
  conflicts: z.array(z.string()).optional().describe('Changed by somebody else as well, so left as they are'),
  otherNode: z.string().optional().describe('Of a pair: whether it has the same where the change was made'),
  next: z.string(),
});
export type Outcome = z.output<typeof Outcome>;

const STATES = {
  prepared: 'not begun',
  armed: 'on trial',
  confirming: 'being confirmed',
  reverting: 'being reverted',
  confirmed: 'permanent',
  reverted: 'reverted',
  unknown: 'unknown',
} as const;

/** What was found out about a change beside what the firewall notes of it. */
export interface Beside {
  /** What the change did and what others did to it. */
  readonly sides?: BothSides | undefined;
  readonly otherNode?: OtherNode | undefined;
}

export function outcomeOf(trial: Trial, { sides, otherNode }: Beside = {}): Outcome {
  const isOnTrial = trial.state === 'armed';
  const isAlive = isSwitchAlive(trial);
  const problems = problemsOf(trial);
  return {
    plan: trial.id,
    state: STATES[trial.state],
    inForce: isInForce(trial),
    ...(isOnTrial ? { secondsLeft: Math.round(trial.secondsLeft), switchIsAlive: isAlive } : {}),
    ...(trial.endedBy === null ? {} : { endedBy: trial.endedBy }),
    ...(problems.length > 0 ? { problems } : {}),
    ...(trial.overwritten ? { overwritten: overwritingOf(trial.overwritten, sides) } : {}),
    ...(trial.conflicts.length > 0 ? { conflicts: trial.conflicts.map((place) => cleanText(place, 200)) } : {}),
    ...(otherNode ? { otherNode: aboutOther(otherNode) } : {}),
    next: nextStep(trial, isAlive),
  };
}

function overwritingOf({ what, isBlind, by, note, at }: NonNullable<Trial['overwritten']>, sides?: BothSides) {
  const done = what === 'lost' ? 'undid what this change wrote' : 'brought back what was undone';
  const whether = { true: ', without having read it', false: ', having read it', null: '' }[`${isBlind}`];
  const when = new Date(at * 1000).toISOString();
  return {
    what: `Somebody else ${done}${whether}.`,
    lastSavedBy: `${cleanText(by, 80)} at ${when}: ${cleanText(note, 200)}`,
    ...(sides ? { ...sides, wanted: copied(sides.wanted), others: copied(sides.others) } : {}),
  };
}

function copied(lines: readonly string[] | null): string[] | null {
  return lines && [...lines];
}

function aboutOther({ isReached, different }: OtherNode): string {
  if (!isReached)
    return 'It does not answer now, so what it has is not known. While it takes a synchronisation it answers nobody: ask again in half a minute.';
  if (different.length === 0) return 'It has the same.';
  const places = different.map((section) => cleanText(section, 40)).join(', ');
  return `It differs in ${places}: ask again in half a minute; then Status > Filter Reload > Force Config Sync.`;
}

function isInForce({ state, tier, isStillLoaded, wasLoaded, steps, overwritten }: Trial): boolean | null {
  if (state === 'prepared' || (state === 'reverted' && overwritten?.what !== 'back')) return false;
  // What is written goes into force with the next reload, if it did not yet.
  if (overwritten) return null;
  // Later changes make other rules; this one is in what is written, and so in these.
  if (tier === 'volatile') return state === 'confirmed' ? isStillLoaded || null : isStillLoaded;
  return wasLoaded && steps.every(({ problem }) => problem === null);
}

function problemsOf({ state, steps, undone, trouble }: Trial): string[] {
  const open = undone.filter(({ problem }) => problem !== null);
  const tries = trouble?.tries === 1 ? 'once' : `${trouble?.tries} times`;
  const said = trouble && trouble.said !== '' ? ` The firewall says: ${cleanText(trouble.said, 300)}` : '';
  const undoing =
    trouble && state === 'reverting' ? [`Undoing it failed ${tries} so far and is tried again.${said}`] : [];
  const given =
    state === 'reverted' && open.length > 0
      ? [
          `The configuration is what it was, but not all of that came into force${trouble ? ` when it was tried ${tries}` : ''}, and it is not tried again.`,
        ]
      : [];
  return [
    ...undoing,
    ...given,
    ...problemLines(steps, ''),
    // What brings back what was before; the same step may have failed on the way there.
    ...problemLines(undone, 'undoing '),
  ];
}

function problemLines(steps: Trial['steps'], prefix: string): string[] {
  return steps.flatMap(({ step, problem }) =>
    problem === null ? [] : [cleanText(`${prefix}${step}: ${problem}`, 200)],
  );
}

function nextStep({ id, state, tier, isStillLoaded, undone, overwritten }: Trial, isAlive: boolean): string {
  if (overwritten?.what === 'back')
    return 'Look with a person which of the two is meant; pf_config_history says who saved what.';
  if (overwritten && (state === 'confirmed' || state === 'reverted')) return `If it is still wanted: ${planAgain(id)}.`;
  if (overwritten) return `Roll it back; then, if it is still wanted, ${planAgain(id)}.`;
  if (state === 'reverted' && undone.some(({ problem }) => problem !== null))
    return 'Look on the firewall after what is named under problems: it may not have held before the change either.';
  if (state === 'confirmed') return 'Nothing; it is written.';
  if (state === 'reverted') return 'Nothing; what was before it is in force.';
  if (state === 'prepared')
    return 'Nothing was changed yet. Ask again; unless it begins within a few seconds, plan it again.';
  if (state !== 'armed') return 'Ask again in a few seconds.';
  if (!isAlive) return 'Roll it back: the switch that would undo it does not run any more.';
  if (tier === 'volatile' && isStillLoaded === false)
    return 'Something else reloaded the rules, so it is not in force: roll it back and plan again.';
  return 'Try new connections, then pf_change_confirm; or pf_change_rollback; or wait, and it undoes itself.';
}
