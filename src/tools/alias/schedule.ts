import { z } from 'zod';
import { listAt, textAt } from '../../config/model.ts';
import type { AliasSource } from './source.ts';
import { scheduleUsage } from './usage.ts';

export const Schedule = z.object({
  name: z.string(),
  description: z.string(),
  active: z.boolean().nullable().describe('By the clock of the firewall; pf follows every 15 minutes'),
  ranges: z.array(z.string()),
  usedBy: z.array(z.string()),
});

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Schedules with what they say about now. */
export function schedules(source: AliasSource): z.output<typeof Schedule>[] {
  return source.schedules.map(({ schedule, isActive }) => {
    const name = textAt(schedule, 'name') ?? '';
    return {
      name,
      description: textAt(schedule, 'descr') ?? '',
      active: isActive,
      ranges: listAt(schedule, 'timerange').map((range) =>
        readRange({
          weekdays: textAt(range, 'position'),
          months: textAt(range, 'month'),
          days: textAt(range, 'day'),
          hours: textAt(range, 'hour'),
        }),
      ),
      usedBy: scheduleUsage(source, name),
    };
  });
}

interface Range {
  readonly weekdays: string | undefined;
  readonly months: string | undefined;
  readonly days: string | undefined;
  readonly hours: string | undefined;
}

/** `Mon, Tue 8:00-18:00`, or dates as `month/day`: the two lists of pfSense run side by side. */
function readRange({ weekdays, months, days, hours }: Range): string {
  const month = (months ?? '').split(',');
  const dates = days ? days.split(',').map((day, index) => `${month[index] ?? month[0]}/${day}`) : [];
  const names = weekdays ? weekdays.split(',').map((day) => DAYS[Number(day) - 1] ?? day) : [];
  return [[...names, ...dates].join(', '), hours].filter((part) => part).join(' ');
}
