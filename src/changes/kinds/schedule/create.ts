import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { freeUniqid } from '../../allocation.ts';
import { defineKind, refused } from '../../kind.ts';
import { problemOfName } from '../object-name.ts';
import { isSince28 } from '../release.ts';
import { Description } from '../text.ts';
import { Ranges, ScheduleName, timeRangesOf } from './arguments.ts';
import { indexOfSchedule, schedulesOf, withSchedules } from './store.ts';

export default defineKind({
  id: 'schedule.create',
  summary: 'Create a schedule: the times at which rules that name it apply, in the time zone of the firewall.',
  tier: 'volatile',
  input: z.strictObject({ name: ScheduleName, description: Description.default(''), ranges: Ranges }),
  example: {
    name: 'office_hours',
    description: 'When the office is open',
    ranges: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '8:00', to: '18:00' }],
  },
  apply(config, { name, description, ranges }, { now }) {
    const isLike = !isSince28(config) && ['lan', 'wan'].includes(name.toLowerCase());
    const problem = isLike ? 'an interface has it' : problemOfName(name);
    if (problem !== undefined) throw refused(`name: no schedule can have this name; ${problem}.`);
    const schedule = { name, descr: description, timerange: timeRangesOf(ranges) };
    const index = indexOfSchedule(config, name);
    const schedules = schedulesOf(config);
    if (index === undefined)
      return withSchedules(config, [...schedules, { ...schedule, schedlabel: freeUniqid(config, now) }]);
    const { schedlabel: _label, ...old } = schedules[index] ?? {};
    if (isDeepStrictEqual({ descr: '', ...old }, schedule)) return config;
    throw refused(`name: there is another schedule ${name} already.`, 'Change it with schedule.update.');
  },
});
