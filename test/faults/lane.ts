import { type CellResult, runCell } from './cell.ts';
import { FAULTS } from './faults.ts';
import { operations } from './operations.ts';
import { answer } from './rpc.ts';
import { Stage } from './stage.ts';

/** One lane of the matrix: a process of its own, so that handles can be counted. */
const parts: { stage?: Stage; hostname?: string } = {};

function opened(): { stage: Stage; hostname: string } {
  const { stage, hostname } = parts;
  if (!stage || hostname === undefined) throw new Error('The lane is not open.');
  return { stage, hostname };
}

answer({
  async open() {
    parts.stage = await Stage.open();
    const config = await parts.stage.readFile('/cf/conf/config.xml');
    parts.hostname = /<hostname>([^<]+)</.exec(config)?.[1] ?? '';
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
  close: () => opened().stage.close(),
});
