import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from '../../src/changes/plan.ts';
import type { Trial } from '../../src/changes/snippets.ts';
import { listAt, textAt } from '../../src/config/model.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { ALIAS_KINDS } from '../contract/alias-kinds.ts';
import { markOf, startForeignWriter } from '../contract/foreign-writer.ts';
import { startTrials } from '../contract/trials.ts';
import { CHANGES } from './crash-box.ts';
import { openLabBox } from './lab-box.ts';

/** Where in the life of a change a program is stopped, so that somebody else can write meanwhile. */
export interface Place {
  readonly tier: 'volatile' | 'durable';
  readonly phase: 'prepare' | 'carry out' | 'confirm' | 'undo';
  /** Part of its command line. */
  readonly program: string;
}

/** Every program of a change that changes files. */
export const PLACES: readonly Place[] = [
  { tier: 'durable', phase: 'prepare', program: 'pfSsh.php' },
  { tier: 'durable', phase: 'carry out', program: 'apply.php' },
  { tier: 'durable', phase: 'confirm', program: 'pfSsh.php' },
  { tier: 'durable', phase: 'undo', program: 'revert.php' },
  { tier: 'volatile', phase: 'carry out', program: 'pfSsh.php' },
  { tier: 'volatile', phase: 'confirm', program: 'pfSsh.php' },
  { tier: 'volatile', phase: 'undo', program: 'rc.filter_configure_sync' },
];

export interface Beside {
  /** The call before which it was stopped; null when the program had ended before it came to that many. */
  readonly met: string | null;
  readonly state: string;
  readonly problems: readonly string[];
}

/** How long somebody who waits for pfSense's lock is waited for before the program goes on, in milliseconds. */
const HEAD_START_MS = 700;
const SIGCONT = 18;

/** A simulated firewall on which somebody else writes the configuration while a program of a change stands still. */
export async function openBeside() {
  const box = await openLabBox();
  const trials = startTrials(box.login, ALIAS_KINDS);
  const users = { users: { root: box.login } };
  const [colleague, helper] = [await startForeignWriter(users), await startForeignWriter(users)];
  let count = 0;

  const config = async () => parseConfigXml(await box.read('/cf/conf/config.xml'));
  const isThere = async (name: string): Promise<boolean> =>
    listAt(await config(), 'aliases/alias').some((alias) => textAt(alias, 'name') === name);
  const isSaved = async (mark: string): Promise<boolean> => textAt(await config(), 'system/mcptest') === mark;

  /** Takes a change through its life; the order is given when its phase begins. */
  const live = async ({ phase }: Place, plan: Plan, order: () => Promise<void>): Promise<void> => {
    if (phase === 'prepare') await order();
    const begun = trials.begin(plan).then(
      () => true,
      () => false,
    );
    if (phase === 'carry out') {
      const isLaidOut = async () => (await box.list(`${CHANGES}/${plan.id}`)).includes('order.json');
      while (!(await isLaidOut()) && (await Promise.race([begun, sleep(5)])) === undefined);
      await order();
    }
    if (!(await begun)) return;
    if (phase === 'undo' || phase === 'confirm') await order();
    // What fails is looked at when all is over.
    await (phase === 'undo' ? trials.end(plan) : trials.confirm(plan)).catch(() => undefined);
  };

  /** Lets somebody else write as soon as the program stands still. */
  const writeMeanwhile = async (mark: string, isOver: () => boolean): Promise<string | null> => {
    while ((await box.met()) === null && !isOver()) await sleep(5);
    const met = await box.met();
    if (met === null) return null;
    const written = colleague.save(markOf(mark));
    await Promise.race([written, sleep(HEAD_START_MS)]);
    await helper.ask(`return [posix_kill(${Number(/pid (\d+)/.exec(met)?.[1])}, ${SIGCONT})];`);
    await written;
    return met.replace(/, pid \d+/, '');
  };

  const problemsOf = async (trial: Trial | undefined, name: string, mark: string): Promise<string[]> => {
    const [there, isTold] = [await isThere(name), trial !== undefined && trial.overwritten !== null];
    const isWanted = trial?.state === 'confirmed' || (trial?.state === 'armed' && trial.tier === 'durable');
    return [
      ...((await isSaved(mark)) ? [] : ['what the other wrote is lost']),
      ...(there === isWanted || isTold ? [] : [`it is ${there ? '' : 'not '}there, and nothing is said of that`]),
      ...(there === isWanted && isTold ? ['it is said to be overwritten, and is not'] : []),
      ...(trial && ['reverting', 'confirming', 'unknown'].includes(trial.state) ? [`it is ${trial.state} still`] : []),
    ];
  };

  return {
    async run(place: Place, call: number): Promise<Beside> {
      count += 1;
      const [name, mark] = [`beside_${count}`, `colleague ${count}`];
      const plan = await trials.plan([{ kind: `test.alias_${place.tier}`, args: { name } }], 120);
      let isOver = false;
      const life = live(place, plan, () => box.order('stop', place.program, call)).finally(() => {
        isOver = true;
      });
      const met = await writeMeanwhile(mark, () => isOver);
      await life;
      const trial = await trials.look(plan).catch(() => undefined);
      const problems = met === null ? [] : await problemsOf(trial, name, mark);
      if (trial?.state === 'armed') {
        await trials.end(plan);
        if (await isThere(name)) problems.push('it is not gone after it was undone');
        if (met !== null && !(await isSaved(mark))) problems.push('what the other wrote is lost when it is undone');
      }
      await box.calm();
      return { met, state: trial?.state ?? 'none', problems };
    },
    async close(): Promise<void> {
      await Promise.all([colleague.close(), helper.close(), trials.close()]);
      await box.close();
    },
  };
}
