import type { Tier } from '../../src/changes/kind.ts';
import type { Mode } from './crash-box.ts';
import type { Moment } from './steps.ts';

/** What a person does once a change is in force. */
export type Ending = 'nobody' | 'confirm' | 'end';

/** What happens at a step of the driver. */
export type Strike =
  | 'driver'
  | 'link'
  | 'lock-out'
  | 'sshd'
  | 'power'
  | 'tomorrow'
  | 'yesterday'
  | 'switch'
  | 'watch'
  | 'stopped switch';

/** What is out of order besides, from when the change is in force. */
export type Beside = 'no switch' | 'no power';

export interface CallFault {
  readonly mode: Mode;
  /** Part of the command line. */
  readonly program: string;
  /** Step of the driver before which counting begins; without it with the change. */
  readonly from?: string;
  readonly call: number;
}

export interface StepFault {
  readonly strike: Strike;
  readonly phase: 'begin' | 'confirm' | 'end';
  /** Its number, or the first of that name. */
  readonly step: number | string;
  readonly moment: Moment;
}

/** One thing that goes wrong during one change. */
export interface Point {
  readonly name: string;
  readonly tier: Tier;
  readonly ending: Ending;
  readonly beside?: Beside;
  readonly fault: CallFault | StepFault;
}

export const isStepFault = (fault: CallFault | StepFault): fault is StepFault => 'strike' in fault;

/** Whether it happens at this step. */
export function isMet(fault: Pick<StepFault, 'step' | 'moment'>, step: number, name: string, moment: Moment): boolean {
  return fault.moment === moment && (fault.step === step || fault.step === name);
}

/** Whether the change is promised to be undone in time: not while the disk is full, nor when the power is gone. */
export function isPunctual({ beside, fault }: Point): boolean {
  if (beside !== undefined) return false;
  return isStepFault(fault) ? fault.strike !== 'power' : fault.mode === 'kill' || fault.mode === 'half';
}

/** Whether nobody may be left who undoes the change, until the firewall boots. */
export function mayNeedBoot({ beside, fault }: Point): boolean {
  return beside !== undefined || (isStepFault(fault) && fault.strike === 'power');
}

/** Something that goes wrong, at every place where it can. */
export interface Victim {
  readonly name: string;
  /** The n-th place, from 1 on. */
  point(at: number): Point;
  /** Places of the short form. */
  readonly short: readonly number[];
}
