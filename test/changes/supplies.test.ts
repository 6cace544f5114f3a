import { expect, test } from 'vitest';
import { KINDS } from '../../src/changes/kinds/index.ts';
import { suppliesFor } from '../../src/changes/supplies.ts';
import type { Box } from '../../src/pfsense/box.ts';

/** A firewall that keeps every revision, and what was asked of it. */
function keeper(): { box: Box; read: string[] } {
  const read: string[] = [];
  const live = {
    readRevision: async (revision: string) => {
      read.push(revision);
      return { version: revision };
    },
  };
  // Nothing else of a box is asked here.
  return { box: { name: 'fw', live } as unknown as Box, read };
}

const restore = (revision: string, object = 'filter/rule/1') => ({
  kind: 'object.restore',
  args: { revision, object },
});

test('a revision is read once, however many changes take from it', async () => {
  const { box, read } = keeper();
  const changes = [restore('1'), restore('1', 'aliases/alias/a'), restore('2')];
  const { revisions } = await suppliesFor(box, changes, KINDS);
  expect(read).toEqual(['1', '2']);
  expect(revisions?.get('2')).toEqual({ version: '2' });
});

test('a plan takes from a few revisions only', async () => {
  const { box, read } = keeper();
  await expect(
    suppliesFor(
      box,
      ['1', '2', '3', '4'].map((id) => restore(id)),
      KINDS,
    ),
  ).rejects.toThrow(/3 revisions/);
  expect(read).toEqual([]);
});

test('what a schema refuses is not asked for', async () => {
  const { box, read } = keeper();
  await suppliesFor(
    box,
    [restore('../../etc/passwd'), { kind: 'revision.restore', args: { revision: '1;id' } }],
    KINDS,
  );
  expect(read).toEqual([]);
});
