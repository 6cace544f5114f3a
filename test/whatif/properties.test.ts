import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConfigSection, ConfigTree } from '../../src/config/model.ts';
import { compile } from '../../src/whatif/compile.ts';
import { evaluate } from '../../src/whatif/evaluate.ts';
import { continuityOf, isUnchangedFor } from '../../src/whatif/invariance.ts';
import { openingOf, sshReach } from '../../src/whatif/management.ts';
import type { Packet } from '../../src/whatif/packet.ts';
import { alias, OUTWARD, QUIET, rule, sample } from './sample.ts';

const ADDRESSES = ['192.168.1.50', '192.168.1.51', '198.51.100.7', '198.51.100.8', '10.1.2.3'];
const END: fc.Arbitrary<ConfigTree> = fc.oneof(
  fc.constant({ any: '' }),
  fc.constantFrom(...ADDRESSES, '198.51.100.0/24', 'hosts', 'outer').map((address) => ({ address })),
  fc.constantFrom(...ADDRESSES, 'hosts').map((address) => ({ address, not: '' })),
  fc.constantFrom('lan', 'wan', 'lanip', '(self)').map((network) => ({ network })),
);
const DESTINATION = fc
  .tuple(END, fc.constantFrom('', '443', '22', '1-1000', 'web'))
  .map(([end, port]) => (port === '' ? end : { ...(end as ConfigSection), port }));
const RULE: fc.Arbitrary<ConfigSection> = fc
  .record({
    type: fc.constantFrom('pass', 'block', 'reject', 'match'),
    interface: fc.constantFrom('lan', 'wan'),
    protocol: fc.constantFrom('tcp', 'udp', 'tcp/udp', 'any'),
    source: END,
    destination: DESTINATION,
    floating: fc.boolean(),
    quick: fc.boolean(),
    disabled: fc.boolean(),
    direction: fc.constantFrom('in', 'out', 'any'),
  })
  .map(({ floating, quick, disabled, direction, ...rest }) =>
    rule({
      ...rest,
      ...(floating ? { floating: 'yes', direction } : {}),
      ...(quick ? { quick: 'yes' } : {}),
      ...(disabled ? { disabled: '' } : {}),
    }),
  );
const RULES = fc.array(RULE, { maxLength: 8 });
const PACKET: fc.Arbitrary<Packet> = fc.record({
  protocol: fc.constantFrom('tcp', 'udp'),
  source: fc.constantFrom(...ADDRESSES),
  sourcePort: fc.constantFrom(1024, 40_000),
  destination: fc.constantFrom(...ADDRESSES, '192.168.1.1', '203.0.113.2'),
  destinationPort: fc.constantFrom(22, 443, 8443),
  arrivesOn: fc.constantFrom('lan', 'wan'),
});
const ALIASES = [
  alias('hosts', '192.168.1.50 198.51.100.7'),
  alias('outer', 'hosts 10.1.2.0/24', 'network'),
  alias('web', '443 8000:9000', 'port'),
];

function verdictOf(rules: readonly ConfigTree[], packet: Packet, aliases: readonly ConfigTree[] = ALIASES) {
  const { verdict, otherwise, unknowns, nat } = evaluate(compile(sample({ rules, aliases }), QUIET), packet);
  return { verdict, otherwise, unknowns, nat };
}

describe('whatever the rules and the packet', () => {
  test('nothing is unknown where everything is known', () => {
    fc.assert(
      fc.property(RULES, PACKET, (rules, packet) => {
        expect(verdictOf(rules, packet).unknowns).toEqual([]);
      }),
    );
  });

  test('disabled rules never matter', () => {
    fc.assert(
      fc.property(RULES, PACKET, (rules, packet) => {
        const without = rules.filter((one) => !('disabled' in one));
        expect(verdictOf(rules, packet)).toEqual(verdictOf(without, packet));
      }),
    );
  });

  test('a rule below a deciding quick one never matters', () => {
    fc.assert(
      fc.property(RULES, RULE, PACKET, (rules, more, packet) => {
        const before = compile(sample({ rules, aliases: ALIASES }), QUIET);
        const answer = evaluate(before, packet);
        // On the same tab and last, so that it stands below; legs that no quick rule settled see all rules.
        fc.pre(answer.legs.length > 0 && answer.legs.every((leg) => leg.deciding?.quick === true));
        const last: ConfigSection = { ...more, interface: 'wan' };
        const after = compile(sample({ rules: [...rules, withoutFloating(last)], aliases: ALIASES }), QUIET);
        expect(evaluate(after, packet).verdict).toBe(answer.verdict);
        expect(isUnchangedFor(packet, before, after)).toBe(true);
      }),
    );
  });

  test('the order of an alias never matters, nor whether it is nested', () => {
    fc.assert(
      fc.property(RULES, PACKET, (rules, packet) => {
        const expected = verdictOf(rules, packet);
        const turned = [
          alias('hosts', '198.51.100.7 192.168.1.50'),
          alias('outer', '10.1.2.0/24 hosts', 'network'),
          alias('web', '8000:9000 443', 'port'),
        ];
        const flat = [
          alias('hosts', '192.168.1.50 198.51.100.7'),
          alias('outer', '192.168.1.50 198.51.100.7 10.1.2.0/24', 'network'),
          alias('web', '443 8000:9000', 'port'),
        ];
        expect(verdictOf(rules, packet, turned)).toEqual(expected);
        expect(verdictOf(rules, packet, flat)).toEqual(expected);
      }),
    );
  });

  test('what is not known can only make an answer unknown, never another one', () => {
    fc.assert(
      fc.property(RULES, PACKET, fc.constantFrom('192.168.1.50', '198.51.100.7', '10.9.9.9'), (rules, packet, name) => {
        const dynamic = [alias('hosts', 'www.example.com'), ...ALIASES.slice(1)];
        const config = sample({ rules, aliases: dynamic });
        const known = {
          ...QUIET.tables,
          names: [...(QUIET.tables?.names ?? []), 'hosts', 'outer'],
          tests: {},
          contents: { ...QUIET.tables?.contents, hosts: [name], outer: [name, '10.1.2.0/24'] },
        };
        const blind = evaluate(compile(config, QUIET), packet).verdict;
        const seeing = evaluate(compile(config, { tables: known }), packet).verdict;
        expect([seeing, 'unknown']).toContain(blind);
      }),
    );
  });

  test('no change is called harmless that changes the answer', () => {
    fc.assert(
      fc.property(RULES, RULES, PACKET, (rules, others, packet) => {
        const before = compile(sample({ rules, aliases: ALIASES }), QUIET);
        const after = compile(sample({ rules: [...rules.slice(0, 2), ...others], aliases: ALIASES }), QUIET);
        if (isUnchangedFor(packet, before, after))
          expect(evaluate(after, packet).verdict).toBe(evaluate(before, packet).verdict);
      }),
      { numRuns: 400 },
    );
  });

  test('what is shown without knowing tables holds whatever they hold', () => {
    const shown = { unchanged: 0, eased: 0, open: 0 };
    const holders = fc.constantFrom('192.168.1.50', '198.51.100.7', '10.9.9.9');
    const edit = fc.record({ at: fc.nat(3), gone: fc.nat(1), more: fc.array(RULE, { maxLength: 1 }) });
    fc.assert(
      fc.property(RULES, edit, PACKET, holders, (rules, { at, gone, more }, packet, held) => {
        const aliases = [alias('hosts', 'www.example.com'), ...ALIASES.slice(1)];
        const next = rules.toSpliced(at, gone, ...more);
        const tables = {
          ...{ names: [...(QUIET.tables?.names ?? []), 'hosts', 'outer'], tests: {} },
          contents: { ...QUIET.tables?.contents, hosts: [held], outer: [held, '10.1.2.0/24'] },
        };
        const [blind, seeing] = [QUIET, { tables }].map((facts) =>
          [rules, next].map((list) => compile(sample({ rules: list, aliases }), facts)),
        );
        const [before, after] = blind ?? [];
        const [old, now] = (seeing ?? []).map((compiled) => evaluate(compiled, packet).verdict);
        if (before === undefined || after === undefined) throw new Error('nothing compiled');
        const continuity = continuityOf(packet, before, after);
        shown[continuity] += 1;
        if (continuity === 'unchanged') expect(now).toBe(old);
        if (continuity === 'eased' && old === 'pass') expect(now).toBe('pass');
      }),
      { numRuns: 800 },
    );
    expect(Math.min(shown.unchanged, shown.eased, shown.open)).toBeGreaterThan(0);
  });
});

function withoutFloating({ floating: _floating, ...rest }: ConfigSection): ConfigSection {
  return rest;
}

describe('a session that manages the firewall', () => {
  const session = { client: '192.168.1.50', server: '192.168.1.1', arrivesOn: 'lan' };

  test('is told apart from one that a change cuts off', () => {
    const allow = rule({ destination: { network: '(self)', port: '22' } });
    const before = compile(sample({ rules: [allow] }), QUIET);
    expect(sshReach(session, before)).toMatchObject({ isEnabled: true, verdict: { verdict: 'pass' } });
    const cut = compile(sample({ rules: [rule({ type: 'block' }), allow] }), QUIET);
    expect(sshReach(session, cut).verdict.verdict).toBe('block');
    const packet = openingOf(session, before);
    expect(isUnchangedFor(packet, before, cut)).toBe(false);
    expect(isUnchangedFor(packet, before, compile(sample({ rules: [allow, rule({ type: 'block' })] }), QUIET))).toBe(
      true,
    );
  });

  test('is proven untouched where no verdict can be given', () => {
    const rules = [rule({ destination: { network: '(self)', port: '22' } })];
    const more = { installedpackages: { package: [{ name: 'pkg', filter_rule_function: 'f' }] } };
    const before = compile(sample({ rules, more }));
    const after = compile(sample({ rules: [...rules, rule({ interface: 'wan' })], more }));
    expect(sshReach(session, before).verdict.verdict).toBe('unknown');
    expect(isUnchangedFor(openingOf(session, before), before, after)).toBe(true);
  });
});

test('the last of 500 rules decides when none before it matches', () => {
  const rules = Array.from({ length: 500 }, (_, index) =>
    rule({ destination: { address: `10.${index >> 8}.${index & 255}.0/24`, port: '443' } }),
  );
  const compiled = compile(sample({ rules: [...rules, rule()] }), QUIET);
  expect(evaluate(compiled, OUTWARD)).toMatchObject({ verdict: 'pass', deciding: { origin: { position: 501 } } });
});
