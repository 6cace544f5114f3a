import type { Tier } from '../../src/changes/kind.ts';
import type { Mode } from './crash-box.ts';
import type { CallFault, Ending, Point, StepFault, Strike } from './point.ts';
import type { Moment } from './steps.ts';

/** Something that happens at a step of the driver. */
function atStep(name: string, tier: Tier, strike: Strike, moment: Moment, step: string): Point {
  const phase: StepFault['phase'] = step === 'confirm' ? 'confirm' : step === 'rollback' ? 'end' : 'begin';
  const ending: Ending = phase === 'begin' ? 'nobody' : phase;
  return { name, tier, ending, fault: { strike, phase, step, moment } };
}

/** A program that fails at a call of its own. */
function atCall(
  name: string,
  tier: Tier,
  fault: CallFault,
  more: Pick<Point, 'beside'> & { ending?: Ending } = {},
): Point {
  return { name, tier, ending: 'nobody', fault, ...more };
}

const fails = (mode: Mode, program: string, call: number, from?: string): CallFault => ({
  ...{ mode, program, call },
  ...(from === undefined ? {} : { from }),
});

const APPLY = 'start apply';
const ARM = 'start switch watch';
const SESSION = 'pfSsh.php';

/** The points of the matrix that every kind of firewall has to pass. */
export const NAMED_POINTS: readonly Point[] = [
  atStep('the driver is killed once the change is laid out', 'volatile', 'driver', 'after', 'prepare'),
  atStep('the driver is killed while it starts the switch', 'durable', 'driver', 'during', ARM),
  atStep('the driver is killed while the rules are loaded', 'volatile', 'driver', 'during', 'stage'),
  atStep('the driver is killed once the change is being written', 'durable', 'driver', 'after', APPLY),
  atStep('the driver is killed while it confirms', 'volatile', 'driver', 'during', 'confirm'),
  atStep('the driver is killed once it has confirmed', 'durable', 'driver', 'after', 'confirm'),
  atStep('the driver is killed while it rolls back', 'durable', 'driver', 'during', 'rollback'),
  atStep('the session of sshd is killed while the rules are loaded', 'volatile', 'sshd', 'during', 'stage'),
  atStep('the session of sshd is killed once the change is being written', 'durable', 'sshd', 'after', APPLY),
  atStep('the session of sshd is killed while it is confirmed', 'durable', 'sshd', 'during', 'confirm'),
  atStep('the link is cut while the rules are loaded', 'volatile', 'link', 'during', 'stage'),
  atStep('the link is cut while it is confirmed', 'volatile', 'link', 'during', 'confirm'),
  atStep('the link is cut and does not come back', 'durable', 'lock-out', 'after', APPLY),
  atStep('the switch is killed, rules on trial', 'volatile', 'switch', 'after', 'stage'),
  atStep('the switch is killed, a written change on trial', 'durable', 'switch', 'after', APPLY),
  atStep('the switch hangs', 'durable', 'stopped switch', 'after', APPLY),
  atStep('the watch is killed', 'durable', 'watch', 'after', APPLY),
  atStep('the power goes while the rules are loaded', 'volatile', 'power', 'during', 'stage'),
  atStep('the power goes while the change is written', 'durable', 'power', 'during', APPLY),
  atStep('the power goes in the window', 'durable', 'power', 'after', 'status'),
  atStep('the clock is a day ahead', 'volatile', 'tomorrow', 'after', 'stage'),
  atStep('the clock is a day behind', 'durable', 'yesterday', 'after', APPLY),
  atCall('what lays the change out is killed', 'volatile', fails('kill', SESSION, 14, 'prepare')),
  atCall('what writes is killed before it writes', 'durable', fails('kill', 'apply.php', 4)),
  atCall('what writes is killed in the middle', 'durable', fails('kill', 'apply.php', 12)),
  atCall('what writes leaves half a file', 'durable', fails('half', 'apply.php', 3)),
  atCall('what undoes is killed in the middle', 'durable', fails('kill', 'revert.php', 9)),
  atCall('the reload that undoes is killed', 'volatile', fails('kill', 'rc.filter_configure_sync', 4)),
  atCall('what confirms is killed while it writes', 'volatile', fails('kill', SESSION, 8, 'confirm'), {
    ending: 'confirm',
  }),
  atCall('what the boot starts is killed, and the next boot undoes', 'durable', fails('kill', 'boot.php', 5), {
    beside: 'no power',
  }),
  atCall('the disk is full when the change is written', 'durable', fails('grow', 'apply.php', 2)),
  atCall('the disk is full when it is confirmed', 'volatile', fails('grow', SESSION, 1, 'confirm'), {
    ending: 'confirm',
  }),
  atCall('the disk takes nothing at all when it is undone', 'durable', fails('full', 'revert.php', 1)),
];
