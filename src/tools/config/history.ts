import { z } from 'zod';
import { changeText } from '../../config/diff-text.ts';
import { PfsenseError } from '../../core/errors.ts';
import { detail } from '../detail.ts';
import { fittingPage, pageInput, pageOf, pageOutput } from '../page.ts';
import { defineTool, type ToolContext } from '../tool.ts';
import { blame, changesBetween } from './blame.ts';
import { Revision, readRevisions } from './revisions.ts';
import { CURRENT } from './section.ts';

const id = z.string().regex(/^(?:current|[0-9a-f]{1,12})$/, 'current or an id of this list');

const Shown = Revision.partial().extend({ changes: z.array(z.string()).optional() });

export default defineTool({
  name: 'pf_config_history',
  title: 'Configuration history',
  description:
    'Who changed what, when and why. Without arguments: the kept revisions, newest first. With from (and to): what changed between two, object by object. With object (filter/rule/TRACKER, aliases/alias/NAME, or a section such as unbound): the revisions that changed it. Secrets show as ‹…› that differ when they changed.',
  toolset: 'config',
  effect: 'read',
  complexity: 'config',
  isOpenWorld: false,
  input: z.strictObject({
    from: id.optional().describe('Older revision'),
    to: id.default(CURRENT).describe('Newer revision'),
    object: z.string().min(1).max(200).optional().describe('Path as answers show it'),
    detail,
    ...pageInput,
  }),
  output: z.object({
    revisions: z.array(Shown).optional(),
    changes: z.array(z.object({ object: z.string(), change: z.string() })).optional(),
    ...pageOutput,
  }),
  async run(args, { box, note }) {
    const { revisions, remarks } = await readRevisions(box);
    for (const remark of remarks) note(remark);
    const path = (args.object ?? '').split('/').filter(Boolean).join('/');
    if (args.from !== undefined) return compare(args.from, path, args, { box, note }, revisions);
    if (path !== '') return blamed(path, args, { box, note }, revisions);
    const { part, facts } = pageOf(revisions, args);
    if (revisions.length === 1) note('Nothing older than the configuration in force is kept.');
    return { revisions: part.map((revision) => shown(revision, args.detail)), ...facts };
  },
});

interface Request {
  readonly to: string;
  readonly detail: 'concise' | 'detailed';
  readonly limit: number;
  readonly cursor?: string | undefined;
}
type Hands = Pick<ToolContext, 'box' | 'note'>;

async function compare(from: string, path: string, args: Request, { box }: Hands, revisions: readonly Revision[]) {
  for (const wanted of [from, args.to]) if (!revisions.some((one) => one.id === wanted)) throw unknown();
  const changes = await changesBetween(box, [from, args.to], path);
  const rows = changes.map((change) => ({ object: change.path, change: changeText(change) }));
  const { part, facts } = fittingPage(rows, args);
  return { changes: part, ...facts };
}

/** Pages count revisions that were compared, so that a long history is walked in steps. */
async function blamed(path: string, args: Request, { box, note }: Hands, revisions: readonly Revision[]) {
  const { part, facts } = pageOf(revisions.slice(0, -1), args);
  const start = part[0] ? revisions.indexOf(part[0]) : 0;
  const found = await blame(box, revisions.slice(start, start + part.length + 1), path);
  const last = revisions.at(-1);
  if (facts.cursor === undefined)
    note(`The kept history begins at ${last?.at ?? 'an unknown time'}; what was changed before cannot be told.`);
  const rows = found.map(({ changes, ...revision }) => ({ ...shown(revision, args.detail), changes: [...changes] }));
  return { revisions: rows, ...facts, shown: rows.length };
}

function shown({ bytes, sha256, ...revision }: Revision, level: Request['detail']): z.output<typeof Shown> {
  return level === 'detailed' ? { ...revision, bytes, sha256 } : revision;
}

function unknown(): PfsenseError {
  return new PfsenseError('not_found', 'There is no such revision.', {
    phase: 'run',
    hint: 'Call pf_config_history without arguments for the list.',
  });
}
