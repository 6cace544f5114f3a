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

/** Files of the runner, which travel together in the line that starts a session. */
const RUNNER = '_runner/';

/** Gives out sources whose bytes equal the vetted ones of the manifest. */
export interface Catalogue {
  /** @throws PfsenseError `snippet_unvetted` when the file is absent or differs from the manifest. */
  program(id: string): SnippetProgram;
  /**
   * The source of the runner.
   * @throws PfsenseError `snippet_unvetted` when a file of it is absent or differs from the manifest.
   */
  runner(): string;
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
    runner() {
      const parts = [...hashes.keys()].filter((id) => id.startsWith(RUNNER));
      const sources = parts.map((id) => readProgram(folder, id, hashes.get(id)).source);
      return `<?php\n${sources.map((source) => source.replace(/^<\?php\s/, '')).join('')}`;
    },
  };
}

/** A file that is stored on the firewall under each of these names and run there as a program. */
export interface StoredProgram {
  readonly names: readonly string[];
  readonly source: string;
  readonly sha256: string;
}

/** The dead-man's switch of a change. */
export function switchPrograms(catalogue: Catalogue): StoredProgram[] {
  return [stored(catalogue.program('_switch').source, 'switch.php', 'watch.php', 'boot.php')];
}

/** What carries a written change out and takes it back, with the steps of that name. */
export function actPrograms(catalogue: Catalogue, steps: readonly string[]): StoredProgram[] {
  return [
    stored(catalogue.program('_act').source, 'apply.php', 'revert.php'),
    stored(catalogue.runner(), 'runner.php'),
    ...steps.map((step) => stored(catalogue.program(`_steps/${step}`).source, `step-${step}.php`)),
  ];
}

/** What carries an action out, with the work of that name. */
export function actionPrograms(catalogue: Catalogue, work: string): StoredProgram[] {
  return [
    stored(catalogue.program('_action').source, 'action.php'),
    stored(catalogue.runner(), 'runner.php'),
    stored(catalogue.program(`_actions/${work}`).source, 'work.php'),
  ];
}

function stored(source: string, ...names: string[]): StoredProgram {
  return { names, source, sha256: createHash('sha256').update(source).digest('hex') };
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
