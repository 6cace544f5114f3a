import { type ConfigTree, listAt } from '../config/model.ts';
import { NAT_KINDS, type NatKind, natPath, natPrints } from '../config/nat-identity.ts';

/** Where every NAT rule of the base is now, by the ids that it has there. */
export type NatTrail = Readonly<Record<NatKind, readonly Traced[]>>;

interface Traced {
  readonly match: string;
  readonly whole: string;
  /** The rule as it is now; undefined when it is gone. */
  readonly now: ConfigTree | undefined;
}

/** The beginning: every rule is as the base has it. */
export function natTrailOf(base: ConfigTree): NatTrail {
  const traced = (kind: NatKind): Traced[] => {
    const rules = listAt(base, natPath(kind));
    return natPrints(base, kind).map((print, index) => ({ ...print, now: rules[index] }));
  };
  return byKind(traced);
}

/**
 * The trail after one change. A change makes new objects of the rules that it changes and leaves the others; those that
 * it changes stay in their order, and what it adds or takes away it does not change as well.
 */
export function followNat(trail: NatTrail, before: ConfigTree, after: ConfigTree): NatTrail {
  return byKind((kind) => {
    const [old, next] = [listAt(before, natPath(kind)), listAt(after, natPath(kind))];
    if (old === next) return trail[kind];
    const [known, left] = [new Set(old), new Set(next)];
    const [gone, come] = [old.filter((rule) => !left.has(rule)), next.filter((rule) => !known.has(rule))];
    const successors = new Map(
      gone.map((rule, index) => [rule, come.length === gone.length ? come[index] : undefined]),
    );
    const successor = (rule: ConfigTree): ConfigTree | undefined => (left.has(rule) ? rule : successors.get(rule));
    return trail[kind].map((one) => ({ ...one, now: one.now && successor(one.now) }));
  });
}

/** Arguments of a change of NAT rules whose ids name the rules of the base, with the ids that those have now. */
export function withIdsOfNow(kindId: string, args: unknown, trail: NatTrail, config: ConfigTree): unknown {
  const kind = NAT_KINDS.find((one) => kindId.startsWith(`nat_${one}.`));
  if (kind === undefined || typeof args !== 'object' || args === null) return args;
  const rules = listAt(config, natPath(kind));
  const current = (id: unknown): unknown => {
    const found = trail[kind].filter(({ match, whole }) => match === id || whole === id);
    const now = found.length === 1 ? found[0]?.now : undefined;
    return (now && natPrints(config, kind)[rules.indexOf(now)]?.whole) ?? id;
  };
  return Object.fromEntries(
    Object.entries(args).map(([key, value]): [string, unknown] => {
      if (key === 'id') return [key, current(value)];
      const isPlace = key === 'position' && typeof value === 'object' && value !== null;
      return [
        key,
        isPlace ? Object.fromEntries(Object.entries(value).map(([side, id]) => [side, current(id)])) : value,
      ];
    }),
  );
}

function byKind<T>(make: (kind: NatKind) => T): Record<NatKind, T> {
  return {
    port_forward: make('port_forward'),
    outbound: make('outbound'),
    one_to_one: make('one_to_one'),
    npt: make('npt'),
  };
}
