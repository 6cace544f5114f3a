/** What works actions out; loaded by the first call that needs it, as clients wait for the server's start. */
export { begin, ending } from '../../changes/actions/carry-out.ts';
export { lookFor } from '../../changes/actions/facts.ts';
export { actionFor, hashOf, recordOf } from '../../changes/actions/plan.ts';
