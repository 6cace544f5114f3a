import type { HaFacts } from '../ha/snippet.ts';
import type { Node } from './facts.ts';

/** What is found out about a pair, by how much it matters. */
export interface Findings {
  /** The other node would not take over as it should. */
  readonly blockers: readonly string[];
  /** What has to be known before one can say. */
  readonly unknowns: readonly string[];
  readonly warnings: readonly string[];
}

export const NOTHING: Findings = { blockers: [], unknowns: [], warnings: [] };

export function joined(findings: readonly Findings[]): Findings {
  return {
    blockers: findings.flatMap(({ blockers }) => blockers),
    unknowns: findings.flatMap(({ unknowns }) => unknowns),
    warnings: findings.flatMap(({ warnings }) => warnings),
  };
}

type Vip = HaFacts['vips'][number];

/** The CARP addresses of both nodes, each matched with its other half. */
export function carpFindings(a: Node, b: Node): Findings {
  const others = new Map(b.ha.vips.map((vip) => [keyOf(vip), vip]));
  if (a.ha.vips.length === 0 && b.ha.vips.length === 0)
    return { ...NOTHING, blockers: ['No CARP address is configured: there is nothing that could move.'] };
  const missing = [
    ...a.ha.vips.filter((vip) => !others.has(keyOf(vip))).map((vip) => onlyOn(a, b, vip)),
    ...b.ha.vips.filter((vip) => !a.ha.vips.some((own) => keyOf(own) === keyOf(vip))).map((vip) => onlyOn(b, a, vip)),
  ];
  const matched = a.ha.vips.flatMap((vip) => {
    const other = others.get(keyOf(vip));
    return other ? [vipFindings([a, vip], [b, other])] : [];
  });
  return joined([{ ...NOTHING, blockers: missing }, ...matched, rolesOf(a, b)]);
}

/** CARP knows its group by interface and VHID; the address has to be the same as well. */
function keyOf(vip: Vip): string {
  return [vip['interface'], vip['vhid'], vip['subnet'], vip['subnet_bits']].join(' ');
}

function onlyOn(has: Node, lacks: Node, vip: Vip): string {
  return `CARP address ${nameOf(vip)} is on ${has.name} only; ${lacks.name} does not have it there.`;
}

function nameOf(vip: Vip): string {
  return `${vip['subnet'] ?? ''} (vhid ${vip['vhid'] ?? ''} on ${vip['interface'] ?? ''})`;
}

type Half = readonly [Node, Vip];

function vipFindings([a, mine]: Half, [b, theirs]: Half): Findings {
  const states = [mine.state, theirs.state];
  if (states.includes(null))
    return { ...NOTHING, unknowns: [`The CARP state of ${nameOf(mine)} is not known on both nodes.`] };
  const masters = states.filter((state) => state === 'MASTER').length;
  const broken = [[a, mine.state] as const, [b, theirs.state] as const].filter(
    ([, state]) => state !== 'MASTER' && state !== 'BACKUP',
  );
  if (broken.length > 0)
    return {
      ...NOTHING,
      blockers: broken.map(
        ([node, state]) => `${nameOf(mine)} is ${state ?? 'unknown'} on ${node.name}: it cannot take part.`,
      ),
    };
  if (masters === 2)
    return {
      ...NOTHING,
      blockers: [
        `Both nodes are MASTER of ${nameOf(mine)}: they do not hear each other there (switch, VLAN, multicast, password, or another VHID).`,
      ],
    };
  if (masters === 0) return { ...NOTHING, blockers: [`Neither node is MASTER of ${nameOf(mine)}.`] };
  return { ...NOTHING, warnings: skewWarnings([a, mine], [b, theirs]) };
}

/** With the same skew chance decides who is master, and both may be after a reboot. */
function skewWarnings([, mine]: Half, [, theirs]: Half): string[] {
  const rank = (vip: Vip): number => Number(vip['advbase'] || 1) * 256 + Number(vip['advskew'] || 0);
  return rank(mine) === rank(theirs)
    ? [`${nameOf(mine)} has the same skew on both nodes, so neither is preferred.`]
    : [];
}

/** Of each node by itself: whether CARP is on, and whether it holds itself back. */
export function readiness(node: Node): Findings {
  const { name, ha } = node;
  const isStandby = ha.vips.some(({ state }) => state === 'BACKUP');
  const heldBack = [
    ...(ha.isMaintenance ? [`${name} is in CARP maintenance mode`] : []),
    ...((ha.demotion ?? 0) > 0
      ? [`CARP is demoted by ${ha.demotion} on ${name} (the kernel saw a problem there)`]
      : []),
  ];
  const sentences = heldBack.map((what) => `${what}: it takes over only when the other node falls silent.`);
  return {
    blockers: [...(ha.allow === 0 ? [`CARP is disabled on ${name}.`] : []), ...(isStandby ? sentences : [])],
    unknowns: ha.allow === null ? [`Whether CARP is enabled on ${name} is not known.`] : [],
    warnings: isStandby ? [] : heldBack.map((what) => `${what}.`),
  };
}

function rolesOf(a: Node, b: Node): Findings {
  const isMixed = [a, b].some(({ ha }) => new Set(ha.vips.map(({ state }) => state)).size > 1);
  const isKnown = [a, b].every(({ ha }) => ha.vips.every(({ state }) => state === 'MASTER' || state === 'BACKUP'));
  return isMixed && isKnown
    ? { ...NOTHING, warnings: ['The addresses are divided: each node is MASTER of some of them.'] }
    : NOTHING;
}

/** `MASTER 3, BACKUP 1` */
export function statesOf({ ha }: Node): string {
  const counts = new Map<string, number>();
  for (const { state } of ha.vips) counts.set(state ?? 'unknown', (counts.get(state ?? 'unknown') ?? 0) + 1);
  return [...counts].map(([state, count]) => `${state} ${count}`).join(', ') || 'no CARP addresses';
}
