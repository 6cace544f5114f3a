import type { Compiled } from './compile.ts';
import { type Journey, journeysOf, type Unfollowed } from './journey.ts';
import type { Packet } from './packet.ts';
import type { Leg, Verdict } from './verdict.ts';

/**
 * What the firewall does with the first packet of a connection.
 * @throws PfsenseError `bad_input` for addresses that cannot be read or do not fit together
 */
export function evaluate(compiled: Compiled, packet: Packet): Verdict {
  const journeys = journeysOf(compiled, packet);
  return Array.isArray(journeys) ? combined(journeys) : nothing(journeys);
}

/**
 * What the firewall does with it where it arrives, or where it leaves when the firewall sends it, whatever comes later.
 * @throws PfsenseError as {@link evaluate}
 */
export function evaluateFirstPassage(compiled: Compiled, packet: Packet): Verdict {
  const journeys = journeysOf(compiled, packet);
  if (!Array.isArray(journeys)) return nothing(journeys);
  return combined(journeys.map((one) => ({ ...one, legs: one.legs.slice(0, 1) })));
}

function nothing({ otherwise, unknowns }: Unfollowed): Verdict {
  return {
    ...{ verdict: unknowns.length === 0 ? otherwise : 'unknown', otherwise, unknowns, legs: [], nat: {} },
    ...{ deciding: undefined, decidingIndex: undefined, decidedAt: 'nowhere', isForFirewall: null, leavesBy: null },
  };
}

/** One verdict out of all ways the packet may take; the first is taken when nothing unknown interferes. */
function combined(journeys: readonly Journey[]): Verdict {
  const [main, ...others] = journeys;
  if (main === undefined) return nothing({ otherwise: 'block', unknowns: ['which way it takes'] });
  const stopped = main.legs.find(({ otherwise }) => otherwise !== 'pass');
  const telling = stopped ?? main.legs[0];
  const otherwise = stopped?.otherwise ?? 'pass';
  const own = unique(main.legs.flatMap(({ unknowns }) => unknowns));
  const turning = others.flatMap((one) =>
    settled(one) === otherwise ? [] : [...one.unless, ...one.legs.flatMap(({ unknowns }) => unknowns)],
  );
  const unknowns = unique([...(settled(main) === otherwise ? [] : own), ...turning]);
  return {
    verdict: unknowns.length === 0 ? otherwise : 'unknown',
    otherwise,
    unknowns,
    deciding: telling?.deciding,
    decidingIndex: telling?.deciding?.index,
    decidedAt: telling?.direction ?? 'nowhere',
    legs: main.legs,
    nat: main.nat,
    isForFirewall: main.isForFirewall,
    leavesBy: main.leavesBy,
  };
}

/** What happens on this way for certain. */
function settled({ legs }: Journey): Leg['effect'] {
  const first = legs.find(({ effect }) => effect !== 'pass');
  return first?.effect ?? 'pass';
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
