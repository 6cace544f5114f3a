import { z } from 'zod';
import { type ConfigTree, entriesAt, treeAt } from '../../config/model.ts';
import { redactTree, SECRET_NAME, SECRET_PATHS, SECRET_PLACE, SECRET_TAGS } from '../../config/secrets.ts';
import { PfsenseError } from '../../core/errors.ts';
import { pseudonymKey } from '../../core/pseudonym.ts';
import type { Box } from '../../pfsense/box.ts';
import type { ConfigFiles } from '../../pfsense/config-files.ts';
import { ConfigReply } from '../../pfsense/config-reply.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';

/** The configuration that is in force; other revisions are called by their time. */
export const CURRENT = 'current';

const Found = z.object({ found: z.boolean(), tree: ConfigReply.nullable(), siblings: z.array(z.string()) });

const configGet = defineSnippet({
  id: 'config/get',
  effect: 'read',
  complexity: 'config',
  revisioned: true,
  input: z.strictObject({
    path: z.string(),
    revision: z.string(),
    secretNames: z.array(z.string()),
    secretPaths: z.array(z.string()),
    secretName: z.string(),
    secretPlace: z.string(),
    pseudonymKey: z.string(),
  }),
  output: Found,
  fromConfig(config, { path, revision }) {
    if (revision === '') return sectionOf(config, path);
    throw new PfsenseError('live_only', 'A single configuration has no older revisions.', { phase: 'run' });
  },
  fromFiles: (files, { path, revision }) => sectionOf(savedConfig(files, revision).tree(), path),
});

function sectionOf(config: ConfigTree, path: string): z.output<typeof Found> {
  const tree = treeAt(config, path);
  const parent = path.split('/').slice(0, -1).join('/');
  const siblings = tree === undefined ? entriesAt(config, parent).map(([name]) => name) : [];
  return { found: tree !== undefined, tree: tree ?? null, siblings: siblings.slice(0, 60) };
}

function savedConfig({ current, history }: ConfigFiles, revision: string) {
  const saved = revision === '' ? current : [current, ...history].find(({ id }) => id === revision);
  if (saved) return saved;
  throw new PfsenseError('not_found', 'There is no such revision.', {
    phase: 'run',
    hint: 'Take an id from the list that `pf_config_history` gives.',
  });
}

export interface SectionRequest {
  /** As in config.xml, without empty steps; the root when it is empty. */
  readonly path: string;
  /** CURRENT, or the id of an older revision. */
  readonly revision: string;
}

/** A section without secrets: the firewall takes out what their names tell, this what their looks tell. */
export async function configSection(box: Box, { path, revision }: SectionRequest) {
  const { found, tree, siblings } = await box.call(configGet, {
    path,
    revision: revision === CURRENT ? '' : revision,
    secretNames: [...SECRET_TAGS],
    secretPaths: [...SECRET_PATHS],
    secretName: SECRET_NAME,
    secretPlace: SECRET_PLACE,
    pseudonymKey: pseudonymKey(),
  });
  if (!found || tree === null) return { tree: undefined, siblings };
  return { tree: redactTree(tree, path === '' ? [] : path.split('/')), siblings };
}
