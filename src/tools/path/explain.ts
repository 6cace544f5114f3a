import { z } from 'zod';
import { addressValue } from '../../config/address-set.ts';
import { PfsenseError } from '../../core/errors.ts';
import { type Compiled, compile } from '../../whatif/compile.ts';
import { evaluate } from '../../whatif/evaluate.ts';
import { interfaceOfDevice } from '../../whatif/network.ts';
import type { Packet } from '../../whatif/packet.ts';
import type { WayOut } from '../../whatif/route.ts';
import { Host } from '../diagnostic/host.ts';
import { interfaceDescriptions, interfaceNamer } from '../rule/endpoint.ts';
import { defineTool } from '../tool.ts';
import { conclude } from './conclusion.ts';
import { factsOf } from './facts.ts';
import { type Ingress, ingressOf, wayTo } from './ingress.ts';
import { type PathFacts, pathExplain } from './snippet.ts';
import { Drop, dropsOf, holdersOf, natTexts, RuleView, viewRule } from './view.ts';

export default defineTool({
  name: 'pf_path_explain',
  title: 'Why can A not reach B',
  description:
    'Whether a new connection from one address reaches another now, and why: the deciding rule (hidden ones too), NAT, route, gateway, block tables, states, last drops, ARP, in one verdict. What is not known is named, never guessed. Start here when something is blocked.',
  toolset: 'diagnostics',
  effect: 'read',
  complexity: 'firewall',
  isOpenWorld: true,
  input: z.strictObject({
    source: Host.describe('Address, or an interface for its network'),
    destination: Host.describe('Address, host name or alias'),
    protocol: z.enum(['tcp', 'udp', 'icmp', 'esp', 'gre']).default('tcp'),
    port: z.int().min(1).max(65_535).optional().describe('Destination port'),
  }),
  output: z.object({
    reaches: z.enum(['yes', 'no', 'unknown']),
    because: z.string(),
    unknowns: z.array(z.string()),
    next: z.string().describe('What to look at next'),
    from: z.string(),
    to: z.string(),
    rule: RuleView.nullable(),
    leavesBy: z.string().nullable(),
    gateway: z.object({ name: z.string(), status: z.string().nullable() }).nullable(),
    nat: z.array(z.string()),
    inTables: z.object({ source: z.array(z.string()), destination: z.array(z.string()) }),
    states: z.array(z.string()).nullable(),
    drops: z.array(Drop).nullable().describe('Last ones in the filter log, where rules log'),
  }),
  async run({ source, destination, protocol, port }, { box, note }) {
    const facts = await box.call(pathExplain, { source, destination });
    const { live } = facts;
    const [from, to] = [addressOf(facts.source, 'source'), addressOf(facts.destination, 'destination')];
    for (const text of remarks(facts)) note(text);
    const compiled = compile(facts.config, factsOf(live));
    const ingress = ingressOf(from, compiled, live);
    const end = addressValue(to);
    const route = end === undefined ? undefined : wayTo(end, compiled, live?.way);
    const packet = packetOf({ from, to, protocol, port }, ingress, route);
    const verdict = evaluate(compiled, packet);
    if (ingress.kind === 'unknown') note('Where the source comes in is not known: the rules of WAN were taken.');
    const name = namer(facts, compiled);
    const rule = viewRule(verdict.deciding, name.key);
    const target = verdict.nat.destination?.address ?? to;
    const conclusion = conclude({
      ...{ verdict, live, target, isTranslated: verdict.nat.destination !== undefined },
      ruleName: rule === null ? undefined : rule.tracker === undefined ? rule.description : rule.where,
    });
    return {
      reaches: ingress.kind === 'unknown' ? 'unknown' : conclusion.reaches,
      ...{ because: conclusion.because, next: conclusion.next },
      unknowns: [...conclusion.unknowns, ...(ingress.kind === 'unknown' ? ['interface it comes in by'] : [])],
      from: `${from}, ${ingress.kind === 'interface' ? `in at ${name.key(ingress.key)}` : ingress.kind === 'firewall' ? 'the firewall itself' : 'in at an interface that is not known'}`,
      to: `${to}${port === undefined ? '' : ` port ${port}`}, ${protocol}`,
      rule,
      leavesBy: verdict.leavesBy === null ? null : name.device(verdict.leavesBy.device),
      gateway: gatewayOf(verdict.leavesBy?.gateway ?? null, facts),
      nat: natTexts(verdict.nat),
      inTables: {
        source: holdersOf(from, facts.config, compiled, live),
        destination: holdersOf(target, facts.config, compiled, live),
      },
      states: live?.states ?? null,
      drops: dropsOf(live, name.device),
    };
  },
});

const MISSING: Readonly<Record<PathFacts['source']['how'], string>> = {
  address: 'it is no address',
  network: 'the interface has no address of that family',
  alias: 'the alias holds no address',
  name: 'no address was found behind that name',
  'no answer': 'no DNS server answered',
};

function addressOf({ address, how }: PathFacts['source'], end: string): string {
  if (address !== '') return address;
  const code = how === 'no answer' ? 'snippet_failed' : 'not_found';
  throw new PfsenseError(code, `There is no ${end}: ${MISSING[how]}.`, { phase: 'run', hint: 'Ask by address.' });
}

function remarks({ source, destination, live }: PathFacts): string[] {
  const texts: string[] = [];
  if (source.how === 'network')
    texts.push(`For the network of that interface ${source.address} was taken as the source.`);
  if (destination.how !== 'address')
    texts.push(`${destination.address} was taken as the destination, one of what stands behind its name.`);
  if (live === null) {
    texts.push('From the configuration alone: routes, tables, states, neighbours and the log were not asked.');
    return texts;
  }
  if (live.hasPending) texts.push('Changes saved in the GUI are not applied yet; the verdict takes them as applied.');
  if (live.addresses === null) texts.push('The addresses of the interfaces could not be read.');
  if (live.gateways === null) texts.push('The gateways could not be read.');
  if (live.tables === null) texts.push('The tables of pf could not be read.');
  if (live.way === null) texts.push('The route to the destination could not be asked.');
  if (live.neighbours === null) texts.push('The neighbour table could not be read.');
  if (live.states === null) texts.push('States were not searched: the table is too large, or could not be read.');
  if (live.drops === null) texts.push('The filter log could not be read.');
  return texts;
}

interface Asked {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number | undefined;
}

function packetOf({ from, to, protocol, port }: Asked, ingress: Ingress, route: WayOut | undefined): Packet {
  return {
    protocol,
    source: from,
    destination: to,
    ...(port === undefined ? {} : { destinationPort: port }),
    ...(protocol === 'icmp' ? { icmpType: 'echoreq' } : {}),
    ...(route === undefined ? {} : { route }),
    arrivesOn: ingress.kind === 'firewall' ? null : ingress.kind === 'interface' ? ingress.key : 'wan',
  };
}

function namer({ config }: PathFacts, { context }: Compiled) {
  const key = interfaceNamer(interfaceDescriptions(config));
  return {
    key,
    device: (device: string): string => {
      const known = interfaceOfDevice(context.interfaces, device);
      return known === undefined ? device : key(known.key);
    },
  };
}

function gatewayOf(address: string | null, { live }: PathFacts) {
  if (address === null) return null;
  const known = Object.entries(live?.gateways ?? {}).find(([, one]) => one.address === address);
  return known === undefined ? { name: address, status: null } : { name: known[0], status: known[1].status };
}
