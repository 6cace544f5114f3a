import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compareRoads, type Evaluate } from './two-roads.ts';
import { printReport } from './two-roads-report.ts';

/**
 * `tsx test/whatif/two-roads-run.ts CORPUS EVALUATOR.ts [PACKETS] [SEED]`: the evaluator module's default export is an
 * {@link Evaluate}. Ends with 1 where a verdict or a deciding rule differs.
 */
const [folder, module, packets = '1000', seed = '1'] = process.argv.slice(2);
if (folder === undefined || module === undefined)
  throw new Error('usage: two-roads-run CORPUS EVALUATOR [PACKETS] [SEED]');
const evaluate: unknown = (await import(pathToFileURL(resolve(module)).href)).default;
if (!isEvaluate(evaluate)) throw new Error('the evaluator has no function as its default export');
const report = compareRoads(folder, evaluate, { packetsPerCase: Number(packets), seed: Number(seed) });
process.stdout.write(`${printReport(report)}\n`);
process.exitCode = report.verdicts.length + report.trackers.length > 0 ? 1 : 0;

function isEvaluate(value: unknown): value is Evaluate {
  return typeof value === 'function';
}
