import { type ConfigSection, textAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';

/** What pfSense's monitor does without being told. */
const DEFAULTS = {
  latencylow: 200,
  latencyhigh: 500,
  losslow: 10,
  losshigh: 20,
  interval: 500,
  loss_interval: 2000,
  time_period: 60_000,
  alert_interval: 1000,
} as const;

/**
 * The numbers have to make sense together, those included that are not set.
 * @throws PfsenseError `bad_input`
 */
export function checkMonitor(gateway: ConfigSection): void {
  const value = (key: keyof typeof DEFAULTS): number => Number(textAt(gateway, key) || DEFAULTS[key]);
  const demands: readonly (readonly [boolean, string])[] = [
    [value('latencylow') < value('latencyhigh'), 'latencyHighMs: it has to be above latencyLowMs'],
    [value('losslow') < value('losshigh'), 'lossHighPercent: it has to be above lossLowPercent'],
    [value('latencyhigh') <= value('loss_interval'), 'lossIntervalMs: it cannot be below latencyHighMs'],
    [
      value('interval') * 2 + value('loss_interval') < value('time_period'),
      'timePeriodMs: it has to be above twice probeIntervalMs plus lossIntervalMs',
    ],
    [value('interval') <= value('alert_interval'), 'alertIntervalMs: it cannot be below probeIntervalMs'],
  ];
  const broken = demands.find(([holds]) => !holds);
  if (broken !== undefined)
    throw refused(
      `${broken[1]}.`,
      `Not set means ${Object.entries(DEFAULTS)
        .map(([key, number]) => `${key} ${number}`)
        .join(', ')}.`,
    );
}
