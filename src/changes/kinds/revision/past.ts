import { z } from 'zod';
import { type ConfigTree, textAt } from '../../../config/model.ts';
import { type Occasion, refused } from '../../kind.ts';
import { revisionTree } from '../../supplies.ts';

export const RevisionId = z
  .string()
  .regex(/^[0-9]{1,12}$/, 'a number of pf_config_history')
  .describe('Of a revision that the firewall keeps, from pf_config_history');

/**
 * An earlier configuration of the firewall that can be put beside the one in force.
 * @throws PfsenseError `bad_input` when another version of pfSense wrote it
 */
export function pastConfig(config: ConfigTree, revision: string, occasion: Occasion): ConfigTree {
  const past = revisionTree(occasion, revision);
  const [then, now] = [past, config].map((tree) => textAt(tree, 'version') ?? 'none');
  if (then === now) return past;
  throw refused(
    `revision: ${revision} has the configuration version ${then}, and the firewall works with ${now}: pfSense would have to upgrade it.`,
    'Restore it in the GUI (Diagnostics > Backup & Restore > Config History) and reboot, which upgrades it; or bring single objects back with their own kinds.',
  );
}
