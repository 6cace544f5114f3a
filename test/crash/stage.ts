import { availableParallelism, loadavg } from 'node:os';
import { type ConfigTree, listAt, textAt } from '../../src/config/model.ts';
import { startTrials } from '../contract/trials.ts';
import { CHANGES, type CrashBox } from './crash-box.ts';
import { configIn, problemsIn } from './judge.ts';
import { type Content, contentOf, KINDS, kindOf, withContent } from './kinds.ts';
import { isPunctual, isStepFault, mayNeedBoot, type Point } from './point.ts';
import { Scenario } from './scenario.ts';
import { Watch, windowOf } from './watch.ts';

export interface Found {
  readonly point: Point;
  /** Where it went wrong; null when it was over before it came to that. */
  readonly met: string | null;
  readonly state: string;
  readonly problems: readonly string[];
  /** Of the undoing behind its deadline, in seconds; null when there was none. */
  readonly late: number | null;
  /** It was too late on a machine that is too busy to tell why. */
  readonly isUnjudged: boolean;
}

/** How long after the window a change may be undone, in seconds: silence of 3 until it is noticed, and the reload. */
const DETECTION = 5;

export const LATE = 'it was undone late';

/** Whether more waits for this machine than it can do. */
const isBusy = (): boolean => (loadavg()[0] ?? 0) > 2 * availableParallelism();

/** A firewall on which one change after another goes wrong. */
export class Stage {
  readonly #box: CrashBox;
  /** So that no run meets what one before it left there. */
  #count = Math.floor(Date.now() / 1000) % 50_000;
  #leftovers: string[] = [];
  #slowness = 1;

  constructor(box: CrashBox) {
    this.#box = box;
  }

  /**
   * A point; on a busy machine its change may fail before anything goes wrong, and is tried again.
   * @throws Error when it failed by itself each time.
   */
  async run(point: Point, tries = 3): Promise<Found> {
    try {
      return await this.#once(point);
    } catch (error) {
      if (tries <= 1) throw error;
      return this.run(point, tries - 1);
    }
  }

  async #once(point: Point): Promise<Found> {
    this.#count += 1;
    const box = this.#box;
    const base = await configIn(box);
    if (base === null) throw new Error('The configuration is not whole before the change.');
    const [before, change] = [contentIn(base), contentOf(point.tier, this.#count)];
    const window = windowOf(point, this.#slowness);
    const plan = await this.#plan(point, change, window);
    const scenario = new Scenario(box, point);
    const watch = new Watch(box, point, plan.id, window);
    await scenario.run(plan);
    const { state, late } = await watch.end();
    const met = isStepFault(point.fault) ? scenario.struck : await box.met();
    await this.#settle(plan.id);
    if (met === null && !scenario.isWhole) {
      this.#slowness = Math.min(3, this.#slowness + 1);
      throw new Error(`The change failed by itself: ${scenario.failure}`);
    }
    const after = { ...change, address: change.address ?? before.address };
    const ended = { id: plan.id, state, base, candidate: withContent(base, change), before, change: after };
    const problems = await problemsIn(box, { ...ended, said: scenario.said, mayNeedBoot: mayNeedBoot(point) });
    const isLate = late !== null && late > DETECTION && isPunctual(point);
    const isUnjudged = isLate && isBusy();
    if (isLate && !isUnjudged) problems.push(LATE);
    problems.push(...(await this.#swept(plan.id)));
    if (state === 'prepared' || state === 'none') await this.#leave(plan.id);
    return { point, met, state, problems, late, isUnjudged };
  }

  /** Whatever was left half prepared has to be gone once another change was prepared. */
  async #swept(id: string): Promise<string[]> {
    const isPrepared = (await this.#box.list(`${CHANGES}/${id}`)).includes('order.json');
    if (!isPrepared) return [];
    const left = [];
    for (const old of this.#leftovers) if ((await this.#box.list(`${CHANGES}/${old}`)).length > 0) left.push(old);
    this.#leftovers = [];
    return left.length === 0 ? [] : [`left behind since before: ${left.join(' ')}`];
  }

  async #leave(id: string): Promise<void> {
    this.#leftovers.push(id);
    await this.#box.age(id);
  }

  async #plan(point: Point, change: Content, window: number) {
    const trials = startTrials(this.#box.login, KINDS);
    try {
      return await trials.plan([{ kind: kindOf(point.tier), args: { ...change } }], window);
    } finally {
      await trials.close();
    }
  }

  /** Everything that was out of order is in order again. */
  async #settle(id: string): Promise<void> {
    await this.#box.signal(id, 'switch', 'CONT');
    await this.#box.calm();
    await this.#box.proxy.heal();
  }

  close(): Promise<void> {
    return this.#box.close();
  }
}

/** What the change before left there. */
function contentIn(config: ConfigTree): Content {
  const ours = (path: string, key: string, wanted: string): string | undefined =>
    listAt(config, path)
      .filter((entry) => textAt(entry, key)?.startsWith('crash_'))
      .map((entry) => textAt(entry, wanted))[0];
  return {
    name: ours('aliases/alias', 'name', 'name') ?? '',
    address: ours('virtualip/vip', 'descr', 'subnet') ?? null,
  };
}
