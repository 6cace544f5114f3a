import { expect, test } from 'vitest';
import { treeAt } from '../../../src/config/model.ts';
import { change, pageOf, sample } from './sample.ts';

const base = sample();

test('a separator is written as the page writes it', () => {
  const args = { tab: 'Guests', text: 'Second', color: 'danger', above: '1700000102' };
  const next = change(base, 'firewall_separator.add', args);
  expect(treeAt(next, 'filter/separator/guests/sep3')).toEqual({
    row: ['fr1'],
    text: 'Second',
    color: 'bg-danger',
    if: 'Guests',
  });
  expect(pageOf(next, 'Guests')).toEqual([
    '# First',
    '1700000101',
    '# Second',
    '1700000102',
    '# Third',
    '1700000103',
    '# End',
  ]);
  expect(change(next, 'firewall_separator.add', args)).toBe(next);
  const gone = change(next, 'firewall_separator.delete', { tab: 'Guests', text: 'Second' });
  expect(gone).toEqual(base);
  expect(change(gone, 'firewall_separator.delete', { tab: 'Guests', text: 'Second' })).toBe(gone);
});

test('equal texts are told apart by the rule below them', () => {
  const twice = change(base, 'firewall_separator.add', { tab: 'Guests', text: 'First' });
  expect(() => change(twice, 'firewall_separator.delete', { tab: 'Guests', text: 'First' })).toThrow(/several/);
  expect(change(twice, 'firewall_separator.delete', { tab: 'Guests', text: 'First', above: 'end' })).toEqual(base);
});

test('floating rules have their own', () => {
  const next = change(base, 'firewall_separator.add', { tab: 'floating', text: 'All' });
  expect(treeAt(next, 'filter/separator/floatingrules/sep0')).toMatchObject({ row: ['fr1'], if: 'FloatingRules' });
});
