import { z } from 'zod';
import { refused } from '../../kind.ts';
import { freeText, plainText } from '../text.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const Time = plainText(5)
  .regex(/^(?:[01]?\d|2[0-3]):[0-5]\d$/, 'must be a time such as 8:00')
  .describe("As in '8:00'");

export const ScheduleName = plainText(31).min(1).describe('Letters, digits and underscores');

export const Range = z.strictObject({
  days: z.array(z.enum(DAYS)).min(1).max(7).optional().describe('Every such day of the week'),
  dates: z
    .array(z.strictObject({ month: z.int().min(1).max(12), day: z.int().min(1).max(31) }))
    .min(1)
    .max(366)
    .optional()
    .describe('Single days of the year, instead of `days`'),
  from: Time,
  to: Time,
  description: freeText(200).trim().default(''),
});
type Range = z.output<typeof Range>;

export const Ranges = z.array(Range).min(1).max(99);

/** A range as pfSense's page writes it. */
export interface TimeRange {
  readonly [key: string]: string;
}

/**
 * @throws PfsenseError `bad_input` naming the range
 */
export function timeRangesOf(ranges: readonly Range[]): TimeRange[] {
  return ranges.map((range, index) => {
    const { days, dates, from, to, description } = range;
    if ((days === undefined) === (dates === undefined))
      throw refused(`ranges.${index}: give either \`days\` or \`dates\`.`);
    if (minutesOf(from) > minutesOf(to)) throw refused(`ranges.${index}: it ends before it begins.`);
    const wrong = dates?.find(({ month, day }) => day > new Date(Date.UTC(2024, month, 0)).getUTCDate());
    if (wrong !== undefined) throw refused(`ranges.${index}.dates: month ${wrong.month} has no day ${wrong.day}.`);
    return { ...whenOf(range), hour: `${plain(from)}-${plain(to)}`, rangedescr: description };
  });
}

function whenOf({ days, dates = [] }: Range): TimeRange {
  if (days !== undefined) return { position: DAYS.flatMap((day, at) => (days.includes(day) ? [at + 1] : [])).join() };
  const sorted = [...dates].sort((a, b) => a.month - b.month || a.day - b.day);
  return { month: sorted.map(({ month }) => month).join(), day: sorted.map(({ day }) => day).join() };
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

function plain(time: string): string {
  return time.replace(/^0(?=\d)/, '');
}
