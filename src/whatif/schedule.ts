import { type ConfigTree, listAt, textAt } from '../config/model.ts';
import type { Truth } from './truth.ts';

/**
 * Whether a rule with this schedule is loaded. `localTime` is the clock of the firewall in its own zone; a name that
 * no schedule has means always.
 */
export function isScheduled(config: ConfigTree, name: string, localTime: string | undefined): Truth {
  const schedule = listAt(config, 'schedules/schedule').find((one) => textAt(one, 'name') === name);
  if (name === '' || schedule === undefined) return true;
  const now = localTime === undefined ? undefined : clockOf(localTime);
  if (now === undefined) return [`schedule ${name}`];
  const inside = listAt(schedule, 'timerange').map((range) => isWithin(range, now));
  return inside.includes(true) || (inside.includes(undefined) ? [`schedule ${name}`] : false);
}

interface Clock {
  readonly month: number;
  readonly day: number;
  /** Monday is 1. */
  readonly weekday: number;
  /** Since midnight. */
  readonly seconds: number;
}

function clockOf(text: string): Clock | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map(Number);
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
  return { month, day, weekday, seconds: hours * 3600 + minutes * 60 + seconds };
}

/** Months, days and weekdays are lists side by side: each must hold by itself. Undefined: hours we cannot read. */
function isWithin(range: ConfigTree, now: Clock): boolean | undefined {
  const lists: [string, number][] = [
    ['month', now.month],
    ['day', now.day],
    ['position', now.weekday],
  ];
  if (!lists.every(([key, value]) => isListed(textAt(range, key) ?? '', value))) return false;
  const hours = textAt(range, 'hour') ?? '';
  if (hours === '' || hours === '0') return true;
  const [from, to] = hours.split('-').map(secondsOf);
  return from === undefined || to === undefined ? undefined : from <= now.seconds && now.seconds < to;
}

function isListed(list: string, value: number): boolean {
  return list === '' || list === '0' || list.split(',').some((entry) => Number(entry) === value);
}

function secondsOf(text: string): number | undefined {
  const match = /^\s*(\d{1,2}):(\d{1,2})\s*$/.exec(text);
  return match === null ? undefined : Number(match[1]) * 3600 + Number(match[2]) * 60;
}
