import { z } from 'zod';
import { type ConfigSection, type ConfigTree, listAt, textAt } from '../../../config/model.ts';
import { sectionOf } from '../../../config/update.ts';
import { type Occasion, refused } from '../../kind.ts';
import { accountNames } from '../../supplies.ts';
import { withItems } from '../items.ts';
import { freeText, plainText } from '../text.ts';

const MONTHS = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const DAYS = 'sun|mon|tue|wed|thu|fri|sat';

/** What one place of a line in a crontab may hold: `*`, numbers, names, ranges and lists of them, with steps. */
function place(low: number, high: number, names = 'none'): z.ZodType<string, string | number> {
  const isValue = (text: string): boolean =>
    new RegExp(`^(?:${names})$`, 'i').test(text) ||
    (/^\d{1,2}$/.test(text) && Number(text) >= low && Number(text) <= high);
  const isPart = (part: string): boolean => {
    const [range = '', step, ...rest] = part.split('/');
    const [from = '', to, ...more] = range.split('-');
    if (rest.length > 0 || more.length > 0 || (step !== undefined && !/^[1-9]\d?$/.test(step))) return false;
    if (range === '*') return true;
    return isValue(from) && (to === undefined || (isValue(to) && !(Number(to) < Number(from))));
  };
  return z
    .union([z.int().transform(String), plainText(100)])
    .refine(
      (text) => text.split(',').every(isPart),
      `must be as in a crontab: *, numbers from ${low} to ${high}, 1-5, */10`,
    )
    .describe(`As in a crontab: *, ${low}-${high}, lists, ranges, */n`);
}

export const Command = freeText(500)
  .trim()
  .min(1)
  .refine((text) => /^[\x20-\x7e]*$/.test(text), 'must consist of printable ASCII characters')
  .describe('One line for /bin/sh, with whole paths');

/** When and as whom a job runs. */
export const times = {
  minute: place(0, 59),
  hour: place(0, 23),
  dayOfMonth: place(1, 31),
  month: place(1, 12, MONTHS),
  dayOfWeek: place(0, 7, DAYS),
  user: plainText(32).min(1).describe('Account that it runs as'),
} as const;

export const KEYS = {
  minute: 'minute',
  hour: 'hour',
  dayOfMonth: 'mday',
  month: 'month',
  dayOfWeek: 'wday',
  user: 'who',
} as const;

export function jobsOf(config: ConfigTree): ConfigSection[] {
  return listAt(config, 'cron/item').map(sectionOf);
}

export function withJobs(config: ConfigTree, jobs: readonly ConfigSection[]): ConfigTree {
  return withItems(config, 'cron', jobs);
}

/**
 * The place of the job with this command; undefined when there is none.
 * @throws PfsenseError `bad_input` when several have it, or pfSense sets it itself.
 */
export function indexOfJob(config: ConfigTree, command: string): number | undefined {
  if (command.includes('filter_configure_sync'))
    throw refused('command: pfSense sets this job itself, by the schedules of the rules.');
  const places = jobsOf(config).flatMap((job, index) => (textAt(job, 'command') === command ? [index] : []));
  if (places.length > 1) throw refused('command: several jobs have this command; change them in the GUI.');
  return places[0];
}

/** @throws PfsenseError `bad_input` */
export function checkAccount(user: string, occasion: Occasion): void {
  if (accountNames(occasion).users.includes(user)) return;
  throw refused(`user: the firewall has no account ${user}.`, 'Most jobs run as root.');
}
