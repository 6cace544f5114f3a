import type { Tier } from '../../src/changes/kind.ts';
import type { Mode } from './crash-box.ts';
import type { Beside, Ending, Strike, Victim } from './point.ts';
import { MOMENTS } from './steps.ts';

interface Program {
  readonly name: string;
  readonly tier: Tier;
  readonly program: string;
  readonly from?: string;
  readonly ending?: Ending;
  readonly beside?: Beside;
  /** How it fails, with the places of the short form. */
  readonly modes: Partial<Readonly<Record<Mode, readonly number[]>>>;
}

/** A PHP session of the driver. */
const SESSION = 'pfSsh.php';
/** In all the ways in which a write can fail. */
const WRITES = { kill: [], half: [], grow: [], full: [] } as const;

const PROGRAMS: readonly Program[] = [
  { name: 'prepare', tier: 'volatile', program: SESSION, from: 'prepare', modes: { ...WRITES, kill: [14] } },
  { name: 'prepare', tier: 'durable', program: SESSION, from: 'prepare', modes: { kill: [] } },
  { name: 'stage', tier: 'volatile', program: SESSION, from: 'stage', modes: { ...WRITES, kill: [4] } },
  {
    name: 'confirm',
    tier: 'volatile',
    program: SESSION,
    from: 'confirm',
    ending: 'confirm',
    modes: { ...WRITES, kill: [9] },
  },
  {
    name: 'confirm',
    tier: 'durable',
    program: SESSION,
    from: 'confirm',
    ending: 'confirm',
    modes: { ...WRITES, kill: [3] },
  },
  {
    name: 'rollback',
    tier: 'volatile',
    program: SESSION,
    from: 'rollback',
    ending: 'end',
    modes: { ...WRITES, kill: [2] },
  },
  {
    name: 'rollback',
    tier: 'durable',
    program: SESSION,
    from: 'rollback',
    ending: 'end',
    modes: { kill: [], half: [] },
  },
  { name: 'apply', tier: 'durable', program: 'apply.php', modes: { ...WRITES, kill: [12], grow: [3], everywhere: [] } },
  {
    name: 'revert',
    tier: 'durable',
    program: 'revert.php',
    modes: { ...WRITES, kill: [7], half: [2], everywhere: [] },
  },
  {
    name: 'reload',
    tier: 'volatile',
    program: 'rc.filter_configure_sync',
    modes: { kill: [3], half: [], grow: [], everywhere: [] },
  },
  { name: 'switch', tier: 'volatile', program: 'switch.php', modes: { ...WRITES, kill: [30] } },
  { name: 'switch', tier: 'durable', program: 'switch.php', modes: { ...WRITES, kill: [1] } },
  { name: 'watch', tier: 'volatile', program: 'watch.php', beside: 'no switch', modes: { kill: [9] } },
  { name: 'watch', tier: 'durable', program: 'watch.php', beside: 'no switch', modes: { kill: [] } },
  { name: 'boot', tier: 'volatile', program: 'boot.php', beside: 'no power', modes: { kill: [] } },
  { name: 'boot', tier: 'durable', program: 'boot.php', beside: 'no power', modes: { kill: [5] } },
];

const SHORT_STEPS: Readonly<Record<string, readonly number[]>> = {
  'driver, begin, volatile': [11],
  'driver, confirm, durable': [5],
  'link, begin, durable': [9],
  'lock-out, begin, durable': [12],
  'sshd, confirm, volatile': [5],
  'power, begin, durable': [12],
  'tomorrow, begin, durable': [9],
  'yesterday, begin, volatile': [10],
};

const STRIKES: readonly Strike[] = [
  'driver',
  'link',
  'lock-out',
  'sshd',
  'power',
  'tomorrow',
  'yesterday',
  'switch',
  'watch',
  'stopped switch',
];
const TIERS: readonly Tier[] = ['volatile', 'durable'];

/** Everything that can go wrong. */
export const VICTIMS: readonly Victim[] = [
  ...PROGRAMS.filter(({ program }) => !isPatient(program)).flatMap(callVictims),
  ...STRIKES.flatMap((strike) => TIERS.flatMap((tier) => stepVictims(strike, tier))),
  ...PROGRAMS.filter(({ program }) => isPatient(program)).flatMap(callVictims),
];

/** Those that beat while they wait have the most places. */
function isPatient(program: string): boolean {
  return /^(switch|watch|boot)/.test(program);
}

function callVictims({
  name: program,
  modes,
  tier,
  ending = 'nobody',
  beside,
  from,
  program: words,
}: Program): Victim[] {
  return Object.entries(modes).map(([mode, short]) => {
    const name = `${program}, ${mode}, ${tier}`;
    return {
      name,
      short,
      point: (call) => ({
        ...{ name: `${name}, call ${call}`, tier, ending },
        ...(beside === undefined ? {} : { beside }),
        fault: { mode: mode as Mode, program: words, call, ...(from === undefined ? {} : { from }) },
      }),
    };
  });
}

/** In the middle of each step of the driver and right after it, for each of its three errands. */
function stepVictims(strike: Strike, tier: Tier): Victim[] {
  return (['begin', 'confirm', 'end'] as const).map((phase) => {
    const name = `${strike}, ${phase}, ${tier}`;
    return {
      name,
      short: SHORT_STEPS[name] ?? [],
      point(at) {
        const [step, moment] = [Math.ceil(at / 2), MOMENTS[(at - 1) % 2] ?? 'after'] as const;
        // What is begun is left alone every other time.
        const begun = step % 2 === 0 ? 'nobody' : 'confirm';
        return {
          ...{ name: `${name}, ${moment} step ${step}`, tier, ending: phase === 'begin' ? begun : phase },
          fault: { strike, phase, step, moment },
        };
      },
    };
  });
}
