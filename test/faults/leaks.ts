import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { monotonicMs } from '../../src/core/clock.ts';
import type { Stage } from './stage.ts';
import { pause } from './stage.ts';

/** Handles are back within this time after the subject was closed, in milliseconds. */
const LOCAL_MS = 1_000;

/** Processes on the firewall are gone this long after the call's own deadline, in milliseconds. */
const REMOTE_MS = 5_000;

/** What a cell may not leave behind on this side. */
export interface Baseline {
  readonly handles: ReadonlyMap<string, number>;
  readonly files: number;
}

/** IPC and standard streams come and go with their own traffic; requests of the file system are short. */
const IGNORED = new Set(['Immediate', 'FSReqCallback', 'FSReqPromise', 'PipeWrap', 'TTYWrap', 'FILEHANDLE', 'WORKER']);

export function baseline(): Baseline {
  return { handles: handles(), files: temporaryFiles() };
}

/** Waits until this process is back at its baseline; says what is not. */
export async function localLeaks(before: Baseline): Promise<string[]> {
  const until = monotonicMs() + LOCAL_MS;
  for (;;) {
    const leaks = excess(before);
    if (leaks.length === 0 || monotonicMs() > until) return leaks;
    await pause(15);
  }
}

/** Waits until no process of ours is left on the firewall; says which are. */
export async function remoteLeaks(stage: Stage, deadlineMs: number): Promise<string[]> {
  const until = monotonicMs() + deadlineMs + REMOTE_MS;
  for (;;) {
    const left = await stage.sessions();
    if (left.length === 0) return [];
    if (monotonicMs() > until) return left.map((line) => `remote process: ${line.slice(0, 60)}`);
    await pause(25);
  }
}

function excess(before: Baseline): string[] {
  const now = handles();
  const more = [...now].filter(([name, count]) => count > (before.handles.get(name) ?? 0));
  const leaks = more.map(([name, count]) => `${name} ${before.handles.get(name) ?? 0}→${count}`);
  return temporaryFiles() > before.files ? [...leaks, 'temporary files'] : leaks;
}

/** Timers count without our own `pause`, which waits while this is read. */
function handles(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) {
    if (!IGNORED.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function temporaryFiles(): number {
  return readdirSync(tmpdir()).length;
}
