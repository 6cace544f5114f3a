import { z } from 'zod';
import { textAt } from '../../../config/model.ts';
import { defineKind } from '../../kind.ts';
import { indexOfTunable, Tunable, tunablesOf, withTunables } from './tunables.ts';

export default defineKind({
  id: 'sysctl.delete',
  summary:
    "Delete a system tunable: pfSense's own value is back at once where it has one, else the kernel's with a boot.",
  tier: 'durable',
  input: z.strictObject({ tunable: Tunable }),
  example: { tunable: 'net.inet.tcp.sendspace' },
  apply(config, { tunable }) {
    const index = indexOfTunable(config, tunable);
    const others = tunablesOf(config).filter((item) => textAt(item, 'tunable') !== tunable);
    return index < 0 ? config : withTunables(config, others);
  },
});
