import { z } from 'zod';

const Amount = z.object({ rx: z.int(), tx: z.int() });
const Dated = Amount.extend({ date: z.object({ year: z.int(), month: z.int(), day: z.int().optional() }) });
const Vnstat = z.object({
  interfaces: z.array(
    z.object({
      name: z.string(),
      traffic: z.object({ total: Amount, month: z.array(Dated).default([]), day: z.array(Dated).default([]) }),
    }),
  ),
});

export interface Recorded {
  readonly device: string;
  readonly months: readonly { readonly month: string; readonly inBytes: number; readonly outBytes: number }[];
  readonly days: readonly { readonly day: string; readonly inBytes: number; readonly outBytes: number }[];
}

/** What `vnstat --json` (layout 2, bytes) recorded, newest first; undefined when it cannot be read. */
export function readVnstat(text: string): Recorded[] | undefined {
  const parsed = Vnstat.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  return parsed.data.interfaces.map(({ name, traffic }) => ({
    device: name,
    months: traffic.month.map((row) => ({ month: dateOf(row.date), inBytes: row.rx, outBytes: row.tx })).reverse(),
    days: traffic.day.map((row) => ({ day: dateOf(row.date), inBytes: row.rx, outBytes: row.tx })).reverse(),
  }));
}

function dateOf({ year, month, day }: { year: number; month: number; day?: number | undefined }): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return [String(year), two(month), ...(day === undefined ? [] : [two(day)])].join('-');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
