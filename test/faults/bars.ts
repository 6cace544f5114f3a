import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAULTS } from './faults.ts';
import { nameOf } from './operations.ts';
import { pause, type Stage } from './stage.ts';
import { openEndless, Subject } from './subject.ts';

/** One measured bar. */
export interface Bar {
  readonly name: string;
  readonly measured: number;
  /** At most this much. */
  readonly limit: number;
  readonly unit: string;
}

const BREAKER_CALLS = 100;
const CANCELS = 20;

/** Runs the bars that are no cells: breaker, cancellation, event loop. */
export async function runBars(stage: Stage): Promise<Bar[]> {
  const stateDir = mkdtempSync(join(tmpdir(), 'faultbars-'));
  try {
    return [await breakerBar(stage, stateDir), ...(await cancelBars(stage)), await loopBar(stage, stateDir)];
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
}

async function breakerBar(stage: Stage, stateDir: string): Promise<Bar> {
  const settings = { breaker: { failures: 2, openMs: 60_000 } };
  const subject = new Subject({ login: stage.settings, stateDir, settings });
  await arm(stage, 'refused');
  for (let call = 0; call < 2; call += 1) await subject.readName().catch(() => undefined);
  let slowest = 0;
  for (let call = 0; call < BREAKER_CALLS; call += 1) {
    const began = performance.now();
    const code = await subject.readName().then(() => 'ok', nameOf);
    slowest = Math.max(slowest, code === 'circuit_open' ? performance.now() - began : Number.POSITIVE_INFINITY);
  }
  await subject.close();
  await stage.heal();
  return { name: `breaker open: slowest of ${BREAKER_CALLS} refusals`, measured: slowest, limit: 5, unit: 'ms' };
}

/** Cancels spinning calls at different moments, and looks at the far end. */
async function cancelBars(stage: Stage): Promise<Bar[]> {
  let slowest = 0;
  let longestRemote = 0;
  for (let turn = 0; turn < CANCELS; turn += 1) {
    const call = await openEndless(stage.settings, 'spinning', 30_000);
    const leave = new AbortController();
    const work = call.run(leave.signal);
    work.catch(() => undefined);
    await pause(10 + turn * 15);
    const began = performance.now();
    leave.abort(new Error('left'));
    const code = await work.catch(nameOf);
    slowest = Math.max(slowest, code === 'cancelled' ? performance.now() - began : Number.POSITIVE_INFINITY);
    longestRemote = Math.max(longestRemote, await remoteGone(stage));
    await call.close();
  }
  return [
    { name: `cancel: slowest of ${CANCELS} answers`, measured: slowest, limit: 250, unit: 'ms' },
    { name: `cancel: slowest end of the remote process`, measured: longestRemote, limit: 1_000, unit: 'ms' },
  ];
}

async function remoteGone(stage: Stage): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < 5_000) {
    if ((await stage.sessions()).length === 0) return performance.now() - began;
    await pause(20);
  }
  return Number.POSITIVE_INFINITY;
}

/** How long the event loop is held up while 64 MiB arrive that nobody asked for. */
async function loopBar(stage: Stage, stateDir: string): Promise<Bar> {
  const subject = new Subject({ login: stage.settings, stateDir });
  await arm(stage, 'stdout flood');
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last - 5);
    last = performance.now();
  }, 5);
  await subject.readName().catch(() => undefined);
  clearInterval(timer);
  await subject.close();
  await stage.heal();
  return { name: 'event loop: longest hold-up during a flood', measured: longest, limit: 100, unit: 'ms' };
}

async function arm(stage: Stage, name: string): Promise<void> {
  const fault = FAULTS.find((candidate) => candidate.name === name);
  if (fault) await stage.arm(fault);
}
