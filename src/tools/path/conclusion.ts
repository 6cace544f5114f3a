import { canonicalAddress } from '../../config/address.ts';
import { own } from '../../core/own.ts';
import type { Verdict } from '../../whatif/verdict.ts';
import type { Live } from './snippet.ts';

/** What was found out, as far as it decides whether the destination is reached. */
export interface Findings {
  readonly verdict: Verdict;
  readonly live: Live | null;
  /** Address that packets go to after translation. */
  readonly target: string;
  /** `LAN 3` of the deciding rule, or the name of a hidden one. */
  readonly ruleName: string | undefined;
  readonly isTranslated: boolean;
}

export interface Conclusion {
  readonly reaches: 'yes' | 'no' | 'unknown';
  /** One sentence of ours; it holds no text of the firewall but names of interfaces. */
  readonly because: string;
  readonly next: string;
  readonly unknowns: readonly string[];
}

/** One verdict out of rules, routing, links and neighbours; the first thing that stops packets counts. */
export function conclude(findings: Findings): Conclusion {
  const { verdict } = findings;
  const unknowns = [...verdict.unknowns];
  const stop = filterStop(findings) ?? hiddenStop(findings);
  if (stop !== undefined) return { reaches: 'no', ...stop, unknowns };
  if (verdict.verdict === 'unknown')
    return {
      reaches: 'unknown',
      because: `It ${verdict.otherwise === 'pass' ? 'passes' : 'is stopped'} by ${rule(findings)} unless one of the unknowns says otherwise.`,
      next: 'Look at the unknowns on the firewall: tables with pf_diagnostic_run, host names and lists with pf_alias_search.',
      unknowns,
    };
  return { reaches: 'yes', because: passed(findings), ...after(findings, unknowns) };
}

function rule({ ruleName }: Findings): string {
  return ruleName === undefined ? 'no rule at all' : `rule "${ruleName}"`;
}

type Stop = Pick<Conclusion, 'because' | 'next'>;

function filterStop(findings: Findings): Stop | undefined {
  const { verdict } = findings;
  if (verdict.verdict !== 'block' && verdict.verdict !== 'reject') return undefined;
  const way = verdict.decidedAt === 'out' ? 'going out' : 'coming in';
  const doing = verdict.verdict === 'reject' ? 'rejects' : 'blocks';
  const { origin } = verdict.deciding ?? {};
  const isDefault = origin?.kind === 'hidden' && origin.name.startsWith('Default deny');
  return {
    because: isDefault
      ? `No rule allows it ${way}, so the default blocks it.`
      : `The firewall ${doing} it ${way}, by ${rule(findings)}.`,
    next: isDefault
      ? 'pf_rule_search on the incoming interface: is a rule for it missing, disabled or out of schedule.'
      : 'pf_rule_search for that rule, or pf_diagnostic_run pf_tables when a block table holds the address.',
  };
}

/** What stops packets though rules let them through. */
function hiddenStop({ verdict, live, target }: Findings): Stop | undefined {
  if (live === null || verdict.verdict === 'unknown') return undefined;
  const { leavesBy, isForFirewall } = verdict;
  if (isForFirewall === true) return undefined;
  const isPlain = verdict.nat.destination === undefined;
  if (isPlain && live.way !== null && live.way.found === null && leavesBy === null)
    return {
      because: 'Rules allow it, but the firewall has no route there.',
      next: 'pf_route_list and pf_gateway_status.',
    };
  if (isPlain && live.way?.found?.isReject === true)
    return { because: 'Rules allow it, but its route throws packets away.', next: 'pf_route_list with to.' };
  const why = leavesBy === null ? undefined : own(live.down, leavesBy.device);
  if (why !== undefined)
    return { because: `Rules allow it, but the interface it leaves by is ${why}.`, next: 'pf_interface_list.' };
  const down = Object.values(live.gateways ?? {}).some(
    (one) => one.address !== null && one.address === leavesBy?.gateway && !one.isUp,
  );
  if (down) return { because: 'Rules allow it, but its gateway is down.', next: 'pf_gateway_status.' };
  if (leavesBy?.gateway === null && seen(live, target) === false)
    return {
      because: 'Rules allow it, but the destination does not answer ARP or NDP on its own network.',
      next: 'Is the host on, in this network and VLAN? pf_host_explain.',
    };
  return undefined;
}

/** Whether a neighbour is known; undefined: never asked for. */
function seen({ neighbours }: Live, address: string): boolean | undefined {
  return neighbours?.[canonicalAddress(address)];
}

function passed(findings: Findings): string {
  const { verdict, isTranslated } = findings;
  if (verdict.legs.length === 0) return 'The filter is switched off: everything passes.';
  const where = verdict.isForFirewall === true ? 'reaches the firewall itself' : 'is let through';
  return `It ${where}${isTranslated ? ' after translation' : ''}, by ${rule(findings)}.`;
}

function after(
  { verdict, live, target }: Findings,
  unknowns: readonly string[],
): Pick<Conclusion, 'next' | 'unknowns'> {
  if (live === null) return { next: 'Ask the live firewall for tables, routes, states and the log.', unknowns };
  if (verdict.isForFirewall === true) return { next: 'pf_service_list: does the service listen.', unknowns };
  if ((live.states?.length ?? 0) > 0)
    return { next: 'A state exists: see its bytes with pf_state_search; then the host itself.', unknowns };
  const hop = verdict.leavesBy?.gateway ?? target;
  const isSeen = seen(live, hop) === true;
  return {
    next: 'If it still fails: pf_packet_capture on the outgoing interface, then the host and its own firewall.',
    unknowns: [...unknowns, ...(isSeen ? [] : ['whether the next hop answers'])],
  };
}
