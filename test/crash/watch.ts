import { setTimeout as sleep } from 'node:timers/promises';
import { CHANGES, type CrashBox, HOOK } from './crash-box.ts';
import type { Ended } from './judge.ts';
import { mayNeedBoot, type Point } from './point.ts';

/** In seconds: the shortest there is, and one in which a driver can confirm on a machine that is so many times too slow. */
export const windowOf = ({ ending }: Point, slowness: number): number => (ending === 'nobody' ? 5 : 8 * slowness);
/** A full disk is freed so long after the window, in seconds. */
const RELIEF = 12;
/** How long a change may take from its beginning to its end, in seconds. */
const LIMIT = 90;

const OPEN = ['armed', 'confirming', 'reverting'] as const;
const STATES = ['confirmed', 'reverted', ...OPEN, 'prepared'] as const;

export interface Outcome {
  readonly state: Ended['state'];
  /** Of the undoing behind its deadline, in seconds; null when there was none. */
  readonly late: number | null;
}

/** Follows the marks of a change while it goes wrong, frees the disk when it is time, and boots when nobody is left. */
export class Watch {
  readonly #box: CrashBox;
  readonly #point: Point;
  readonly #id: string;
  readonly #window: number;
  readonly #began = performance.now();
  #armedAt = 0;
  #overAt = 0;
  #isDone = false;
  readonly #following: Promise<void>;

  constructor(box: CrashBox, point: Point, id: string, window: number) {
    this.#window = window;
    this.#box = box;
    this.#point = point;
    this.#id = id;
    this.#following = this.#follow();
  }

  /** To be asked once the drivers are through: how it ends. */
  async end(): Promise<Outcome> {
    this.#isDone = true;
    await this.#following;
    // What was asked for last may only be starting.
    if ((await this.#marks()).every((mark) => mark !== 'reverted' && mark !== 'confirmed')) await sleep(1_500);
    let isBooted = false;
    while (!(await this.#isOver()) && performance.now() - this.#began < LIMIT * 1000) {
      const isAlone = (await this.#box.processesOf(this.#id)).length === 0;
      if (isAlone && mayNeedBoot(this.#point)) {
        await this.#box.boot();
        isBooted = true;
      }
      // One that was stopped goes on when another has done its work, or a person: then it has nothing to do any more.
      if (this.#overAt > 0 || (await this.#marks()).includes('confirmed'))
        await this.#box.signal(this.#id, 'switch', 'CONT');
      const since = this.#armedAt === 0 ? this.#began + 3_000 : this.#armedAt;
      if (performance.now() - since > (this.#window + RELIEF) * 1000) await this.#box.freeDisk();
      await sleep(150);
    }
    if (!isBooted && mayNeedBoot(this.#point)) await this.#box.boot();
    const found = await this.#marks();
    const state = STATES.find((mark) => found.includes(mark)) ?? 'none';
    const isOpen = OPEN.some((mark) => mark === state);
    const isTimed = this.#overAt > 0 && this.#armedAt > 0;
    return {
      state: isOpen ? 'open' : (state as Outcome['state']),
      late: isTimed ? (this.#overAt - this.#armedAt) / 1000 - this.#window : null,
    };
  }

  async #follow(): Promise<void> {
    while (!this.#isDone) {
      await this.#marks();
      await sleep(50);
    }
  }

  async #marks(): Promise<string[]> {
    const found = await this.#box.list(`${CHANGES}/${this.#id}`);
    if (this.#armedAt === 0 && found.includes('armed')) this.#armedAt = performance.now();
    if (this.#overAt === 0 && found.includes('reverted')) this.#overAt = performance.now();
    return found;
  }

  async #isOver(): Promise<boolean> {
    const found = await this.#marks();
    const isSecret = found.some((name) => /^(base\.xml.*|operations\.json)$/.test(name));
    const isLeft = isSecret || (found.includes('boot.php') && (await this.#box.read(HOOK)) !== '');
    if ((isLeft && !found.includes('prepared')) || OPEN.some((mark) => found.includes(mark))) return false;
    return (await this.#box.processesOf(this.#id)).length === 0;
  }
}
