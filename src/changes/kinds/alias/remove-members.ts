import { z } from 'zod';
import type { ConfigTree } from '../../../config/model.ts';
import { defineKind, refused } from '../../kind.ts';
import { withFields } from '../fields.ts';
import { AliasName, Value } from './arguments.ts';
import { entriesOf, type Owner } from './members.ts';
import { entriesIn, needAlias, needListType, withAlias } from './store.ts';

export default defineKind({
  id: 'alias.remove_members',
  summary: 'Remove members from an alias; those that are not in it are passed over.',
  tier: 'volatile',
  input: z.strictObject({
    name: AliasName,
    members: z.array(Value).min(1).max(5000).describe('As pf_alias_search shows them'),
  }),
  example: { name: 'branch_hosts', members: ['192.0.2.12'] },
  apply(config, { name, members }) {
    const { alias, index } = needAlias(config, name);
    const type = needListType(alias);
    const old = entriesIn(alias);
    const gone = new Set(
      members.flatMap((member) =>
        old.some(({ word }) => word === member) ? [member] : spellings(config, { name, type }, member),
      ),
    );
    const left = old.filter(({ word }) => !gone.has(word));
    if (left.length === old.length) return config;
    if (left.length === 0)
      throw refused(
        'members: none would be left, and rules with an empty alias match nothing.',
        'Delete the alias instead.',
      );
    const address = left.map(({ word }) => word).join(' ');
    return withAlias(
      config,
      index,
      withFields(alias, { address, detail: left.map(({ detail }) => detail ?? '').join('||') }),
    );
  },
});

/** How a member would have been stored: a network without its length, a range in its parts. */
function spellings(config: ConfigTree, owner: Owner, member: string): string[] {
  return entriesOf(config, owner, [member]).map(({ word }) => word);
}
