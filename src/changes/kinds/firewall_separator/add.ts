import { z } from 'zod';
import { withTree } from '../../../config/update.ts';
import { defineKind } from '../../kind.ts';
import { separatorPath } from '../separators.ts';
import { Above, checkTab, rowAbove, separatorFields, separatorsOf } from './arguments.ts';

export default defineKind({
  id: 'firewall_separator.add',
  summary: 'Add a separator (a coloured heading) above a filter rule. It does not change what passes.',
  tier: 'volatile',
  input: z.strictObject({
    ...separatorFields,
    color: z.enum(['info', 'success', 'warning', 'danger']).default('info').describe('Blue, green, orange or red'),
    above: Above.default('end'),
  }),
  example: { tab: 'lan', text: 'Guests', color: 'warning', above: '1700000004' },
  apply(config, { tab, text, color, above }) {
    checkTab(config, tab);
    const row = rowAbove(config, tab, above);
    const others = separatorsOf(config, tab);
    if (others.some((other) => other.text === text && other.row === row)) return config;
    const path = separatorPath(tab);
    const separator = {
      row: [`fr${row}`],
      text,
      color: `bg-${color}`,
      if: path.at(-1) === 'floatingrules' ? 'FloatingRules' : tab,
    };
    return withTree(config, [...path, freeName(others.map(({ name }) => name))], separator);
  },
});

function freeName(taken: readonly string[]): string {
  let number = 0;
  while (taken.includes(`sep${number}`)) number += 1;
  return `sep${number}`;
}
