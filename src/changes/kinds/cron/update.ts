import { z } from 'zod';
import { defineKind, notThere, refused } from '../../kind.ts';
import { withFields } from '../fields.ts';
import { Command, checkAccount, indexOfJob, jobsOf, KEYS, times, withJobs } from './jobs.ts';

export default defineKind({
  id: 'cron.update',
  summary: 'Change when, as whom or what a job of cron runs; what is not given stays.',
  tier: 'durable',
  level: 'dangerous',
  input: z.strictObject({ command: Command, newCommand: Command.optional() }).extend(z.object(times).partial().shape),
  example: { command: '/usr/bin/nice -n20 /etc/rc.update_urltables', hour: '4' },
  needs: () => ['accounts'],
  apply(config, { command, newCommand = command, ...when }, occasion) {
    if (when.user !== undefined) checkAccount(when.user, occasion);
    const [old, wanted] = [indexOfJob(config, command), indexOfJob(config, newCommand)];
    const index = old ?? wanted;
    if (index === undefined) throw notThere('command: there is no such job.', 'pf_config_get shows them in cron/item.');
    if (old !== undefined && wanted !== undefined && old !== wanted)
      throw refused('newCommand: there is a job with this command already.');
    const jobs = jobsOf(config);
    const job = jobs[index] ?? {};
    const fields = Object.entries(KEYS).flatMap(([name, key]): [string, string][] => {
      const value = when[name as keyof typeof KEYS];
      return value === undefined ? [] : [[key, value]];
    });
    const changed = withFields(job, { ...Object.fromEntries(fields), command: newCommand });
    return changed === job ? config : withJobs(config, jobs.with(index, changed));
  },
});
