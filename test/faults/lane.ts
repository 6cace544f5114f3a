import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBars } from './bars.ts';
import { type CellResult, runCell } from './cell.ts';
import { FAULTS } from './faults.ts';
import { runControlArm } from './naive.ts';
import { operations } from './operations.ts';
import { answer } from './rpc.ts';
import { Stage } from './stage.ts';
import { Subject } from './subject.ts';

/** One lane of the matrix: a process of its own, so that handles can be counted. */
const parts: { stage?: Stage; hostname?: string; folder?: string } = {};

function opened(): { stage: Stage; hostname: string } {
  const { stage, hostname } = parts;
  if (!stage || hostname === undefined) throw new Error('The lane is not open.');
  return { stage, hostname };
}

/** The first program of a firewall is slow to start, which is nobody's fault. */
async function warmUp(stage: Stage, stateDir: string): Promise<void> {
  const settings = { deadlinesMs: { simple: 20_000, firewall: 20_000 } };
  const subject = new Subject({ login: stage.settings, stateDir, settings });
  await subject.readName();
  await subject.close();
  rmSync(join(stateDir, 'last-known-good'), { recursive: true, force: true });
}

answer({
  async open() {
    // Temporary files of this process alone can then be told from other people's.
    parts.folder = mkdtempSync(join(tmpdir(), 'fault-lane-'));
    process.env['TMPDIR'] = parts.folder;
    parts.stage = await Stage.open();
    const config = await parts.stage.readFile('/cf/conf/config.xml');
    parts.hostname = /<hostname>([^<]+)</.exec(config)?.[1] ?? '';
    await warmUp(parts.stage, parts.folder);
    return parts.stage.name;
  },
  async run(cell): Promise<CellResult> {
    const { fault: faultName, operation: operationName } = cell as { fault: string; operation: string };
    const { stage, hostname } = opened();
    const fault = FAULTS.find(({ name }) => name === faultName);
    const operation = operations({ hostname }).find(({ name }) => name === operationName);
    if (!fault || !operation) throw new Error(`There is no cell ${faultName} × ${operationName}.`);
    return runCell(stage, fault, operation);
  },
  controlArm: () => runControlArm(opened().stage),
  bars: () => runBars(opened().stage),
  async close() {
    await opened().stage.close();
    rmSync(parts.folder ?? '', { recursive: true, force: true });
  },
});
