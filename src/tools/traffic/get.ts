import { z } from 'zod';
import { PfsenseError } from '../../core/errors.ts';
import { own } from '../../core/own.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { defineTool } from '../tool.ts';
import { type Point, readFetch, thinned } from './rrd.ts';
import { Flow, Talker, talkersOf } from './talkers.ts';
import { readVnstat } from './vnstat.ts';

const trafficGet = defineSnippet({
  id: 'traffic/get',
  effect: 'read',
  complexity: 'config',
  input: z.strictObject({
    kind: z.enum(['totals', 'series', 'talkers']),
    file: z.string().optional(),
    step: z.int().optional(),
    span: z.int().optional(),
    seconds: z.number().optional(),
  }),
  output: z.object({
    interfaces: z.array(z.object({ id: z.string(), name: z.string(), device: z.string() })),
    totals: z.array(z.object({ id: z.string(), inBytes: z.int().nullable(), outBytes: z.int().nullable() })).nullable(),
    vnstat: z.string().nullable(),
    series: z.object({ files: z.array(z.string()), text: z.string().nullable() }).nullable(),
    states: z.object({ count: z.int().nullable(), seconds: z.number(), rows: z.array(Flow).nullable() }).nullable(),
  }),
});
type Facts = z.output<(typeof trafficGet)['output']>;

/** Seconds that a span covers, and of one recorded value in it. */
const SPANS = {
  hour: { span: 3_600, step: 60 },
  day: { span: 86_400, step: 300 },
  week: { span: 604_800, step: 3_600 },
  month: { span: 2_592_000, step: 86_400 },
} as const;

const MAX_POINTS = 40;
const MAX_TALKERS = 20;

const Recorded = z.object({ inBytes: z.int(), outBytes: z.int() });
const Total = z.object({
  interface: z.string(),
  device: z.string(),
  inBytes: z.int().nullable(),
  outBytes: z.int().nullable(),
  months: z.array(Recorded.extend({ month: z.string() })).optional(),
  days: z.array(Recorded.extend({ day: z.string() })).optional(),
});
const Value = z.object({ at: z.string(), values: z.record(z.string(), z.number().nullable()) });

export default defineTool({
  name: 'pf_traffic_get',
  title: 'Traffic',
  description:
    'totals: bytes per interface since boot, and by day and month where vnstat is installed. series: recorded values of an interface (in bits per second), a gateway, or cpu, memory, states. talkers: hosts by bits per second, sampled over seconds.',
  toolset: 'network',
  effect: 'read',
  complexity: 'config',
  isOpenWorld: false,
  input: z.strictObject({
    kind: z.enum(['totals', 'series', 'talkers']).default('totals'),
    of: z.string().max(60).optional().describe('Interface; for series also a gateway, or cpu, memory, states'),
    span: z.enum(['hour', 'day', 'week', 'month']).default('hour'),
    seconds: z.number().min(1).max(5).default(3),
  }),
  output: z.object({
    totals: z.array(Total).optional(),
    series: z
      .object({ of: z.string(), unit: z.string(), points: z.array(Value) })
      .nullable()
      .optional(),
    talkers: z.array(Talker).nullable().optional(),
    sampledSeconds: z.number().optional(),
  }),
  async run(args, { box, note }) {
    if (args.kind === 'series') {
      const series = await seriesOf(args, (input) => box.call(trafficGet, input), note);
      return { series };
    }
    const facts = await box.call(trafficGet, { kind: args.kind, seconds: args.seconds });
    const wanted = facts.interfaces.find((one) => isNamed(one, args.of));
    if (args.of !== undefined && !wanted)
      throw new PfsenseError('not_found', 'No interface has that name.', {
        phase: 'run',
        hint: 'Names are those of pf_interface_list: key, description or device.',
      });
    if (args.kind === 'totals') return { totals: totalsOf(facts, args.of, note) };
    const { states } = facts;
    if (states?.rows === null || states === null) {
      const isLarge = (states?.count ?? 0) > 20_000;
      note(
        isLarge ? `The table holds ${states?.count} states: too many to sample.` : 'The state table could not be read.',
      );
      return { talkers: null };
    }
    const flows = states.rows.filter((flow) => args.of === undefined || flow.interface === wanted?.device);
    const talkers = talkersOf(flows, states.seconds);
    if (talkers.length > MAX_TALKERS) note(`The ${MAX_TALKERS} busiest of ${talkers.length} hosts are shown.`);
    return { talkers: talkers.slice(0, MAX_TALKERS), sampledSeconds: Math.round(states.seconds * 10) / 10 };
  },
});

type Named = Facts['interfaces'][number];

function isNamed({ id, name, device }: Named, wanted: string | undefined): boolean {
  return [id, name, device].some((own) => own.toLowerCase() === wanted?.toLowerCase());
}

function totalsOf({ interfaces, totals, vnstat }: Facts, of: string | undefined, note: (text: string) => void) {
  const recorded = vnstat === null ? undefined : readVnstat(vnstat);
  if (vnstat === null) note('vnstat is not installed (package Status_Traffic_Totals): counters since boot only.');
  else if (recorded === undefined) note('vnstat did not answer: counters since boot only.');
  return interfaces
    .filter((one) => of === undefined || isNamed(one, of))
    .map((one) => {
      const counted = totals?.find(({ id }) => id === one.id);
      const kept = recorded?.find(({ device }) => device === one.device);
      return {
        interface: one.name,
        device: one.device,
        inBytes: counted?.inBytes ?? null,
        outBytes: counted?.outBytes ?? null,
        ...(kept ? { months: kept.months.slice(0, 12), days: kept.days.slice(0, 7) } : {}),
      };
    });
}

const SYSTEM_FILES: Readonly<Record<string, readonly [file: string, unit: string]>> = {
  cpu: ['system-processor.rrd', 'percent, processes: count'],
  memory: ['system-memory.rrd', 'percent'],
  states: ['system-states.rrd', 'count, pfrate: changes per second'],
};

interface SeriesRequest {
  readonly of?: string | undefined;
  readonly span: keyof typeof SPANS;
}
type Ask = (input: z.input<(typeof trafficGet)['input']>) => Promise<Facts>;

async function seriesOf({ of = 'wan', span }: SeriesRequest, ask: Ask, note: (text: string) => void) {
  const system = own(SYSTEM_FILES, of);
  if (!/^[A-Za-z0-9 _.-]{1,60}$/.test(of)) throw unnamed();
  const { span: seconds, step } = SPANS[span];
  const request = (file: string) => ask({ kind: 'series', file, span: seconds, step });
  // Files are named by key, which only the box can tell from a description.
  const first = await request(system?.[0] ?? `${of.replaceAll(' ', '_')}-traffic.rrd`);
  const face = first.interfaces.find((one) => isNamed(one, of));
  const facts =
    system || first.series?.text !== null
      ? first
      : await request(face ? `${face.id}-traffic.rrd` : `${of}-quality.rrd`);
  const text = facts.series?.text ?? null;
  if (text === null)
    note(
      `Nothing is recorded under that name. Recorded: ${namesOf(first.series?.files ?? []).join(', ') || 'nothing'}.`,
    );
  if (text === '') note('The recording could not be read.');
  if (!text) return null;
  const isTraffic = !system && (face !== undefined || first.series?.text !== null);
  const points = thinned(readFetch(text), MAX_POINTS);
  const unit = system?.[1] ?? (isTraffic ? 'bits per second' : 'loss: percent; delay, stddev: seconds');
  return { of: face?.name ?? of, unit, points: points.map((point) => shown(point, isTraffic)) };
}

/** What can be asked for, from the names of the files; names of our own form only, as they come from the box. */
function namesOf(files: readonly string[]): string[] {
  const names = files.flatMap((file) => /^([a-z0-9_]{1,40})-(?:traffic|quality)\.rrd$/i.exec(file)?.[1] ?? []);
  return [...new Set(names)].slice(0, 30);
}

function shown({ at, values }: Point, isTraffic: boolean): z.output<typeof Value> {
  const time = new Date(at * 1000).toISOString();
  const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 1_000) / 1_000);
  if (!isTraffic)
    return {
      at: time,
      values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rounded(value)])),
    };
  // Recorded are bytes a second, of each family on its own.
  const bits = (name: string): number | null => {
    const parts = [values[name] ?? null, values[`${name}6`] ?? null].filter((value) => value !== null);
    return parts.length === 0 ? null : Math.round(parts.reduce((sum, value) => sum + value, 0) * 8);
  };
  return {
    at: time,
    values: { in: bits('inpass'), out: bits('outpass'), inBlocked: bits('inblock'), outBlocked: bits('outblock') },
  };
}

function unnamed(): PfsenseError {
  return new PfsenseError('bad_input', 'of is not the name of an interface, a gateway or a series.', {
    phase: 'input',
  });
}
