import { type Case, type CaseFacts, readCorpus } from './corpus.ts';
import { packetsFor } from './gen-packets.ts';
import { MissingFact } from './pf-facts.ts';
import { PfSyntaxError } from './pf-lexer.ts';
import { type Judgement, judge, loadRules } from './pf-rules.ts';
import { type PlainPacket, toPfPacket } from './plain-packet.ts';
import { trapsOf } from './traps.ts';

/** The first road: a verdict from the configuration. Prepared once for each configuration. */
export type Evaluate = (configXml: string, facts: CaseFacts) => (packet: PlainPacket) => Answer;

export interface Answer {
  readonly verdict: 'pass' | 'block' | 'reject' | 'unknown';
  /** Tracker of the rule that decided; compared where one side names a rule of the configuration. */
  readonly tracker?: string | undefined;
  /** Names of what would have to be known, where the verdict is unknown. */
  readonly unknowns?: readonly string[];
}

export interface Disagreement {
  readonly caseName: string;
  readonly packet: PlainPacket;
  readonly traps: readonly string[];
  readonly config: Answer;
  readonly rules: Answer;
  /** Line of rules.debug that decided on the second road. */
  readonly line: number | undefined;
}

export interface Report {
  readonly cases: number;
  readonly packets: number;
  readonly verdicts: readonly Disagreement[];
  /** The same verdict, from another rule. */
  readonly trackers: readonly Disagreement[];
  readonly unknownToConfig: number;
  readonly unknownToRules: number;
  /** Packets whose verdict hangs on something, by its name on either road. */
  readonly unknowns: ReadonlyMap<string, number>;
  /** Cases whose rules pf would not load, or that the second road cannot read: no packet of theirs was compared. */
  readonly refused: readonly string[];
  /** Packets that met each trap, whatever came of it. */
  readonly met: ReadonlyMap<string, number>;
}

/** Sends packets down both roads, from the edges of what each configuration of a corpus names. */
export function compareRoads(folder: string, evaluate: Evaluate, { packetsPerCase = 1_000, seed = 1 } = {}): Report {
  const report = { cases: 0, packets: 0, unknownToConfig: 0, unknownToRules: 0 };
  const verdicts: Disagreement[] = [];
  const trackers: Disagreement[] = [];
  const refused: string[] = [];
  const met = new Map<string, number>();
  const unknowns = new Map<string, number>();
  for (const one of readCorpus(folder)) {
    const secondRoad = secondRoadOf(one);
    if (typeof secondRoad === 'string') {
      refused.push(`${one.name}: ${secondRoad}`);
      continue;
    }
    const ask = evaluate(one.configXml, one.facts);
    const known = new Set([...one.configXml.matchAll(/<tracker>0*(\d+)</g)].map(([, tracker]) => tracker));
    report.cases += 1;
    for (const packet of packetsFor(one.configXml, one.facts, { count: packetsPerCase, seed: seed + report.cases })) {
      const judgement = secondRoad(packet);
      const rules = answerOf(judgement);
      const config = ask(packet);
      const traps = trapsOf(judgement, packet);
      report.packets += 1;
      count(met, traps);
      const found = { caseName: one.name, packet, traps, config, rules, line: judgement?.rule?.line };
      if (rules.verdict === 'unknown' || config.verdict === 'unknown') {
        count(unknowns, namesOf(config, rules));
        // Being sure where the rules leave it open is as wrong as another verdict.
        if (config.verdict !== 'unknown') verdicts.push(found);
        else if (rules.verdict === 'unknown') report.unknownToRules += 1;
        else report.unknownToConfig += 1;
      } else if (config.verdict !== rules.verdict) verdicts.push(found);
      else if (namesAnotherRule(config, rules, known)) trackers.push(found);
    }
  }
  return { ...report, verdicts, trackers, unknowns, refused, met };
}

function count(counts: Map<string, number>, names: Iterable<string>): void {
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Names on either road; where one knows none, that it is not told. */
function namesOf(config: Answer, rules: Answer): Set<string> {
  const names = [config, rules].flatMap(({ verdict, unknowns = [] }) => (verdict === 'unknown' ? unknowns : []));
  return new Set(names.length === 0 ? ['(no name)'] : names);
}

/** Why the rules cannot be read, or a way to judge; undefined judgements: the filter is off. */
function secondRoadOf({ rules, facts }: Case): string | ((packet: PlainPacket) => Judgement | undefined) {
  if (rules === undefined) return () => undefined;
  try {
    const loaded = loadRules(rules, { ...facts, ...kernelOf(facts) });
    return (packet) => judge(loaded, toPfPacket(packet));
  } catch (error) {
    if (error instanceof PfSyntaxError || error instanceof MissingFact) return error.message;
    throw error;
  }
}

/** The kernel of pfSense 2.7 goes on behind a quick match rule, that after 2.8 ends there; 2.8 may do either. */
function kernelOf({ version = '' }: CaseFacts): { readonly endsAtMatch?: boolean } {
  const [major = 0, minor = 0] = (/\d+\.\d+/.exec(version)?.[0] ?? '24.0').split('.').map(Number);
  if (major < 23 || (major === 23 && minor <= 3)) return { endsAtMatch: false };
  return major > 24 || (major === 24 && minor > 0) ? { endsAtMatch: true } : {};
}

function answerOf(judgement: Judgement | undefined): Answer {
  if (!judgement) return { verdict: 'pass' };
  const { verdict, rule, unknowns } = judgement;
  const rejects = verdict === 'block' && rule?.answers;
  return { verdict: rejects ? 'reject' : verdict, tracker: rule?.ridentifier, unknowns };
}

/** Trackers of rules that pfSense adds are its own business. */
function namesAnotherRule(config: Answer, rules: Answer, known: ReadonlySet<string | undefined>): boolean {
  const tracker = config.tracker?.replace(/^0+/, '');
  if (config.tracker === undefined || tracker === rules.tracker) return false;
  return known.has(tracker) || known.has(rules.tracker);
}
