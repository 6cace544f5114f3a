import { z } from 'zod';
import { defineKind, notThere } from '../../kind.ts';
import { given, withFields } from '../fields.ts';
import { Description } from '../text.ts';
import { Ranges, ScheduleName, timeRangesOf } from './arguments.ts';
import { indexOfSchedule, schedulesOf, withSchedules } from './store.ts';

export default defineKind({
  id: 'schedule.update',
  summary: 'Change the description or the times (all of them) of a schedule; what is not given stays.',
  tier: 'volatile',
  input: z.strictObject({ name: ScheduleName, description: Description.optional(), ranges: Ranges.optional() }),
  example: { name: 'office_hours', ranges: [{ days: ['sat'], from: '9:00', to: '13:00', description: 'Saturdays' }] },
  apply(config, { name, description, ranges }) {
    const index = indexOfSchedule(config, name);
    if (index === undefined) throw notThere(`name: there is no schedule ${name}.`, 'schedule.create makes one.');
    const schedules = schedulesOf(config);
    const old = schedules[index] ?? {};
    const changed = withFields(old, {
      ...given('descr', description),
      ...given('timerange', ranges && timeRangesOf(ranges)),
    });
    return changed === old ? config : withSchedules(config, schedules.with(index, changed));
  },
});
