import { z } from 'zod';
import { withoutTree } from '../../../config/update.ts';
import { defineKind, refused } from '../../kind.ts';
import { separatorPath } from '../separators.ts';
import { Above, rowAbove, separatorFields, separatorsOf } from './arguments.ts';

export default defineKind({
  id: 'firewall_separator.delete',
  summary: 'Delete a separator of the filter rules.',
  tier: 'volatile',
  input: z.strictObject({ ...separatorFields, above: Above.optional().describe('Needed when several have this text') }),
  example: { tab: 'lan', text: 'Guests' },
  apply(config, { tab, text, above }) {
    const row = above === undefined ? undefined : rowAbove(config, tab, above);
    const [found, other] = separatorsOf(config, tab).filter(
      (one) => one.text === text && (row === undefined || one.row === row),
    );
    if (found === undefined) return config;
    if (other !== undefined) throw refused('text: several separators have it; say with `above` which one is meant.');
    return withoutTree(config, [...separatorPath(tab), found.name]);
  },
});
