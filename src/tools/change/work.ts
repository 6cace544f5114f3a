/** What works changes out; loaded by the first call that needs it, as clients wait for the server's start. */
export { bothSides, explained } from '../../changes/both-sides.ts';
export { endTrial } from '../../changes/end-trial.ts';
export { KINDS } from '../../changes/kinds/index.ts';
export { weighLockout } from '../../changes/lockout/guard.ts';
export { dangersOf, isSafe } from '../../changes/lockout/judgement.ts';
export { mustBeReady, weighNode } from '../../changes/node.ts';
export { onlyWritten } from '../../changes/only-written.ts';
export { outlookOf } from '../../changes/outlook.ts';
export { draftFor, planFrom, sentencesOf } from '../../changes/plan.ts';
export { weighAliases } from '../../changes/resolving.ts';
export { rulesDiff } from '../../changes/rules-diff.ts';
export { beginTrial, confirmTrial, freshPlan } from '../../changes/trial.ts';
