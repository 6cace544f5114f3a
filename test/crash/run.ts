import { parseArgs } from 'node:util';
import { openBeside, PLACES } from './beside.ts';
import { openLabBox } from './lab-box.ts';
import type { Point, Victim } from './point.ts';
import { type Found, LATE, Stage } from './stage.ts';
import { VICTIMS } from './victims.ts';

/**
 * `npm run test:crash [-- --short] [--only WORDS] [--boxes N]`: everything that takes part in a change is ended at every
 * step, and what is left must be the configuration of before or the confirmed one. With `--beside` it is stopped there
 * instead, and somebody else writes the configuration meanwhile.
 */
const { values: flags } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    beside: { type: 'boolean', default: false },
    boxes: { type: 'string', default: '3' },
  },
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function tell({ point, met, state, problems, late }: Found): void {
  const verdict = problems.length === 0 ? 'ok' : `FAILED: ${problems.join('; ')}`;
  const delay = late === null ? '' : `, ${late.toFixed(1)} s behind its deadline`;
  say(`${point.name} (${met}): ${state}${delay}, ${verdict}`);
}

interface Row {
  readonly victim: Victim;
  next: number;
  isExhausted: boolean;
}

/** The next place of a victim that is not exhausted, those first of which least is known. */
function* places(rows: readonly Row[], isShort: boolean): Generator<{ row: Row; at: number }> {
  if (isShort) {
    for (const row of rows) for (const at of row.victim.short) yield { row, at };
    return;
  }
  for (;;) {
    const [row] = rows.filter(({ isExhausted }) => !isExhausted);
    if (!row) return;
    yield { row, at: row.next++ };
  }
}

const rows = VICTIMS.filter(({ name }) => name.includes(flags.only)).map(
  (victim): Row => ({ victim, next: 1, isExhausted: false }),
);
const queue = places(rows, flags.short);
const found: Found[] = [];

/** A point, or why it could not be had. */
async function meet(stage: Stage, point: Point): Promise<Found> {
  try {
    return await stage.run(point);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { point, met: 'not run', state: 'unknown', problems: [problem], late: null, isUnjudged: false };
  }
}

/** A fresh firewall; on a busy machine one may not start in time. */
async function openStage(tries = 5): Promise<Stage> {
  try {
    return new Stage(await openLabBox());
  } catch (error) {
    if (tries <= 1) throw error;
    return openStage(tries - 1);
  }
}

async function work(): Promise<void> {
  let stage = await openStage();
  for (const { row, at } of queue) {
    if (row.isExhausted) continue;
    const point = row.victim.point(at);
    let result = await meet(stage, point);
    // Times say something about this machine as well: the best of three counts.
    for (let tries = 1; tries < 3 && result.problems.join() === LATE; tries += 1) result = await meet(stage, point);
    if (result.met === null) row.isExhausted = true;
    if (result.met === null && result.problems.length === 0) continue;
    tell(result);
    found.push(result);
    if (result.problems.length === 0) continue;
    // What went wrong there says nothing about the next point.
    await stage.close();
    stage = await openStage();
  }
  await stage.close();
}

/** Calls from one that is tried to the next in the short form. */
const STRIDE = 6;

async function stopped(): Promise<(readonly string[])[]> {
  const beside = await openBeside();
  const all: (readonly string[])[] = [];
  for (const place of PLACES.filter(({ phase }) => phase.includes(flags.only))) {
    for (let call = 1; ; call += flags.short ? STRIDE : 1) {
      const { met, state, problems } = await beside.run(place, call);
      if (met === null) break;
      const verdict = problems.length === 0 ? 'ok' : `FAILED: ${problems.join('; ')}`;
      say(`${place.tier} ${place.phase}, ${place.program} #${call} (${met}): ${state}, ${verdict}`);
      all.push(problems);
    }
  }
  await beside.close();
  return all;
}

async function ended(): Promise<(readonly string[])[]> {
  await Promise.all(Array.from({ length: Number(flags.boxes) }, work));
  const unjudged = found.filter(({ isUnjudged }) => isUnjudged).length;
  if (unjudged > 0) say(`${unjudged} were late on a machine that is too busy to tell why`);
  return found.map(({ problems }) => problems);
}

const all = flags.beside ? await stopped() : await ended();
const failed = all.filter((problems) => problems.length > 0);
say(`${all.length - failed.length} points passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 || all.length === 0 ? 1 : 0;
