import { z } from 'zod';
import { withTree } from '../../../config/update.ts';
import { defineKind, refused } from '../../kind.ts';
import { aliasesOf } from '../aliases.ts';
import { AliasName } from './arguments.ts';
import { referencesTo } from './references.ts';
import { ALIASES, findAlias } from './store.ts';

export default defineKind({
  id: 'alias.delete',
  summary: 'Delete an alias that nothing uses.',
  tier: 'volatile',
  input: z.strictObject({ name: AliasName }),
  example: { name: 'branch_hosts' },
  apply(config, { name }) {
    const found = findAlias(config, name);
    if (found === undefined) return config;
    const users = referencesTo(config, name);
    if (users.length > 0)
      throw refused(
        `name: the alias ${name} is in use by ${users.slice(0, 8).join(', ')}${users.length > 8 ? ` and ${users.length - 8} more` : ''}.`,
        'Change or delete those first; the same plan can do it.',
      );
    return withTree(config, ALIASES, aliasesOf(config).toSpliced(found.index, 1));
  },
});
