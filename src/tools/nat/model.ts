import { z } from 'zod';
import { type ConfigTree, textAt, treeAt } from '../../config/model.ts';
import { type NatKind, natPrints } from '../../config/nat-identity.ts';
import { own } from '../../core/own.ts';
import {
  interfaceNamer,
  type NameInterface,
  optional,
  readEndpoint,
  readFamily,
  readHost,
  readNetwork,
} from '../rule/endpoint.ts';
import { automaticRules } from './automatic.ts';
import type { NatSource } from './source.ts';

export const KINDS = ['port forward', 'outbound', '1:1', 'npt'] as const;

/** One NAT rule. `source` and `destination` are as the packet arrives, `after` is what the rule makes of it. */
export const NatRule = z.object({
  id: z.string().optional().describe('What changes call it'),
  kind: z.enum(KINDS),
  position: z.int().optional().describe('Place in the GUI from 1; absent: made by pfSense itself'),
  state: z.enum(['active', 'disabled', 'ignored']).describe('ignored: the outbound mode does not use it'),
  interface: z.string(),
  family: z.string().optional(),
  protocol: z.string().optional(),
  source: z.string(),
  destination: z.string(),
  after: z.string().describe('New destination (port forward), new source (outbound), external address (1:1, npt)'),
  staticPort: z.boolean().optional(),
  reflection: z.string().optional().describe('In effect for this rule: off, proxy or pure'),
  filterRule: z.object({ tracker: z.string(), description: z.string(), enabled: z.boolean() }).optional(),
  passes: z.string().optional().describe('What lets the packets in when no filter rule is linked'),
  description: z.string(),
});
export type NatRule = z.output<typeof NatRule>;

/** All NAT rules: port forwards before 1:1 and NPt, as pf tries them for incoming packets, then outbound. */
export function natRules(source: NatSource): NatRule[] {
  const name = interfaceNamer(source.interfaces);
  return [
    ...named(
      source.forwards.map((raw, index) => portForward(raw, index, source, name)),
      source,
      'port_forward',
    ),
    ...named(
      source.oneToOne.map((raw, index) => oneToOne(raw, index, source, name)),
      source,
      'one_to_one',
    ),
    ...named(
      source.npt.map((raw, index) => npt(raw, index, name)),
      source,
      'npt',
    ),
    ...outboundRules(source, name),
  ];
}

/** With what changes call each rule; rules that match the same packets are told apart by pf_change_plan alone. */
function named(
  rules: readonly NatRule[],
  { forwards, outbound: rule, oneToOne: onetoone, npt }: NatSource,
  kind: NatKind,
) {
  const prints = natPrints({ nat: { rule: forwards, outbound: { rule }, onetoone, npt } }, kind);
  return rules.map((one, index) => {
    const id = prints[index]?.match;
    const isAlone = prints.filter(({ match }) => match === id).length === 1;
    return isAlone && id !== undefined ? { id, ...one } : one;
  });
}

/** Modes that are stored by another name than people use. */
const MODES: Readonly<Record<string, string>> = { advanced: 'manual', '': 'automatic' };

/** The outbound mode in effect; pfSense takes a missing one for automatic. */
export function outboundMode(source: NatSource): string {
  return own(MODES, source.mode) ?? source.mode;
}

function outboundRules(source: NatSource, name: NameInterface): NatRule[] {
  const mode = outboundMode(source);
  const usesManual = mode === 'manual' || mode === 'hybrid';
  const rules = source.outbound.map((raw, index) => outbound(raw, index, usesManual, name));
  const manual = named(rules, source, 'outbound');
  return mode === 'manual' || mode === 'disabled' ? manual : [...manual, ...automaticRules(source, name)];
}

function base(kind: NatRule['kind'], raw: ConfigTree, index: number, name: NameInterface) {
  return {
    kind,
    position: index + 1,
    state: has(raw, 'disabled') ? ('disabled' as const) : ('active' as const),
    interface: name(textAt(raw, 'interface') || 'wan'),
    description: textAt(raw, 'descr') ?? '',
  };
}

function has(raw: ConfigTree, key: string): boolean {
  return treeAt(raw, key) !== undefined;
}

function portForward(raw: ConfigTree, index: number, source: NatSource, name: NameInterface): NatRule {
  const port = textAt(raw, 'local-port');
  const target = textAt(raw, 'target') ?? '';
  const { description, ...facts } = base('port forward', raw, index, name);
  return {
    ...facts,
    family: readFamily(textAt(raw, 'ipprotocol')),
    protocol: textAt(raw, 'protocol') ?? 'any',
    source: readEndpoint(treeAt(raw, 'source'), name),
    destination: readEndpoint(treeAt(raw, 'destination'), name),
    after: has(raw, 'nordr') ? 'not redirected' : `${tokenOrAddress(target, name)}${port ? ` port ${port}` : ''}`,
    reflection: reflectionOf(raw, source),
    ...associationOf(raw, source),
    description,
  };
}

/** Targets are addresses or aliases, and tokens like `lanip` on newer versions. */
function tokenOrAddress(target: string, name: NameInterface): string {
  return /^(?:wan|lan|opt\d+)ip[46]?$/.test(target) ? readNetwork(target, name) : target;
}

const OWN_REFLECTION: ReadonlyMap<string, string> = new Map([
  ['enable', 'proxy'],
  ['purenat', 'pure'],
  ['disable', 'off'],
]);

function reflectionOf(raw: ConfigTree, { reflection }: NatSource): string {
  const own = OWN_REFLECTION.get(textAt(raw, 'natreflection') ?? '');
  if (own !== undefined) return `${own} (set on the rule)`;
  if (reflection.disabled) return 'off (system default)';
  return reflection.pure ? 'pure (system default)' : 'proxy (system default)';
}

function associationOf(raw: ConfigTree, source: NatSource): Pick<NatRule, 'filterRule' | 'passes'> {
  const id = textAt(raw, 'associated-rule-id') ?? '';
  if (id === 'pass') return { passes: 'the port forward itself' };
  const linked = id === '' ? undefined : source.filterRules.find((rule) => textAt(rule, 'associated-rule-id') === id);
  if (linked === undefined)
    return { passes: id === '' ? 'any matching filter rule' : 'its linked filter rule is missing' };
  return {
    filterRule: {
      tracker: textAt(linked, 'tracker') ?? '',
      description: textAt(linked, 'descr') ?? '',
      enabled: !has(linked, 'disabled'),
    },
  };
}

function outbound(raw: ConfigTree, index: number, isUsed: boolean, name: NameInterface): NatRule {
  const facts = base('outbound', raw, index, name);
  const port = (key: string): string => (textAt(raw, key) ? ` port ${textAt(raw, key)}` : '');
  const target = textAt(raw, 'target') ?? '';
  const newSource = target === '' ? `${facts.interface} address` : tokenOrAddress(target, name);
  return {
    ...facts,
    state: facts.state === 'active' && !isUsed ? 'ignored' : facts.state,
    ...optional('family', textAt(raw, 'ipprotocol') && readFamily(textAt(raw, 'ipprotocol'))),
    protocol: textAt(raw, 'protocol') || 'any',
    source: `${readNetwork(textAt(raw, 'source/network') ?? 'any', (key) => key)}${port('sourceport')}`.replace(
      / subnets\b/,
      '',
    ),
    destination: `${readHost(treeAt(raw, 'destination') ?? {}, (key) => key)}${port('dstport')}`.replace(
      / subnets\b/,
      '',
    ),
    after: has(raw, 'nonat') ? 'not translated' : `${newSource}${port('natport')}`,
    ...(has(raw, 'staticnatport') ? { staticPort: true } : {}),
  };
}

function oneToOne(raw: ConfigTree, index: number, source: NatSource, name: NameInterface): NatRule {
  const external = textAt(raw, 'external') ?? '';
  const own = textAt(raw, 'natreflection');
  const isReflected = own === 'enable' || (own !== 'disable' && source.reflection.oneToOne);
  return {
    ...base('1:1', raw, index, name),
    family: readFamily(textAt(raw, 'ipprotocol')),
    source: readEndpoint(treeAt(raw, 'source'), name),
    destination: readEndpoint(treeAt(raw, 'destination'), name),
    after: has(raw, 'nobinat') ? 'not translated' : tokenOrAddress(external, name),
    reflection: `${isReflected ? 'on' : 'off'} (${own ? 'set on the rule' : 'system default'})`,
  };
}

function npt(raw: ConfigTree, index: number, name: NameInterface): NatRule {
  return {
    ...base('npt', raw, index, name),
    family: 'IPv6',
    source: readEndpoint(treeAt(raw, 'source'), name),
    destination: 'any',
    after: readEndpoint(treeAt(raw, 'destination'), name),
  };
}
