import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { given, withFields } from '../fields.ts';
import { freeText, plainText } from '../text.ts';
import { indexOfTunable, Tunable, tunablesOf, withTunables } from './tunables.ts';

export default defineKind({
  id: 'sysctl.set',
  summary:
    "Set a system tunable (System > Advanced); 'default' is pfSense's own value. Undone if the kernel refuses it.",
  tier: 'durable',
  input: z.strictObject({
    tunable: Tunable,
    value: plainText(100).regex(/^[a-zA-Z0-9.\-_%/]+$/, 'may hold letters, digits and . - _ % /'),
    description: freeText(200)
      .trim()
      .refine((text) => !/[<>]/.test(text), 'must not hold < or >')
      .optional(),
  }),
  example: { tunable: 'net.inet.tcp.sendspace', value: '131072', description: 'For the long line' },
  apply(config, { tunable, value, description }) {
    const items = tunablesOf(config);
    const index = indexOfTunable(config, tunable);
    const old = items[index];
    if (old === undefined) return withTunables(config, [...items, { tunable, value, descr: description ?? '' }]);
    const changed = withFields(old, { value, ...given('descr', description) });
    return changed === old ? config : withTunables(config, items.with(index, changed));
  },
});
