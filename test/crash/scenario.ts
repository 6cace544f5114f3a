import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from '../../src/changes/plan.ts';
import type { Trials } from '../contract/trials.ts';
import { startTrials } from '../contract/trials.ts';
import { Peer } from '../faults/rpc.ts';
import { counting } from './counting.ts';
import type { CrashBox } from './crash-box.ts';
import { KINDS } from './kinds.ts';
import { isMet, isStepFault, type Point, type StepFault } from './point.ts';
import { watched } from './steps.ts';

/** What the drivers said. */
export interface Said {
  isBegun: boolean;
  isConfirmAsked: boolean;
  isConfirmed: boolean;
  isEnded: boolean;
}

/** For each errand of a driver that is cut off. */
const DEADLINE_MS = 25_000;

type Phase = StepFault['phase'];

/** Carries one change out while something goes wrong, as far as the drivers come. */
export class Scenario {
  readonly said: Said = { isBegun: false, isConfirmAsked: false, isConfirmed: false, isEnded: false };
  /** The step at which something happened; null when none of that number came. */
  struck: string | null = null;
  /** What the last driver failed with. */
  failure = '';
  readonly #box: CrashBox;
  readonly #point: Point;
  readonly #peer: Peer | null;
  #phase: Phase = 'begin';

  constructor(box: CrashBox, point: Point) {
    this.#box = box;
    this.#point = point;
    this.#peer = isStepFault(point.fault) && point.fault.strike === 'driver' ? new Peer('../crash/driver.ts') : null;
  }

  async run(plan: Plan): Promise<void> {
    const { ending, beside, fault } = this.#point;
    if (!isStepFault(fault) && fault.from === undefined) await this.#order();
    this.said.isBegun = await this.#errand('begin', plan);
    if (this.said.isBegun && beside !== undefined) await this.#disturb(plan.id);
    if (this.said.isBegun && ending === 'confirm') {
      this.said.isConfirmAsked = true;
      this.said.isConfirmed = await this.#errand('confirm', plan);
    }
    if (this.said.isBegun && ending === 'end') this.said.isEnded = await this.#errand('end', plan);
    await this.#peer?.stop();
  }

  async #disturb(id: string): Promise<void> {
    const { beside } = this.#point;
    if (beside === 'no switch') await this.#box.signal(id, 'switch', 'KILL');
    if (beside === 'no power') await this.#box.cutPower();
  }

  /** One of the three things that a driver does; whether it says that it came to its end. */
  async #errand(phase: Phase, plan: Plan): Promise<boolean> {
    this.#phase = phase;
    const work = this.#isDriverKilled(phase) ? this.#inChild(phase, plan) : this.#here(phase, plan);
    return work.then(
      () => true,
      (error: unknown) => {
        this.failure = error instanceof Error ? error.message : String(error);
        return false;
      },
    );
  }

  /** Whether every errand came to its end. */
  get isWhole(): boolean {
    const { isBegun, isConfirmed, isEnded } = this.said;
    const { ending } = this.#point;
    return isBegun && (ending !== 'confirm' || isConfirmed) && (ending !== 'end' || isEnded);
  }

  #isDriverKilled(phase: Phase): boolean {
    const { fault } = this.#point;
    return isStepFault(fault) && fault.strike === 'driver' && fault.phase === phase;
  }

  async #inChild(phase: Phase, plan: Plan): Promise<void> {
    const { fault } = this.#point;
    const death = isStepFault(fault) ? { step: fault.step, moment: fault.moment } : null;
    const died = new Promise((resolve) => this.#peer?.child.once('exit', (_code, signal) => resolve(signal)));
    try {
      await this.#peer?.ask('run', { login: this.#box.login, plan, phase, death });
    } catch (error) {
      if (await Promise.race([died, sleep(2_000)])) this.struck = 'the driver';
      throw error;
    }
  }

  async #here(phase: Phase, plan: Plan): Promise<void> {
    const watcher = counting(
      async (step, name, moment) => {
        const { fault } = this.#point;
        if (!isStepFault(fault) || fault.phase !== this.#phase || this.struck !== null) return;
        if (!isMet(fault, step, name, moment)) return;
        this.struck = name;
        await this.#strike(fault, plan.id);
      },
      async (name) => {
        const { fault } = this.#point;
        if (!isStepFault(fault) && fault.from === name) await this.#order();
      },
    );
    const trials: Trials = startTrials(this.#box.wire, KINDS, {
      seen: (real) => watched(real, watcher),
      deadlineMs: DEADLINE_MS,
    });
    try {
      await trials[phase](plan);
    } finally {
      await trials.close();
    }
  }

  async #order(): Promise<void> {
    const { fault } = this.#point;
    if (!isStepFault(fault)) await this.#box.order(fault.mode, fault.program, fault.call);
  }

  async #strike({ strike }: StepFault, id: string): Promise<void> {
    const box = this.#box;
    if (strike === 'switch' || strike === 'watch') await box.signal(id, strike, 'KILL');
    if (strike === 'stopped switch') await box.signal(id, 'switch', 'STOP');
    if (strike === 'link') box.proxy.cutAll();
    if (strike === 'lock-out') await box.proxy.meet('refused');
    if (strike === 'sshd') await box.killSessions();
    if (strike === 'tomorrow') await box.setClock(86_400);
    if (strike === 'yesterday') await box.setClock(-86_400);
    if (strike === 'power') {
      await box.proxy.meet('refused');
      await box.cutPower();
      await box.boot();
      await box.proxy.heal();
    }
  }
}
