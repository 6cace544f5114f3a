import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../../core/clock.ts';
import { type ErrorCode, isErrorCode, PfsenseError } from '../../core/errors.ts';
import { type Box, liveOf } from '../../pfsense/box.ts';
import { actionPrograms, openCatalogue } from '../../pfsense/catalogue.ts';
import { type Action, actionPrepare, actionStatus } from './snippets.ts';

const LOOK_AGAIN_MS = 300;

/** What ends connections takes a moment until it has; and each look costs a login then. */
const SETTLE_MS = 2_000;

/** How long an action may take, in seconds: longer than anything that ends by itself. */
const LIMIT_SECONDS = 900;
const PACKAGE_SECONDS = 4_500;

/** One thing to be done on a firewall by a process of its own. */
export interface Errand {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** What it is called to people. */
  readonly action: string;
  /** Name of the program in `php-snippets/_actions`. */
  readonly work: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly person: string;
  readonly reason: string;
  readonly cutsSession?: true;
}

/**
 * Has an errand done and waits for it, but no longer than `patienceMs`: then it goes on and is still `running`.
 * @throws PfsenseError `change_pending`, `box_not_ready`, `box_storage`, `switch_dead`; whatever the errand failed with.
 */
export async function carryOut(box: Box, errand: Errand, patienceMs: number): Promise<Action> {
  await begin(box, errand);
  return ending(box, errand, patienceMs);
}

/** @throws PfsenseError `change_pending`, `box_not_ready`, `box_storage`, `switch_dead`: then nothing was begun. */
export async function begin(box: Box, { id, action, work, args, person, reason }: Errand): Promise<void> {
  const programs = actionPrograms(openCatalogue(), work);
  const { folder } = await box.call(actionPrepare, {
    id,
    action,
    args: JSON.stringify(args),
    person,
    reason,
    limitSeconds: work === 'package' ? PACKAGE_SECONDS : LIMIT_SECONDS,
    programs,
  });
  await liveOf(box).startDetached(folder, ['action']);
}

/** @throws PfsenseError whatever the errand failed with. */
export async function ending(box: Box, errand: Errand, patienceMs: number): Promise<Action> {
  const end = await actionWhen(box, errand, patienceMs);
  if (end.failure !== null) throw failed(end, errand.work);
  return end;
}

/** @throws PfsenseError `not_found` when the firewall knows of no such action. */
export async function actionOf(box: Box, id: string): Promise<Action> {
  const { actions } = await box.call(actionStatus, { id });
  const [action] = actions;
  if (action) return action;
  throw new PfsenseError('not_found', 'The firewall knows no such action: it was not begun there.', { phase: 'run' });
}

/** The action when it is over, or when patience is. It may cut the connection, so a lost one is made again. */
async function actionWhen(box: Box, { id, action, cutsSession }: Errand, patienceMs: number): Promise<Action> {
  const began = monotonicMs();
  const isPatient = (): boolean => monotonicMs() - began < patienceMs;
  for (let isFirst = true; ; isFirst = false) {
    try {
      // The old connection may be dead without knowing it.
      if (cutsSession && isFirst) await sleep(SETTLE_MS, undefined, { signal: box.signal });
      if (cutsSession) await liveOf(box).reconnect();
      const seen = await actionOf(box, id);
      if (seen.state !== 'running' || !isPatient()) return seen;
    } catch (error) {
      if (!(error instanceof PfsenseError) || !error.kind.outage || box.signal.aborted) throw error;
      if (!isPatient()) return silent(id, action, (monotonicMs() - began) / 1000);
    }
    await sleep(cutsSession ? SETTLE_MS : LOOK_AGAIN_MS, undefined, { signal: box.signal });
  }
}

/** The firewall cannot be asked just now. */
function silent(id: string, action: string, seconds: number): Action {
  const nothing = { failure: null, problem: null, facts: {}, progress: [], hasBooted: false } as const;
  return { id, action, state: 'running', ...nothing, progress: [], seconds: Math.round(seconds), at: 0 };
}

/** A box that lies can send any words: only codes and sentences that stand in our own programs are repeated. */
function failed({ failure, problem }: Action, work: string): PfsenseError {
  const ours = ['_action', `_actions/${work}`].map((name) => openCatalogue().program(name).source).join('\n');
  const code: ErrorCode =
    failure !== null && isErrorCode(failure) && ours.includes(`'${failure}'`) ? failure : 'snippet_failed';
  const isOurs = problem !== null && problem.length > 10 && ours.includes(`'${problem}'`);
  const sideEffect = code === 'not_found' || code === 'bad_input' || code === 'lockout_risk' ? 'none' : 'unknown';
  return new PfsenseError(code, isOurs ? problem : 'The action failed on the firewall.', { phase: 'run', sideEffect });
}
