import { describe, expect, test } from 'vitest';
import { type ChangeRequest, candidateOf } from '../../src/changes/candidate.ts';
import { KINDS } from '../../src/changes/kinds/index.ts';
import { type ConfigTree, listAt, textAt } from '../../src/config/model.ts';
import { type NatKind, natIds, natPath } from '../../src/config/nat-identity.ts';
import { OCCASION, sample } from './kinds/sample.ts';

const alias = { kind: 'alias.rename', args: { name: 'trusted', newName: 'friends' } };

/** The sample with a rule of every kind that the alias tells its packets by, and another rule behind each. */
const base = changedBy(sample(), [
  { kind: 'nat_port_forward.add', args: { ...forward(7001, 'one'), source: { address: 'trusted' } } },
  { kind: 'nat_port_forward.add', args: { ...forward(7002, 'two'), source: { address: 'trusted' } } },
  { kind: 'nat_outbound.add', args: { source: { address: 'trusted' }, description: 'one' } },
  { kind: 'nat_outbound.add', args: { source: { address: '10.77.0.0/16' }, description: 'two' } },
  { kind: 'nat_one_to_one.add', args: { ...mapping('10.10.0.31'), description: 'one' } },
  { kind: 'nat_one_to_one.add', args: { ...mapping('10.10.0.32'), description: 'two' } },
  { kind: 'nat_npt.add', args: { source: 'fd00:31::/64', destination: '2001:db8:31::/64', description: 'one' } },
  { kind: 'nat_npt.add', args: { source: 'fd00:32::/64', destination: '2001:db8:32::/64', description: 'two' } },
]);

describe.each<NatKind>(['port_forward', 'outbound', 'one_to_one', 'npt'])('an id of a %s rule', (kind) => {
  test('means the rule that has it in the base, though a change before gives it another', () => {
    const [one, two] = [idOf(kind, 'one'), idOf(kind, 'two')];
    const changed = changedBy(base, [
      alias,
      { kind: `nat_${kind}.update`, args: { id: one, description: 'changed' } },
      { kind: `nat_${kind}.update`, args: { id: one, description: 'changed again' } },
      { kind: `nat_${kind}.delete`, args: { id: two } },
    ]);
    expect(named(changed, kind)).toEqual(['changed again']);
  });

  test('still means it when the packets that it is for were changed before', () => {
    const id = idOf(kind, 'one');
    const other = kind === 'npt' ? { source: 'fd00:39::/64' } : { source: { address: '10.99.0.9' } };
    const changed = changedBy(base, [
      { kind: `nat_${kind}.update`, args: { id, ...other } },
      { kind: `nat_${kind}.delete`, args: { id } },
    ]);
    expect(named(changed, kind)).toEqual(['two']);
  });
});

test('a place is named by the id of the base as well', () => {
  const changed = changedBy(base, [
    alias,
    {
      kind: 'nat_port_forward.add',
      args: { ...forward(7003, 'three'), position: { before: idOf('port_forward', 'two') } },
    },
    {
      kind: 'nat_port_forward.move',
      args: { id: idOf('port_forward', 'one'), position: { after: idOf('port_forward', 'two') } },
    },
  ]);
  expect(named(changed, 'port_forward')).toEqual(['three', 'two', 'one']);
});

function changedBy(config: ConfigTree, changes: readonly ChangeRequest[]): ConfigTree {
  return candidateOf(config, changes, KINDS, OCCASION).config;
}

function forward(port: number, description: string): Record<string, unknown> {
  return { destination: { address: 'wanip', port }, target: '10.10.0.80', description };
}

function mapping(address: string): Record<string, unknown> {
  return { external: '203.0.113.20', source: { address }, destination: { address: 'trusted' } };
}

function idOf(kind: NatKind, description: string): string {
  const index = listAt(base, natPath(kind)).findIndex((rule) => textAt(rule, 'descr') === description);
  return natIds(base, kind)[index] ?? '';
}

/** The descriptions of the rules that this test made, as they are now. */
function named(config: ConfigTree, kind: NatKind): string[] {
  return listAt(config, natPath(kind))
    .map((rule) => textAt(rule, 'descr') ?? '')
    .filter((text) => /^(?:one|two|three|changed|changed again)$/.test(text));
}
