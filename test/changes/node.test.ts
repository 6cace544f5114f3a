import { describe, expect, test } from 'vitest';
import { mustBeReady, type NodeFacts, nodeVerdict } from '../../src/changes/node.ts';

const single: NodeFacts = {
  product: 'pfSense',
  version: '2.8.0-RELEASE',
  codeConfig: '24.0',
  savedConfig: '24.0',
  carp: [],
  demotion: 0,
  isMaintenance: false,
  sendsTo: '',
  peerConfig: null,
};
const vip = (state: string) => ({ name: 'igb1 vhid 1', state });
const stops = (more: Partial<NodeFacts>, changeUntested = false): number =>
  nodeVerdict({ ...single, ...more }, { changeUntested }).stops.length;

describe('a firewall is changed', () => {
  test.each<[string, Partial<NodeFacts>]>([
    ['alone', {}],
    ['with 2.7.2', { version: '2.7.2-RELEASE', codeConfig: '23.3', savedConfig: '23.3' }],
    ['as the primary of a pair', { carp: [vip('MASTER')], sendsTo: '10.0.0.2', peerConfig: '24.0' }],
    ['alone, with what nobody shares', { carp: [vip('MASTER')] }],
    ['alone, demoted by nothing that it shares', { demotion: 240 }],
  ])('%s', (_name, more) => {
    expect(stops(more)).toBe(0);
  });

  test.each<[string, Partial<NodeFacts>]>([
    ['as the backup of a pair', { carp: [vip('MASTER'), vip('BACKUP')] }],
    ['as a primary that is not in charge', { carp: [vip('BACKUP')], sendsTo: '10.0.0.2', peerConfig: '24.0' }],
    ['while the other node does not answer', { carp: [vip('MASTER')], sendsTo: '10.0.0.2' }],
    ['while the other node has another version', { sendsTo: '10.0.0.2', peerConfig: '23.3' }],
    ['demoted', { carp: [vip('MASTER')], demotion: 240 }],
    ['in maintenance', { isMaintenance: true, carp: [vip('MASTER')] }],
    ['in the middle of an upgrade', { savedConfig: '23.3' }],
  ])('not %s, whatever the settings say', (_name, more) => {
    expect([stops(more), stops(more, true)]).toEqual([1, 1]);
    expect(() => mustBeReady(nodeVerdict({ ...single, ...more }, { changeUntested: true }))).toThrow(
      expect.objectContaining({ code: 'box_not_ready' }),
    );
  });

  test.each<[string, Partial<NodeFacts>]>([
    ['an older version', { version: '2.6.0-RELEASE' }],
    ['a newer version', { version: '2.9.0-BETA' }],
    ['another edition', { product: 'pfSense Plus', version: '24.11-RELEASE' }],
    ['an edition with a version of the other', { product: 'pfSense Plus' }],
    ['a version that it does not tell', { version: null }],
  ])('not with %s, unless the settings say so', (_name, more) => {
    expect([stops(more), stops(more, true)]).toEqual([1, 0]);
  });

  test('as part of a pair, with a word about the other node', () => {
    expect(
      nodeVerdict({ ...single, sendsTo: '10.0.0.2', peerConfig: '24.0' }, { changeUntested: false }).notes,
    ).toHaveLength(1);
  });
});
