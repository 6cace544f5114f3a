import { z } from 'zod';
import { textAt } from '../../../config/model.ts';
import { defineKind, refused } from '../../kind.ts';
import { rulesOf } from '../firewall_rule/list.ts';
import { ScheduleName } from './arguments.ts';
import { indexOfSchedule, schedulesOf, withSchedules } from './store.ts';

export default defineKind({
  id: 'schedule.delete',
  summary: 'Delete a schedule that no rule uses.',
  tier: 'volatile',
  input: z.strictObject({ name: ScheduleName }),
  example: { name: 'office_hours' },
  apply(config, { name }) {
    const index = indexOfSchedule(config, name);
    if (index === undefined) return config;
    const users = rulesOf(config).filter((rule) => textAt(rule, 'sched') === name);
    if (users.length > 0) {
      const trackers = users.slice(0, 8).map((rule) => textAt(rule, 'tracker') ?? '');
      throw refused(
        `name: the schedule ${name} is in use by filter rules ${trackers.join(', ')}${users.length > 8 ? ' and more' : ''}.`,
        'Give those rules another schedule first; the same plan can do it.',
      );
    }
    return withSchedules(config, schedulesOf(config).toSpliced(index, 1));
  },
});
