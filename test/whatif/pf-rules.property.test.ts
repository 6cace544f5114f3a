import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FACTS, judgementOf } from './golden.ts';
import { type PfPrefix, prefixOf, printPfAddress } from './pf-address.ts';

/** A rule of a universe with 16 sources and 8 ports, small enough to be judged by looking at it. */
interface TinyRule {
  readonly action: 'pass' | 'block' | 'match';
  readonly quick: boolean;
  readonly direction: 'in' | 'out' | undefined;
  readonly not: boolean;
  readonly source: PfPrefix | undefined;
  readonly ports: readonly [low: number, high: number] | undefined;
}

const BASE = 0x0a000000n;
const tinyRule: fc.Arbitrary<TinyRule> = fc.record({
  action: fc.constantFrom('pass', 'block', 'match'),
  quick: fc.boolean(),
  direction: fc.constantFrom('in', 'out', undefined),
  not: fc.boolean(),
  source: fc.option(
    fc
      .record({ host: fc.bigInt(0n, 15n), bits: fc.integer({ min: 28, max: 32 }) })
      .map(({ host, bits }) => prefixOf({ family: 'inet', value: BASE + host }, bits)),
    { nil: undefined },
  ),
  ports: fc.option(
    fc
      .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 7 }))
      .map(([low, size]) => [low, low + size] as const),
    { nil: undefined },
  ),
});

const tinyPacket = fc.record({
  direction: fc.constantFrom('in' as const, 'out' as const),
  host: fc.bigInt(0n, 15n),
  port: fc.integer({ min: 1, max: 15 }),
});

function print({ action, quick, direction, not, source, ports }: TinyRule): string {
  const from = source ? `from ${not ? '! ' : ''}${printPfAddress(source)}/${source.bits}` : 'from any';
  const to = ports ? `to any port ${ports[0]}:${ports[1]}` : 'to any';
  return [action, direction, quick && 'quick', 'inet proto tcp', from, to].filter(Boolean).join(' ');
}

/** The bits of an address that a prefix looks at, as text. */
const head = (value: bigint, bits: number): string => value.toString(2).padStart(32, '0').slice(0, bits);

function expected(
  rules: readonly TinyRule[],
  packet: { direction: string; host: bigint; port: number },
  endsAtMatch: boolean,
): string {
  let verdict = 'pass';
  for (const { action, quick, direction, not, source, ports } of rules) {
    const inSource = !source || (head(BASE + packet.host, source.bits) === head(source.value, source.bits)) !== not;
    const inPorts = !ports || (ports[0] <= packet.port && packet.port <= ports[1]);
    if ((direction && direction !== packet.direction) || !inSource || !inPorts) continue;
    if (action !== 'match') verdict = action;
    if (quick && (action !== 'match' || endsAtMatch)) return verdict;
  }
  return verdict;
}

it('judges as the rules read, in a universe that can be looked at', () => {
  fc.assert(
    fc.property(fc.array(tinyRule, { maxLength: 8 }), tinyPacket, fc.boolean(), (rules, packet, endsAtMatch) => {
      const source = printPfAddress({ family: 'inet', value: BASE + packet.host });
      const asked = { direction: packet.direction, source, destinationPort: packet.port };
      const judgement = judgementOf(rules.map(print).join('\n'), asked, { ...FACTS, endsAtMatch });
      expect(judgement.verdict).toBe(expected(rules, packet, endsAtMatch));
    }),
    { numRuns: 3_000 },
  );
});
