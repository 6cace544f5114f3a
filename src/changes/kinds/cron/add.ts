import { z } from 'zod';
import { defineKind, refused } from '../../kind.ts';
import { withFields } from '../fields.ts';
import { Command, checkAccount, indexOfJob, jobsOf, times, withJobs } from './jobs.ts';

const Input = z.strictObject({
  minute: times.minute.default('0'),
  hour: times.hour.default('*'),
  dayOfMonth: times.dayOfMonth.default('*'),
  month: times.month.default('*'),
  dayOfWeek: times.dayOfWeek.default('*'),
  user: times.user.default('root'),
  command: Command,
});

export default defineKind({
  id: 'cron.add',
  summary: 'Add a job that cron runs at times, by default as root.',
  tier: 'durable',
  level: 'dangerous',
  input: Input,
  example: { minute: '30', hour: '3', dayOfWeek: 'sun', command: '/usr/bin/nice -n20 /etc/rc.update_urltables' },
  needs: () => ['accounts'],
  apply(config, args, occasion) {
    const { minute, hour, dayOfMonth: mday, month, dayOfWeek: wday, user: who, command } = args;
    checkAccount(who, occasion);
    const job = { minute, hour, mday, month, wday, who, command };
    const jobs = jobsOf(config);
    const index = indexOfJob(config, command);
    if (index === undefined) return withJobs(config, [...jobs, job]);
    const there = jobs[index] ?? {};
    if (withFields(there, job) === there) return config;
    throw refused('command: there is a job with this command already.', 'Change it with cron.update.');
  },
});
