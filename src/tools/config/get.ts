import { z } from 'zod';
import { type ConfigTree, isList } from '../../config/model.ts';
import { PfsenseError } from '../../core/errors.ts';
import { fittingPage, pageInput, pageOutput } from '../page.ts';
import { defineTool } from '../tool.ts';
import { CURRENT, configSection } from './section.ts';

/** A whole section beyond this is answered by its outline, in characters of JSON. */
const MAX_SECTION_CHARS = 6_000;

export default defineTool({
  name: 'pf_config_get',
  title: 'Configuration section',
  description:
    'One section of config.xml as JSON, without secrets (shown as ‹…› stand-ins). Path as in config.xml: system, interfaces/lan, filter/rule/0, unbound. Without path: the outline. Lists come in pages; a large section comes as an outline of its children to descend into.',
  toolset: 'config',
  effect: 'read',
  complexity: 'config',
  isOpenWorld: false,
  input: z.strictObject({
    path: z
      .string()
      .max(200)
      .regex(/^[A-Za-z0-9._/-]*$/, 'names, digits and / only')
      .default('')
      .describe('Section, such as dhcpd/lan/staticmap'),
    revision: z
      .string()
      .regex(/^(?:current|[0-9a-f]{1,12})$/, 'current or an id of pf_config_history')
      .default(CURRENT)
      .describe('current, or an id of pf_config_history'),
    ...pageInput,
  }),
  output: z.object({ path: z.string(), section: z.unknown(), ...pageOutput }),
  async run(args, { box, note }) {
    const path = args.path
      .split('/')
      .filter((part) => part !== '')
      .join('/');
    const { tree: clean, siblings } = await configSection(box, { path, revision: args.revision });
    if (clean === undefined) throw absent(siblings);
    const { section, facts } = cut(clean, args);
    if (section !== clean && !isList(clean))
      note('The section is large, so this is its outline; ask for a child by its path.');
    return { path, section, ...facts };
  },
});

function cut(tree: ConfigTree, request: { limit: number; cursor?: string | undefined }) {
  if (typeof tree === 'string') return { section: tree, facts: { total: 1, shown: 1 } };
  if (isList(tree)) {
    const { part, facts } = fittingPage(tree, request);
    return { section: part, facts };
  }
  const total = Object.keys(tree).length;
  const isSmall = JSON.stringify(tree).length <= MAX_SECTION_CHARS;
  return { section: isSmall ? tree : outline(tree), facts: { total, shown: total } };
}

/** Names of the children with their sizes; short texts are shown as they are. */
function outline(section: { readonly [name: string]: ConfigTree }): Record<string, string> {
  return Object.fromEntries(Object.entries(section).map(([name, child]) => [name, describe(child)]));
}

function describe(child: ConfigTree): string {
  if (typeof child === 'string') return child.length > 100 ? `text, ${child.length} characters` : child;
  return isList(child) ? `list of ${child.length}` : `section with ${Object.keys(child).length} entries`;
}

function absent(siblings: readonly string[]): PfsenseError {
  // Names of elements come from the firewall: only such as could be typed as a path are repeated.
  const known = siblings.filter((name) => /^[a-z0-9._-]{1,40}$/i.test(name));
  const hint = known.length > 0 ? `Beside it there are: ${known.join(', ')}.` : 'Ask without path for the outline.';
  return new PfsenseError('not_found', 'The configuration has no such section.', { phase: 'run', hint });
}
