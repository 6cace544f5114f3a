import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { EFFECTS } from '../core/bounds.ts';
import { PfsenseError } from '../core/errors.ts';
import type { SnippetProgram } from '../ssh/php-session.ts';

const Manifest = z.array(
  z.object({ id: z.string(), sha256: z.string(), effect: z.enum(EFFECTS).optional(), class: z.string().optional() }),
);

/** Gives out snippet sources whose bytes equal the vetted ones of the manifest. */
export interface Catalogue {
  /** @throws PfsenseError `snippet_unvetted` when the file is absent or differs from the manifest. */
  program(id: string): SnippetProgram;
}

const SNIPPETS = fileURLToPath(new URL('../../php-snippets/', import.meta.url));

/** Opens the catalogue in `folder`; files are read on first use and kept. */
export function openCatalogue(folder = SNIPPETS): Catalogue {
  const hashes = readManifest(folder);
  const programs = new Map<string, SnippetProgram>();
  return {
    program(id) {
      const known = programs.get(id) ?? readProgram(folder, id, hashes.get(id));
      programs.set(id, known);
      return known;
    },
  };
}

function readManifest(folder: string): Map<string, string> {
  const entries = Manifest.parse(JSON.parse(readFileSync(`${folder}/manifest.json`, 'utf8')));
  return new Map(entries.map((entry) => [entry.id, entry.sha256]));
}

function readProgram(folder: string, id: string, vetted: string | undefined): SnippetProgram {
  if (vetted === undefined) throw unvetted(id, 'is not in the manifest');
  const source = readFileSync(`${folder}/${id}.php`, 'utf8');
  const sha256 = createHash('sha256').update(source).digest('hex');
  if (sha256 !== vetted) throw unvetted(id, 'differs from the manifest');
  return { id, sha256, source };
}

function unvetted(id: string, why: string): PfsenseError {
  return new PfsenseError('snippet_unvetted', `Snippet ${id} ${why}.`, { phase: 'start' });
}
