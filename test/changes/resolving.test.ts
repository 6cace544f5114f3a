import { describe, expect, test } from 'vitest';
import { type AliasNeeds, aliasNeeds } from '../../src/changes/alias-needs.ts';
import { candidateOf } from '../../src/changes/candidate.ts';
import { KINDS } from '../../src/changes/kinds/index.ts';
import { aliasVerdict } from '../../src/changes/resolving.ts';
import { listAt, textAt } from '../../src/config/model.ts';
import { withTree } from '../../src/config/update.ts';
import { OCCASION, sample } from './kinds/sample.ts';

const base = sample();

function needs(...changes: readonly (readonly [kind: string, args: Record<string, unknown>])[]): AliasNeeds {
  const order = changes.map(([kind, args]) => ({ kind, args }));
  return aliasNeeds(base, candidateOf(base, order, KINDS, OCCASION).config);
}

const rule = (address: string) => ['firewall_rule.add', { interface: 'lan', destination: { address } }] as const;

describe('what a change needs', () => {
  test('is nothing when no rule and no alias changes, though old ones name hosts and lists', () => {
    expect(needs(['nat_outbound.set_mode', { mode: 'manual' }])).toEqual({ missing: [], lists: [], inside: [] });
  });

  test('is the list of an alias that a rule in force names', () => {
    expect(needs(rule('threats')).lists).toEqual([
      { alias: 'threats', user: expect.stringMatching(/^filter rule \d+$/) },
    ]);
    expect(needs(['firewall_rule.add', { ...rule('threats')[1], disabled: true }]).lists).toEqual([]);
  });

  test('is what aliases hold at any depth, with what the change itself brings', () => {
    const inner = ['alias.create', { name: 'inner', type: 'network', members: ['threats', 'updates'] }] as const;
    const outer = ['alias.create', { name: 'outer', type: 'network', members: ['inner', '10.0.0.0/8'] }] as const;
    const host = { alias: 'updates', member: 'updates.lab.example', what: 'host' };
    expect(needs(inner, outer).inside).toEqual([
      { alias: 'inner', member: 'threats', what: 'list', isNew: true },
      { ...host, isNew: false },
    ]);
    expect(needs(rule('updates')).inside).toEqual([{ ...host, isNew: false }]);
    expect(needs(['alias.create', { name: 'ports', type: 'port', members: ['http'] }]).inside).toEqual([]);
  });

  test('is an alias that is gone while an old rule still names it', () => {
    const rules = listAt(base, 'filter/rule').map((one, index) =>
      index === 1 ? { ...Object(one), disabled: '', source: { address: 'gone_alias' } } : one,
    );
    const broken = withTree(base, ['filter', 'rule'], rules);
    const tracker = textAt(rules[1], 'tracker') ?? '';
    const change = { kind: 'firewall_rule.toggle', args: { tracker, enabled: true } };
    const { missing } = aliasNeeds(broken, candidateOf(broken, [change], KINDS, OCCASION).config);
    expect(missing).toEqual([{ word: 'gone_alias', user: `filter rule ${tracker}` }]);
  });
});

describe('of what the firewall says', () => {
  const inside = [
    { alias: 'mine', member: 'printer', what: 'host', isNew: true },
    { alias: 'mine', member: 'www.example.net', what: 'host', isNew: true },
    { alias: 'mine', member: 'threats', what: 'list', isNew: true },
  ] as const;
  const verdict = (hosts: Record<string, boolean | null>, lists: Record<string, boolean>) =>
    aliasVerdict({ missing: [], lists: [{ alias: 'blocked', user: 'filter rule 7' }], inside }, { hosts, lists });

  test('an alias that holds all that it says needs no word', () => {
    const known = { printer: true, 'www.example.net': true };
    expect(verdict(known, { threats: true, blocked: true })).toEqual({ stops: [], notes: [] });
  });

  test('a rule without its list and a name of nothing stand against it, a host without an address is told', () => {
    const { stops, notes } = verdict({ printer: false, 'www.example.net': false }, { threats: false, blocked: false });
    expect(stops.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^filter rule 7 uses the alias blocked, whose list was never/),
      expect.stringMatching(/^members: printer in mine is neither/),
    ]);
    expect(notes).toEqual([
      expect.stringMatching(/mine matches nothing for www\.example\.net/),
      expect.stringMatching(/mine holds nothing of threats/),
    ]);
  });

  test('what could not be asked is not taken for missing', () => {
    const { stops, notes } = verdict({ printer: null, 'www.example.net': null }, { threats: true, blocked: true });
    expect(stops).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/printer.*could not be asked/), expect.any(String)]);
  });
});
