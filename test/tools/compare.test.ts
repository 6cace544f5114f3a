import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConfigSection, ConfigTree } from '../../src/config/model.ts';
import { redactTree } from '../../src/config/secrets.ts';
import { PfsenseError } from '../../src/core/errors.ts';
import { type CompareRequest, compare } from '../../src/tools/compare/compare.ts';
import type { FleetFacts, Node } from '../../src/tools/compare/facts.ts';
import { savedFacts } from '../../src/tools/compare/facts.ts';
import { compareFleet, majorityOf } from '../../src/tools/compare/fleet.ts';
import { comparePair, verdictOf } from '../../src/tools/compare/pair.ts';
import { sharedPart } from '../../src/tools/compare/synchronised.ts';
import { type HaFacts, savedHa } from '../../src/tools/ha/snippet.ts';
import type { Look } from '../../src/tools/tool.ts';

const rule = (tracker: string, more: ConfigSection = {}): ConfigSection => ({
  tracker,
  type: 'pass',
  interface: 'lan',
  descr: `rule ${tracker}`,
  ...more,
});
const vip = (more: ConfigSection = {}): ConfigSection => ({
  mode: 'carp',
  interface: 'lan',
  vhid: '10',
  advbase: '1',
  advskew: '0',
  password: 'carp secret',
  uniqid: 'u1',
  subnet: '10.0.0.1',
  subnet_bits: '24',
  ...more,
});

function config(more: ConfigSection = {}): ConfigSection {
  return {
    version: '23.3',
    system: { hostname: 'one', domain: 'example', user: [{ name: 'admin', uid: '0', 'bcrypt-hash': 'a' }] },
    interfaces: {
      wan: { if: 'igb0', descr: 'WAN', ipaddr: '192.0.2.2', subnet: '24' },
      lan: { if: 'igb1', descr: 'LAN', ipaddr: '10.0.0.2', subnet: '24' },
    },
    filter: { rule: [rule('1'), rule('2')] },
    virtualip: { vip: [vip(), { mode: 'ipalias', interface: 'lan', subnet: '10.0.0.9', subnet_bits: '32' }] },
    hasync: {
      pfsyncenabled: 'on',
      pfsyncinterface: 'lan',
      synchronizetoip: '10.0.0.3',
      synchronizerules: 'on',
      synchronizevirtualip: 'on',
    },
    ...more,
  };
}

/** As the sync of the first node leaves it. */
function standby(more: ConfigSection = {}): ConfigSection {
  return config({
    system: { hostname: 'two', domain: 'example', user: [{ name: 'admin', uid: '0', 'bcrypt-hash': 'b' }] },
    interfaces: {
      wan: { if: 'igb0', descr: 'WAN', ipaddr: '192.0.2.3', subnet: '24' },
      lan: { if: 'igb1', descr: 'LAN', ipaddr: '10.0.0.3', subnet: '24' },
    },
    virtualip: { vip: [vip({ advskew: '100' })] },
    hasync: { pfsyncenabled: 'on', pfsyncinterface: 'lan' },
    ...more,
  });
}

interface Live {
  readonly ha?: Partial<HaFacts>;
  readonly facts?: Partial<FleetFacts>;
  readonly state?: string | null;
}

function node(name: string, tree: ConfigSection, { ha, facts, state = 'MASTER' }: Live = {}): Node {
  const saved = savedHa(tree);
  return {
    name,
    config: redactTree(tree),
    ha: {
      ...saved,
      vips: saved.vips.map((one) => ({ ...one, state })),
      allow: 1,
      demotion: 0,
      preempt: 1,
      pfsyncState: 'running',
      ...ha,
    },
    facts: { ...savedFacts(tree), version: '2.7.2-RELEASE', states: 1_000, syncLog: '', ...facts },
  };
}

const first = (tree = config(), live: Live = {}) => node('one', tree, live);
const second = (tree = standby(), live: Live = {}) => node('two', tree, { state: 'BACKUP', ...live });
const compared = (a: Node, b: Node) => comparePair(a, b, undefined);

describe('a pair', () => {
  test('what is meant to differ is no difference: names, addresses, skew, admins, own aliases, hasync', () => {
    expect(compared(first(), second())).toMatchObject({
      baseline: 'one',
      pair: { sender: 'one', failover: 'yes', warnings: [] },
      deviations: [],
      differences: [],
    });
  });

  test('the order of asking changes nothing', () => {
    const [a, b] = [first(), second(standby({ filter: { rule: [rule('2'), rule('3')] } }))];
    const { pair, differences } = compared(b, a);
    expect(differences).toEqual(compared(a, b).differences);
    expect([pair.sender, pair.failover]).toEqual(['one', 'no']);
  });

  test('a rule that is not to be copied is missing on the other one, and that is right', () => {
    const withOwn = config({ filter: { rule: [rule('1'), rule('9', { nosync: '' }), rule('2')] } });
    expect(compared(first(withOwn), second()).differences).toEqual([]);
  });

  test.each<[string, Node, Node, RegExp]>([
    ['two masters', first(), second(standby(), { state: 'MASTER' }), /Both nodes are MASTER of 10\.0\.0\.1/],
    ['no master', first(config(), { state: 'BACKUP' }), second(), /Neither node is MASTER/],
    ['an address that is not there', first(), second(standby({ virtualip: { vip: [] } })), /is on one only/],
    ['INIT', first(), second(standby(), { state: 'INIT' }), /is INIT on two/],
    ['CARP off', first(), second(standby(), { ha: { allow: 0 } }), /CARP is disabled on two/],
    ['demotion of the standby', first(), second(standby(), { ha: { demotion: 240 } }), /demoted by 240 on two/],
    ['maintenance', first(), second(standby(), { ha: { isMaintenance: true } }), /two is in CARP maintenance mode/],
    ['another version', first(), second(standby({ version: '23.9' })), /configuration versions differ/],
    ['a rule', first(), second(standby({ filter: { rule: [rule('1')] } })), /objects differ in filter \(1\)/],
    [
      'another password',
      first(),
      second(standby({ virtualip: { vip: [vip({ password: 'x', advskew: '100' })] } })),
      /virtualip \(1\)/,
    ],
    [
      'an interface of another name',
      first(),
      second(
        standby({
          interfaces: { wan: { if: 'igb0', descr: 'WAN' }, lan: { if: 'igb1', descr: 'DMZ', ipaddr: '10.0.0.3' } },
        }),
      ),
      /Interface lan is LAN on one and DMZ on two/,
    ],
    [
      'no address at all',
      first(config({ virtualip: '' })),
      second(standby({ virtualip: '' })),
      /nothing that could move/,
    ],
  ])('%s: no, and why', (_what, a, b, reason) => {
    const { pair } = compared(a, b);
    expect(pair.failover).toBe('no');
    expect(pair.because).toContainEqual(expect.stringMatching(reason));
  });

  test('from files: what stands against it is known, a yes is not', () => {
    const saved = (name: string, tree: ConfigSection): Node => ({
      name,
      config: redactTree(tree),
      ha: savedHa(tree),
      facts: savedFacts(tree),
    });
    expect(compared(saved('one', config()), saved('two', standby())).pair.failover).toBe('unknown');
    expect(compared(saved('one', config()), saved('two', standby({ filter: '' }))).pair.failover).toBe('no');
  });

  test('a peer that is no address of the other one: are they a pair?', () => {
    const elsewhere = config({ hasync: { ...Object(config()['hasync']), synchronizetoip: '10.0.0.77' } });
    const { pair } = compared(first(elsewhere), second());
    expect(pair).toMatchObject({ failover: 'unknown', because: [expect.stringContaining('are they a pair?')] });
  });

  test.each<[string, Node, Node, RegExp]>([
    [
      'a failed sync',
      first(config(), {
        facts: {
          syncLog:
            'Nov 24 06:00:00 fw php-fpm[1]: /rc.filter_synchronize: An authentication failure occurred while trying to access https://x',
        },
      }),
      second(),
      /refused the user or password/,
    ],
    ['states that are not copied', first(), second(standby(), { facts: { states: 3 } }), /1000 states and two 3/],
    ['pfsync down', first(), second(standby(), { ha: { pfsyncState: 'down' } }), /pfsync is down on two/],
    ['pfsync off', first(), second(standby({ hasync: {} })), /pfsync is off on two/],
    [
      'a target that is silent',
      first(config(), { facts: { syncTarget: { address: '10.0.0.3', isReachable: false } } }),
      second(),
      /10\.0\.0\.3 did not answer one/,
    ],
    [
      'other devices',
      first(),
      second(
        standby({
          interfaces: {
            wan: { if: 'em0', descr: 'WAN', ipaddr: '192.0.2.3' },
            lan: { if: 'igb1', descr: 'LAN', ipaddr: '10.0.0.3' },
          },
        }),
      ),
      /wan is the device igb0 on one and em0 on two/,
    ],
    [
      'what is kept alike by hand',
      first(),
      second(standby({ aliases: { alias: [{ name: 'a', address: '1' }] } })),
      /Not set to be copied, and different: .*aliases \(1\)/,
    ],
  ])('%s is a warning and no obstacle', (_what, a, b, warning) => {
    const { pair } = compared(a, b);
    expect(pair.failover).toBe('yes');
    expect(pair.warnings).toContainEqual(expect.stringMatching(warning));
  });

  test('a description that differs is told, and no obstacle', () => {
    const { pair, differences } = compared(
      first(),
      second(standby({ filter: { rule: [rule('1'), rule('2', { descr: 'other' })] } })),
    );
    expect(pair.failover).toBe('yes');
    expect(differences).toMatchObject([{ section: 'filter', copied: true, objects: 1 }]);
  });

  test('an obstacle decides whatever is unknown', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string()),
        fc.array(fc.string()),
        fc.array(fc.string()),
        (blockers, unknowns, warnings) => {
          const { failover, because } = verdictOf({ blockers, unknowns, warnings });
          expect(failover).toBe(blockers.length > 0 ? 'no' : unknowns.length > 0 ? 'unknown' : 'yes');
          expect(because.length).toBeGreaterThan(0);
        },
      ),
    );
  });

  test('what both nodes share is what the sync would send, however often it is taken', () => {
    const settings = { sections: ['synchronizerules'], withAdmins: false };
    const once = sharedPart(config(), settings);
    expect(sharedPart(once, settings)).toEqual(once);
  });
});

describe('a fleet', () => {
  const box = (n: number, more: ConfigSection = {}, facts: Partial<FleetFacts> = {}) =>
    node(`fw${n}`, config({ system: { hostname: `fw${n}`, domain: 'example' }, ...more }), { facts });

  test('40 alike but one: that one is named, and nothing else is said', () => {
    const nodes = Array.from({ length: 40 }, (_, n) => (n === 7 ? box(n, { filter: { rule: [rule('1')] } }) : box(n)));
    expect(compareFleet(nodes, undefined, undefined)).toEqual({
      deviating: 1,
      deviations: [
        {
          what: 'section filter',
          usual: 'alike on 39 of 40',
          count: 1,
          firewalls: [{ firewall: 'fw7', found: '1 object differs' }],
        },
      ],
      differences: [],
    });
    expect(compareFleet(nodes, undefined, 'filter').differences).toEqual([
      {
        firewall: 'fw7',
        section: 'filter',
        objects: 1,
        changes: [expect.stringContaining("rule 'rule 2' on LAN removed")],
      },
    ]);
  });

  test('versions and packages; where packages could not be read nothing is claimed', () => {
    const nodes = [
      box(1, {}, { packages: { acme: '0.9' } }),
      box(2, {}, { packages: { acme: '0.8' }, version: '2.7.1-RELEASE' }),
      box(3, {}, { packages: { acme: '0.9' } }),
      box(4, {}, { packages: null }),
      box(5, {}, { packages: {} }),
      box(6, {}, { packages: { acme: '0.9' } }),
    ];
    expect(compareFleet(nodes, undefined, undefined).deviations).toEqual([
      { what: 'version', usual: '2.7.2-RELEASE', count: 1, firewalls: [{ firewall: 'fw2', found: '2.7.1-RELEASE' }] },
      {
        what: 'package acme',
        usual: '0.9',
        count: 2,
        firewalls: [
          { firewall: 'fw2', found: '0.8' },
          { firewall: 'fw5', found: 'not installed' },
        ],
      },
    ]);
  });

  test('different everywhere is nobody deviating; with a baseline everybody may', () => {
    const nodes = [1, 2, 3].map((n) => box(n, { unbound: { port: String(n) } }));
    const { deviations, noMajority } = compareFleet(nodes, undefined, undefined);
    expect([deviations, noMajority]).toEqual([[], [{ what: 'section unbound', variants: 3 }]]);
    const against = compareFleet(nodes, nodes[0], undefined);
    expect(against.deviations).toMatchObject([{ what: 'section unbound', count: 2 }]);
    expect(against.noMajority).toBeUndefined();
  });

  test('sections with their names in another order are the same', () => {
    const turned = (tree: ConfigTree): ConfigTree => {
      if (typeof tree === 'string') return tree;
      if (Array.isArray(tree)) return tree.map(turned);
      return Object.fromEntries(
        Object.entries(tree)
          .reverse()
          .map(([name, child]) => [name, turned(child)]),
      );
    };
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.string(), { maxKeys: 6 }), (unbound) => {
        const nodes = [box(1, { unbound }), box(2, { unbound: turned(unbound) }), box(3, { unbound })];
        expect(compareFleet(nodes, undefined, undefined)).toMatchObject({ deviating: 0, deviations: [] });
      }),
    );
  });

  test('a section with nothing in it is as good as none', () => {
    const nodes = [box(1, { cert: [''] }), box(2, { cert: '' }), box(3), box(4, { cert: {} }), box(5, { cert: [] })];
    for (const baseline of [undefined, ...nodes])
      expect(compareFleet(nodes, baseline, undefined).deviations).toEqual([]);
  });

  test('a majority is more than half', () => {
    expect(majorityOf(['a', 'a', 'b'])).toBe('a');
    expect(majorityOf(['a', 'b'])).toBeUndefined();
    expect(majorityOf([])).toBeUndefined();
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c')), (values) => {
        const usual = majorityOf(values);
        const count = values.filter((value) => value === usual).length;
        expect(usual === undefined || count * 2 > values.length).toBe(true);
      }),
    );
  });
});

describe('a whole comparison', () => {
  const nodes = new Map(
    Array.from({ length: 40 }, (_, n): [string, Node] => {
      const name = `fw${n}`;
      const odd: ConfigSection =
        n % 3 === 0 ? { filter: { rule: Array.from({ length: 90 }, (_, r) => rule(String(n * 100 + r))) } } : {};
      return [name, node(name, config({ system: { hostname: name }, unbound: { port: String(n) }, ...odd }))];
    }),
  );
  const fleet = {
    names: [...nodes.keys(), 'dead'],
    async look<T>(names: readonly string[]) {
      // The snapshots are what `work` would have brought.
      return names.map((firewall): Look<T> => {
        const value = nodes.get(firewall);
        return value
          ? { firewall, value: value as T }
          : { firewall, error: new PfsenseError('unreachable', 'No answer.', { phase: 'tcp' }) };
      });
    },
  };
  async function ask(request: Partial<CompareRequest>) {
    const notes: string[] = [];
    const all = { asked: 'fw1', compareWith: '*', section: undefined, baseline: undefined, ...request } as const;
    return { answer: await compare(all, fleet, (text) => void notes.push(text)), notes };
  }

  test('of 40 firewalls stays small, and every cut is told', async () => {
    const { answer, notes } = await ask({});
    expect(answer).toMatchObject({ asked: 41, compared: 40, deviating: 14, baseline: 'majority' });
    expect(answer.deviations).toMatchObject([{ what: 'section filter', count: 14 }]);
    expect(answer.deviations[0]?.firewalls).toHaveLength(10);
    expect(JSON.stringify(answer).length).toBeLessThan(4_000);
    expect(notes).toEqual([
      expect.stringContaining('1 of 41 firewalls could not be looked at'),
      expect.stringContaining('Not all deviating firewalls are named'),
    ]);
    const { answer: deep, notes: more } = await ask({ section: 'filter', baseline: 'asked' });
    expect(JSON.stringify(deep).length).toBeLessThan(35_000);
    expect(more).toContainEqual(expect.stringContaining('Not all changes are shown'));
  });

  test('silence means alike: what was not compared is said', async () => {
    expect((await ask({ section: 'unbound' })).notes).toContainEqual(
      expect.stringContaining('differs nearly everywhere'),
    );
    expect((await ask({ section: 'nosuch' })).notes).toContainEqual(
      expect.stringContaining('No compared firewall has'),
    );
    const { answer, notes } = await ask({ asked: 'dead', baseline: 'asked', compareWith: ['fw1', 'fw2'] });
    expect(answer).toMatchObject({ baseline: 'dead', deviations: [] });
    expect(notes).toContainEqual(expect.stringContaining('nothing was compared with it'));
  });

  test('names: spaces and doubles do no harm, unknown ones do', async () => {
    expect((await ask({ compareWith: ' fw2, fw3 ,fw2,fw1' })).answer.asked).toBe(3);
    await expect(ask({ compareWith: ['nosuch'] })).rejects.toMatchObject({ code: 'unknown_firewall' });
    await expect(ask({ compareWith: 'fw1' })).rejects.toMatchObject({ code: 'bad_input' });
    await expect(ask({ asked: 'dead', compareWith: 'dead' })).rejects.toMatchObject({ code: 'bad_input' });
  });
});
