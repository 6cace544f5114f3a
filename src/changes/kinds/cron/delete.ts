import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { indexOfJob, jobsOf, withJobs } from './jobs.ts';

export default defineKind({
  id: 'cron.delete',
  summary: 'Delete a job of cron.',
  tier: 'durable',
  input: z.strictObject({ command: z.string().min(1).max(1_000).describe('As it stands in the job') }),
  example: { command: '/usr/bin/nice -n20 /etc/rc.update_urltables' },
  apply(config, { command }) {
    const index = indexOfJob(config, command);
    return index === undefined ? config : withJobs(config, jobsOf(config).toSpliced(index, 1));
  },
});
