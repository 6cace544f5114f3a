import { printPacket } from './plain-packet.ts';
import type { Answer, Disagreement, Report } from './two-roads.ts';

/** A report for a terminal: totals, traps with what went wrong at each, a witness for each trap. */
export function printReport(report: Report): string {
  const unknown = report.unknownToConfig + report.unknownToRules;
  const totals = [
    `${report.cases} configurations, ${report.packets} packets`,
    `${report.verdicts.length} verdicts differ, ${report.trackers.length} verdicts agree for another rule`,
    `${unknown} unknown (${share(unknown, report.packets)}): ${report.unknownToConfig} to the configuration, ${report.unknownToRules} to the rules`,
  ];
  const refused = report.refused.map((why) => `not compared, case ${why}`);
  const traps = [...report.met]
    .sort(([, left], [, right]) => right - left)
    .map(([trap, met]) => `${String(met).padStart(8)} ${String(countOf(report, trap)).padStart(8)}  ${trap}`);
  const unknowns = [...report.unknowns]
    .sort(([, left], [, right]) => right - left)
    .map(([name, packets]) => `${String(packets).padStart(8)}           unknown: ${name}`);
  const witnesses = [...report.met.keys()].flatMap((trap) => witnessOf(report, trap));
  return [...totals, ...refused, '', '  packets   differ  trap', ...traps, ...unknowns, '', ...new Set(witnesses)].join(
    '\n',
  );
}

function share(part: number, all: number): string {
  return `${((100 * part) / Math.max(all, 1)).toFixed(2)} %`;
}

function countOf({ verdicts, trackers }: Report, trap: string): number {
  return [...verdicts, ...trackers].filter(({ traps }) => traps.includes(trap)).length;
}

function witnessOf({ verdicts, trackers }: Report, trap: string): string[] {
  const found = [...verdicts, ...trackers].find(({ traps }) => traps.includes(trap));
  return found ? [printDisagreement(found)] : [];
}

function printDisagreement({ caseName, packet, config, rules, line }: Disagreement): string {
  const where = line === undefined ? '' : ` (line ${line})`;
  return `case ${caseName}: ${printPacket(packet)}\n  configuration ${printAnswer(config)}, rules ${printAnswer(rules)}${where}`;
}

function printAnswer({ verdict, tracker }: Answer): string {
  return tracker === undefined ? verdict : `${verdict} by ${tracker}`;
}
