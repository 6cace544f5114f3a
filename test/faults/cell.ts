import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monotonicMs } from '../../src/core/clock.ts';
import type { Fault } from './faults.ts';
import { baseline, localLeaks, remoteLeaks } from './leaks.ts';
import { GRACE_MS, nameOf, type Operation, type Prepared, type Run } from './operations.ts';
import { pause, type Stage } from './stage.ts';

/** How one operation under one fault ended. */
export interface CellResult {
  readonly fault: string;
  readonly operation: string;
  /** `ok`, an error code, or what went wrong with the cell. */
  readonly outcome: string;
  readonly ms: number;
  /** Why the cell failed; empty when it passed. */
  readonly problems: readonly string[];
  /** Connections that the driver made, and credentials that it offered. */
  readonly connections: number | undefined;
  readonly attempts: number | undefined;
}

interface Ending {
  readonly outcome: string;
  readonly ms: number;
  readonly problem: string | undefined;
}

/** A run that has not ended this long after its bound hangs, in milliseconds. */
const HANG_MS = 1_500;

/** sshguard blocks at three failures, so one credential is offered once. */
const MAX_ATTEMPTS_WHEN_REFUSED = 1;

/** Runs one cell: prepares the operation, arms the fault, judges the outcome, and looks for what was left behind. */
export async function runCell(stage: Stage, fault: Fault, operation: Operation): Promise<CellResult> {
  try {
    return await attempt(stage, fault, operation);
  } catch (error) {
    await stage.heal();
    throw error;
  }
}

async function attempt(stage: Stage, fault: Fault, operation: Operation): Promise<CellResult> {
  const stateDir = mkdtempSync(join(tmpdir(), 'faultstate-'));
  const before = baseline();
  const unhandled = watchUnhandled();
  const prepared = await operation.prepare(stage, stateDir);
  const loginsBefore = (await stage.census())?.attempts ?? 0;
  await stage.arm(fault);
  const endings = await Promise.all(prepared.start().map((run) => judge(run, operation, fault)));
  const census = await stage.census();
  const attempts = census === undefined ? undefined : census.attempts - loginsBefore;
  const problems = endings.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  problems.push(...(await closeBounded(prepared)));
  problems.push(...(await localLeaks(before)));
  await stage.heal();
  problems.push(...(await remoteLeaks(stage, operation.deadlineMs)));
  problems.push(...leftFiles(stateDir), ...unhandled.stop());
  if (fault.name === 'auth reject' && (attempts ?? 0) > MAX_ATTEMPTS_WHEN_REFUSED) {
    problems.push(`the credential was offered ${attempts} times`);
  }
  rmSync(stateDir, { recursive: true, force: true });
  return {
    fault: fault.name,
    operation: operation.name,
    outcome: [...new Set(endings.map(({ outcome }) => outcome))].join('+'),
    ms: Math.round(Math.max(...endings.map(({ ms }) => ms))),
    problems,
    connections: census?.accepted,
    attempts,
  };
}

async function judge({ outcome: running }: Run, operation: Operation, fault: Fault): Promise<Ending> {
  const began = monotonicMs();
  const bound = operation.deadlineMs + GRACE_MS;
  const hang = new AbortController();
  const late = pause(bound + HANG_MS, hang.signal).then(() => 'HANG');
  const outcome = await Promise.race([running.catch(nameOf), late]);
  hang.abort();
  const ms = monotonicMs() - began;
  return { outcome, ms, problem: problemOf(outcome, ms, bound, operation, fault) };
}

function problemOf(outcome: string, ms: number, bound: number, operation: Operation, fault: Fault): string | undefined {
  if (outcome === 'HANG') return 'did not end';
  if (outcome.startsWith('untyped')) return outcome;
  if (ms > bound) return `took ${Math.round(ms)} ms of ${bound}`;
  const isForetold = operation.isCold && operation.name !== 'connect';
  const wanted = fault.strike === undefined ? ['ok'] : isForetold ? fault.cold : undefined;
  const isControlCancel = operation.name === 'cancel' && outcome === 'cancelled';
  return wanted && !wanted.includes(outcome) && !isControlCancel
    ? `ended as ${outcome} instead of ${wanted.join(' or ')}`
    : undefined;
}

async function closeBounded(prepared: Prepared): Promise<string[]> {
  const hang = new AbortController();
  const late = pause(4_000, hang.signal).then(() => ['closing did not end']);
  const closed = prepared.close().then(
    () => [],
    (error: unknown) => [`closing failed: ${nameOf(error)}`],
  );
  const problems = await Promise.race([closed, late]);
  hang.abort();
  return problems;
}

/** A state directory holds finished files only. */
function leftFiles(stateDir: string): string[] {
  const names = readdirSync(stateDir, { recursive: true }).map(String);
  return names.filter((name) => /tmp|partial|~$/.test(name)).map((name) => `left file ${name}`);
}

function watchUnhandled(): { stop(): string[] } {
  const seen: string[] = [];
  const note = (error: unknown): void => void seen.push(`unhandled: ${String(error).slice(0, 200)}`);
  const events = ['unhandledRejection', 'uncaughtException', 'warning'] as const;
  for (const event of events) process.on(event, note);
  return {
    stop() {
      for (const event of events) process.off(event, note);
      return seen;
    },
  };
}
