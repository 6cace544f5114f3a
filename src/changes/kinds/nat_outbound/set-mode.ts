import { z } from 'zod';
import { textAt } from '../../../config/model.ts';
import { withTree } from '../../../config/update.ts';
import { defineKind, refused } from '../../kind.ts';
import { natRulesOf } from '../nat/list.ts';

/** pfSense says `advanced` for what its page calls manual. */
const STORED = { automatic: 'automatic', hybrid: 'hybrid', manual: 'advanced', disabled: 'disabled' } as const;

export default defineKind({
  id: 'nat_outbound.set_mode',
  summary: 'Choose who makes the outbound NAT rules: pfSense (automatic), both (hybrid), only you (manual) or nobody.',
  tier: 'volatile',
  input: z.strictObject({ mode: z.enum(['automatic', 'hybrid', 'manual', 'disabled']) }),
  example: { mode: 'hybrid' },
  apply(config, { mode }) {
    const old = textAt(config, 'nat/outbound/mode') || 'automatic';
    if (old === STORED[mode]) return config;
    const isLosing = mode === 'manual' && natRulesOf(config, 'outbound').length === 0;
    if (isLosing)
      throw refused(
        'mode: without rules of your own, manual would leave the networks inside untranslated.',
        'Add them first with nat_outbound.add (the same plan can do it); pf_nat_list shows those that pfSense makes now.',
      );
    return withTree(config, ['nat', 'outbound', 'mode'], STORED[mode]);
  },
});
