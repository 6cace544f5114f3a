import { PfsenseError } from '../../core/errors.ts';
import type { FleetView, Look } from '../tool.ts';
import { statesOf } from './carp.ts';
import { lookAtNode, type Node } from './facts.ts';
import { compareFleet } from './fleet.ts';
import { comparisonNotes } from './notes.ts';
import type { Comparison } from './output.ts';
import { comparePair, isPair } from './pair.ts';
import { fitted } from './size.ts';

export interface CompareRequest {
  /** The firewall that was asked; it is always one of the compared. */
  readonly asked: string;
  /** Names of others, or `*`. */
  readonly compareWith: string | readonly string[];
  readonly section: string | undefined;
  readonly baseline: 'majority' | 'asked' | undefined;
}

/** Below this many there is no majority to speak of. */
const MIN_MAJORITY = 3;

/**
 * Looks at all of them and answers with exceptions.
 * @throws PfsenseError `unknown_firewall`, `bad_input`, or what every one of them failed with.
 */
export async function compare(
  request: CompareRequest,
  fleet: FleetView,
  note: (text: string) => void,
): Promise<Comparison> {
  const { section } = request;
  const names = namesOf(request, fleet.names);
  const looks = await fleet.look(names, lookAtNode);
  const nodes = looks.flatMap((look) => ('value' in look ? [look.value] : []));
  const failed = looks.flatMap((look) => ('error' in look ? [look] : []));
  const first = failed[0];
  if (nodes.length === 0 && first) throw first.error;
  const common = { asked: names.length, compared: nodes.length, couldNotLook: failed.map(failure) };
  const isAboutPair = names.length === 2 && isCluster(nodes);
  const found = isAboutPair ? pairAnswer(nodes, failed, section) : fleetAnswer(nodes, request);
  const { answer, cut } = fitted({ ...common, ...found });
  for (const text of comparisonNotes({ answer, cut, nodes, section })) note(text);
  return answer;
}

function namesOf({ asked, compareWith }: CompareRequest, known: readonly string[]): string[] {
  const given = typeof compareWith === 'string' ? compareWith.split(',') : compareWith;
  const wanted = given.map((name) => name.trim()).filter((name) => name !== '');
  const names = [...new Set([asked, ...(wanted.includes('*') ? known : wanted)])];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new PfsenseError(
      'unknown_firewall',
      `compareWith names ${unknown.length} firewalls that are not configured.`,
      {
        phase: 'input',
        hint: `Configured: ${known.join(', ')}.`,
      },
    );
  if (names.length > 1) return names;
  throw new PfsenseError('bad_input', 'compareWith names no other firewall.', {
    phase: 'input',
    hint: 'Name others, or * for all of them.',
  });
}

function isCluster([a, b]: readonly Node[]): boolean {
  return a !== undefined && isPair(a, b ?? a);
}

type Found = Omit<Comparison, 'asked' | 'compared' | 'couldNotLook'>;

function pairAnswer(nodes: readonly Node[], failed: readonly Look<Node>[], section: string | undefined): Found {
  const [a, b] = nodes;
  if (a && b) {
    const answer = comparePair(a, b, section);
    return { ...answer, deviating: answer.deviations.length + answer.differences.length > 0 ? 1 : 0 };
  }
  const because = failed.map(({ firewall }) => `${firewall} could not be looked at.`);
  const states = a ? { [a.name]: statesOf(a) } : {};
  return {
    baseline: a?.name ?? '',
    deviating: 0,
    pair: { sender: null, states, failover: 'unknown', because, warnings: [] },
    deviations: [],
    differences: [],
  };
}

function fleetAnswer(nodes: readonly Node[], { asked, section, baseline }: CompareRequest): Found {
  const byMajority = baseline === 'majority' || (baseline === undefined && nodes.length >= MIN_MAJORITY);
  const holder = byMajority ? undefined : nodes.find(({ name }) => name === asked);
  // Nothing is measured by a firewall that was not seen.
  if (!byMajority && !holder) return { baseline: asked, deviating: 0, deviations: [], differences: [] };
  return { baseline: holder?.name ?? 'majority', ...compareFleet(nodes, holder, section) };
}

function failure({ firewall, error }: { firewall: string; error: PfsenseError }) {
  const { code, message } = error.report();
  return { firewall, code, reason: message };
}
