import { z } from 'zod';
import { withTree } from '../../../config/update.ts';
import { defineKind, notThere, refused } from '../../kind.ts';
import { checkAliasName } from '../object-name.ts';
import { AliasName } from './arguments.ts';
import { packageReferences, withNewName } from './references.ts';
import { ALIASES, findAlias } from './store.ts';

export default defineKind({
  id: 'alias.rename',
  summary: 'Rename an alias together with every rule, NAT rule, alias, route and VPN that uses it.',
  tier: 'volatile',
  input: z.strictObject({ name: AliasName, newName: AliasName }),
  example: { name: 'branch_hosts', newName: 'berlin_hosts' },
  apply(config, { name, newName }) {
    const [found, other] = [findAlias(config, name), findAlias(config, newName)];
    if (name === newName || (found === undefined && other !== undefined)) return config;
    if (found === undefined) throw notThere(`name: there is no alias ${name}.`, 'pf_alias_search lists them.');
    if (other !== undefined) throw refused(`newName: there is an alias ${newName} already.`);
    checkAliasName(config, newName, 'newName');
    const packages = packageReferences(config, name);
    if (packages.length > 0)
      throw refused(`name: ${packages.slice(0, 5).join(', ')} uses it, and packages keep their own settings.`);
    return withNewName(withTree(config, [...ALIASES, found.index, 'name'], newName), name, newName);
  },
});
