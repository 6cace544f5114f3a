import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type ConfigTree, entriesAt } from '../../../config/model.ts';
import { sectionOf } from '../../../config/update.ts';
import { own } from '../../../core/own.ts';
import { defineKind } from '../../kind.ts';
import { pastConfig, RevisionId } from './past.ts';

export default defineKind({
  id: 'revision.restore',
  summary:
    'Bring the whole configuration back as a kept revision has it, as one change: all sections that differ are set and brought into force where a step is known.',
  tier: 'durable',
  level: 'dangerous',
  input: z.strictObject({ revision: RevisionId }),
  example: { revision: '1795000000' },
  needs: ({ revision }) => [{ revision }],
  apply: (config, { revision }, occasion) => restored(config, pastConfig(config, revision, occasion)),
});

/** Says when and by whom a configuration was written, so that it is never that of another one. */
const NOTE = 'revision';

function restored(config: ConfigTree, past: ConfigTree): ConfigTree {
  const now = sectionOf(config);
  const then = entriesAt(past, '').filter(([name]) => name !== NOTE);
  // What is the same stays the very same: it need not be looked at again.
  const sections = then.map(([name, tree]): [string, ConfigTree] => {
    const present = own(now, name);
    return [name, present !== undefined && isDeepStrictEqual(present, tree) ? present : tree];
  });
  const note: [string, ConfigTree][] = now[NOTE] === undefined ? [] : [[NOTE, now[NOTE]]];
  const next = Object.fromEntries([...sections, ...note]);
  return isDeepStrictEqual(next, now) ? config : next;
}
