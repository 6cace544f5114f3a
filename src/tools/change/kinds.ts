import { z } from 'zod';
import type { ChangeKind } from '../../changes/kind.ts';
import { PfsenseError } from '../../core/errors.ts';
import { nearestName } from '../../core/names.ts';
import { defineTool } from '../tool.ts';
import { TRIALS } from './trials.ts';

export default defineTool({
  name: 'pf_change_kinds',
  title: 'Kinds of change',
  description:
    'What pf_change_plan can change. Without kind: the list. With kind: its arguments as JSON schema and an example.',
  toolset: 'change',
  effect: 'read',
  level: 'config',
  complexity: 'simple',
  isOpenWorld: false,
  target: 'local',
  input: z.strictObject({ kind: z.string().max(60).optional() }),
  output: z.object({
    kinds: z.record(z.string(), z.string()).optional(),
    kind: z.string().optional(),
    schema: z.record(z.string(), z.unknown()).optional(),
    example: z.record(z.string(), z.unknown()).optional(),
    trial: z.string().optional(),
    level: z.string().optional().describe('Permission that it takes'),
  }),
  async run({ kind: wanted }) {
    const { KINDS } = await import('./work.ts');
    if (wanted === undefined) return { kinds: Object.fromEntries(KINDS.map(({ id, summary }) => [id, summary])) };
    const kind = KINDS.find(({ id }) => id === wanted);
    if (!kind) throw unknown(wanted, KINDS);
    const { $schema: _dialect, ...schema } = z.toJSONSchema(kind.input, { io: 'input' });
    const { level = 'config', example, tier } = kind;
    return { kind: kind.id, schema, example: { kind: kind.id, args: example }, trial: TRIALS[tier], level };
  },
});

function unknown(wanted: string, kinds: readonly ChangeKind[]): PfsenseError {
  const nearest = nearestName(
    wanted,
    kinds.map(({ id }) => id),
  );
  return new PfsenseError('not_found', 'There is no such kind of change.', {
    phase: 'input',
    hint: nearest === undefined ? 'Call it without kind for the list.' : `Did you mean ${nearest}?`,
  });
}
