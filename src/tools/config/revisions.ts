import { z } from 'zod';
import { noteOf } from '../../config/revision.ts';
import type { Box } from '../../pfsense/box.ts';
import type { SavedConfig } from '../../pfsense/config-files.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { CURRENT } from './section.ts';

const Entry = z.object({ id: z.string(), bytes: z.int(), sha256: z.string(), note: z.string() });

const configHistory = defineSnippet({
  id: 'config/history',
  effect: 'read',
  complexity: 'config',
  revisioned: true,
  input: z.strictObject({}),
  output: z.object({
    current: Entry.nullable(),
    /** Null when the folder of backups cannot be read. */
    saved: z.array(Entry).nullable(),
    unreadable: z.int(),
    /** What pfSense's own index says; null when there is none. */
    listed: z.array(z.object({ id: z.string(), description: z.string() })).nullable(),
  }),
  fromFiles: ({ current, history, unusable }) => ({
    current: savedEntry(current, CURRENT),
    saved: history.map((saved) => savedEntry(saved, saved.id)),
    unreadable: unusable,
    listed: null,
  }),
});

/** A note that reads as the one in the document does. */
function savedEntry({ bytes, sha256, time, by, description }: SavedConfig, id: string): z.output<typeof Entry> {
  const fields = Object.entries({ time: time?.toString() ?? null, username: by, description });
  const inner = fields.map(([name, text]) => (text === null ? '' : `<${name}><![CDATA[${encoded(text)}]]></${name}>`));
  return { id, bytes, sha256, note: `<revision>${inner.join('')}</revision>` };
}

function encoded(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** One revision as people look for it. */
export const Revision = z.object({
  id: z.string().describe('current, or what it is called in other arguments'),
  at: z.string().nullable(),
  by: z.string().nullable(),
  description: z.string().nullable(),
  bytes: z.int(),
  sha256: z.string(),
});
export type Revision = z.output<typeof Revision>;

export interface Revisions {
  /** The newest first; the one in force is first of all. */
  readonly revisions: readonly Revision[];
  /** Sentences about what could not be looked at. */
  readonly remarks: readonly string[];
}

/** All revisions that there are. */
export async function readRevisions(box: Box): Promise<Revisions> {
  const { current, saved, unreadable, listed } = await box.call(configHistory, {});
  const descriptions = new Map(listed?.map(({ id, description }) => [id, description]));
  const older = (saved ?? []).map((entry) => revisionFrom(entry, descriptions.get(entry.id)));
  older.sort((a, b) => (b.at ?? '').localeCompare(a.at ?? '') || b.id.localeCompare(a.id));
  const gone = (listed ?? []).filter(({ id }) => !saved?.some((entry) => entry.id === id)).length;
  return {
    revisions: [...(current ? [revisionFrom(current, undefined)] : []), ...older],
    remarks: [
      ...(current ? [] : ['The configuration in force could not be read.']),
      ...(saved === null ? ['The backups could not be read; only the configuration in force is known.'] : []),
      ...(unreadable > 0 ? [`${unreadable} files are no configurations that could be read.`] : []),
      ...(gone > 0 ? [`${gone} revisions stand in the index of the firewall, but their files are gone.`] : []),
    ],
  };
}

/** The note of the document itself; where it has none, the index, and the time that the file is named after. */
function revisionFrom({ id, bytes, sha256, note }: z.output<typeof Entry>, listed: string | undefined): Revision {
  const { time, by, description } = noteOf(note);
  const seconds = time ?? (/^\d{9,12}$/.test(id) ? Number(id) : null);
  return {
    id,
    at: seconds === null ? null : new Date(seconds * 1000).toISOString(),
    by,
    description: description ?? listed ?? null,
    bytes,
    sha256: sha256.slice(0, 16),
  };
}
