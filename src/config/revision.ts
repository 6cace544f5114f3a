import { createHash } from 'node:crypto';
import { textAt } from './model.ts';
import { parseConfigXml } from './xml.ts';

/** What a configuration says about its own saving; everything is null where it says nothing. */
export interface Revision {
  /** sha256 of the document's bytes, in hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
  /** Seconds since the epoch. */
  readonly time: number | null;
  readonly by: string | null;
  readonly description: string | null;
}

/** pfSense writes the note of a revision one step below the root; within values a `<` is always encoded. */
const NOTE = /^[ \t]*<revision>[\s\S]{0,20000}?<\/revision>/gm;

/** The identity and the note of a document, without reading the rest of it. */
export function revisionOf(document: Buffer): Revision {
  const note = document.toString('utf8').match(NOTE)?.at(-1) ?? '';
  const said = noteOf(note);
  return { sha256: createHash('sha256').update(document).digest('hex'), bytes: document.length, ...said };
}

/** Reads `<revision>…</revision>`. */
export function noteOf(note: string): Pick<Revision, 'time' | 'by' | 'description'> {
  try {
    const tree = parseConfigXml(`<pfsense>${note}</pfsense>`);
    const time = Number(textAt(tree, 'revision/time') ?? Number.NaN);
    return {
      time: Number.isSafeInteger(time) && time > 0 ? time : null,
      by: textAt(tree, 'revision/username') ?? null,
      description: textAt(tree, 'revision/description') ?? null,
    };
  } catch {
    return { time: null, by: null, description: null };
  }
}
