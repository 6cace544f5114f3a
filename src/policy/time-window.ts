import type { TimeWindow } from '../core/settings.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Day = (typeof DAYS)[number];

/** Whether a moment (milliseconds since the epoch) lies in a window; its end does not belong to it. */
export function isWithin({ days, from, to, timeZone }: TimeWindow, atMs: number): boolean {
  const { day, clock } = readClock(atMs, timeZone);
  const isOn = (one: Day): boolean => days === undefined || days.includes(one);
  if (from < to) return isOn(day) && from <= clock && clock < to;
  // Over midnight: the night belongs to the day on which it begins. Equal times make a whole day.
  return (isOn(day) && clock >= from) || (isOn(dayBefore(day)) && clock < to);
}

function dayBefore(day: Day): Day {
  return DAYS[(DAYS.indexOf(day) + 6) % 7] ?? day;
}

function readClock(atMs: number, timeZone: string | undefined): { day: Day; clock: string } {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
  const name = parts.get('weekday')?.toLowerCase();
  const day = DAYS.find((one) => one === name);
  if (day === undefined) throw new Error(`no day of the week: ${name}`);
  return { day, clock: `${parts.get('hour')}:${parts.get('minute')}` };
}
