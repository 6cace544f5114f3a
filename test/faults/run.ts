import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Bar } from './bars.ts';
import type { CellResult } from './cell.ts';
import { FAULTS } from './faults.ts';
import type { ArmResult } from './naive.ts';
import { OPERATION_NAMES, SHORT_OPERATION_NAMES } from './operations.ts';
import { Peer } from './rpc.ts';
import { matrixTable, table } from './table.ts';

/** `npm run test:faults [-- --short] [--fault NAME] [--operation NAME] [--lanes N] [--no-tests] [--json FILE]` */
const { values: flags } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    fault: { type: 'string', multiple: true },
    operation: { type: 'string', multiple: true },
    lanes: { type: 'string', default: '2' },
    'no-tests': { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

interface Cell {
  readonly fault: string;
  readonly operation: string;
}

const isWhole = flags.fault === undefined && flags.operation === undefined;

function cells(): Cell[] {
  const faults = FAULTS.map(({ name }) => name).filter((name) => flags.fault?.includes(name) ?? true);
  const all = flags.short ? SHORT_OPERATION_NAMES : OPERATION_NAMES;
  const operations = all.filter((name) => flags.operation?.includes(name) ?? true);
  return faults.flatMap((fault) => operations.map((operation) => ({ fault, operation })));
}

async function openLane(): Promise<Peer> {
  const lane = new Peer('./lane.ts');
  say(`lane on ${String(await lane.ask('open'))}`);
  return lane;
}

async function drain(lane: Peer, waiting: Cell[], results: CellResult[]): Promise<void> {
  for (let cell = waiting.shift(); cell; cell = waiting.shift()) {
    const result = await lane.ask('run', cell).then(
      (value) => value as CellResult,
      (error: unknown) => broken(cell, error),
    );
    results.push(result);
  }
}

/** The harness itself failed, which must not pass as a cell that is fine. */
function broken(cell: Cell, error: unknown): CellResult {
  const problems = [`the harness failed: ${String(error)}`];
  return { ...cell, outcome: 'broken', ms: 0, problems, connections: undefined, attempts: undefined };
}

function vitest(): Promise<number> {
  const argv = ['--no-install', 'vitest', 'run', '--config', 'vitest.faults.config.ts'];
  const child = spawn('npx', argv, { stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function inOrder(results: readonly CellResult[], order: readonly Cell[]): CellResult[] {
  return order.flatMap(({ fault, operation }) =>
    results.filter((result) => result.fault === fault && result.operation === operation),
  );
}

function showArms(arms: readonly ArmResult[]): boolean[] {
  if (arms.length === 0) return [];
  say('\nControl arm: a naive ssh2 client under the same faults');
  const verdicts = arms.map(({ outcome, wanted }) => wanted.includes(outcome));
  const rows = arms.map(({ name, outcome, ms, wanted }, at) => [
    verdicts[at] ? 'ok' : '✗',
    name,
    `${outcome} ${ms} ms`,
    wanted.join(' or '),
  ]);
  say(table([['', 'fault', 'seen', 'known'], ...rows]));
  return verdicts;
}

function showBars(bars: readonly Bar[]): boolean[] {
  say('\nBars');
  const verdicts = bars.map(({ measured, limit }) => measured <= limit);
  say(
    table(
      bars.map(({ name, measured, limit, unit }, at) => [
        verdicts[at] ? 'ok' : '✗',
        name,
        `${measured.toFixed(1)} ${unit}`,
        `≤ ${limit} ${unit}`,
      ]),
    ),
  );
  return verdicts;
}

async function main(): Promise<boolean> {
  const began = performance.now();
  const lanes = await Promise.all(Array.from({ length: Number(flags.lanes) }, openLane));
  const [first, ...others] = lanes;
  if (!first) throw new Error('At least one lane is needed.');
  // Measured on an idle machine, before the lanes share its cores.
  const bars = isWhole ? showBars(await barsOf(first)) : [];
  const order = cells();
  const waiting = [...order];
  const results: CellResult[] = [];
  // The control arm mostly waits, so the other lanes need not.
  const arms = isWhole ? first.ask('controlArm') : Promise.resolve([]);
  const firstLane = arms.then(() => drain(first, waiting, results));
  await Promise.all([firstLane, ...others.map((lane) => drain(lane, waiting, results))]);
  await Promise.all(lanes.map(closeLane));
  const verdicts = [...bars, ...showArms((await arms) as ArmResult[]), ...showMatrix(inOrder(results, order))];
  if (isWhole && !flags['no-tests']) verdicts.push((await vitest()) === 0);
  const failed = verdicts.filter((isGood) => !isGood).length;
  say(`\n${Math.round((performance.now() - began) / 1_000)} s`);
  say(`${verdicts.length - failed} passed, ${failed} failed`);
  return failed === 0 && verdicts.length > 0;
}

function showMatrix(results: readonly CellResult[]): boolean[] {
  say(`\n${matrixTable(results)}`);
  for (const { fault, operation, problems } of results.filter((result) => result.problems.length > 0)) {
    say(`FAIL ${fault} × ${operation}: ${problems.join('; ')}`);
  }
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(results, null, 1)}\n`);
  return results.map(({ problems }) => problems.length === 0);
}

async function barsOf(lane: Peer): Promise<Bar[]> {
  return ((await lane.ask('bars')) as Serialised<Bar>[]).map(restored);
}

type Serialised<T extends Bar> = Omit<T, 'measured'> & { readonly measured: number | null };

/** Infinity does not survive the way between processes. */
function restored(bar: Serialised<Bar>): Bar {
  return { ...bar, measured: bar.measured ?? Number.POSITIVE_INFINITY };
}

async function closeLane(lane: Peer): Promise<void> {
  await lane.ask('close');
  await lane.stop();
}

process.exitCode = (await main()) ? 0 : 1;
