import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { withFields } from '../fields.ts';
import { AliasName, Members } from './arguments.ts';
import { checkCount, entriesOf } from './members.ts';
import { entriesIn, memberFields, needAlias, needListType, withAlias } from './store.ts';

export default defineKind({
  id: 'alias.add_members',
  summary: 'Add members to an alias; those that are in it already stay as they are.',
  tier: 'volatile',
  input: z.strictObject({ name: AliasName, members: Members.min(1) }),
  example: { name: 'branch_hosts', members: ['192.0.2.12'] },
  apply(config, { name, members }, occasion) {
    const { alias, index } = needAlias(config, name);
    const old = entriesIn(alias);
    const taken = new Set(old.map(({ word }) => word));
    const added = entriesOf(config, { name, type: needListType(alias) }, members).filter(
      ({ word }) => !taken.has(word) && taken.add(word),
    );
    if (added.length === 0) return config;
    checkCount(old.length + added.length);
    // Old members keep their descriptions, the empty ones too: they say nothing about when those came.
    const { address, detail } = memberFields(added, occasion);
    const words = [...old.map(({ word }) => word), address];
    const details = [...old.map((entry) => entry.detail ?? ''), detail];
    return withAlias(config, index, withFields(alias, { address: words.join(' '), detail: details.join('||') }));
  },
});
