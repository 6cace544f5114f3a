import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ConfigTree } from '../config/model.ts';
import { redactTree } from '../config/secrets.ts';
import { wallMs } from '../core/clock.ts';

/** The configuration as it was last seen, without its secrets. */
export interface KnownConfig {
  readonly tree: ConfigTree;
  /** Wall-clock time of the reading, in milliseconds since the epoch. */
  readonly readAt: number;
}

const Stored = z.object({ readAt: z.number(), tree: z.custom<ConfigTree>() });

/** The copies of all firewalls, one file each, mode 0600, in `folder`. */
export class LastKnownGood {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The copy of one firewall, or undefined when there is none that can be read. */
  load(firewall: string): KnownConfig | undefined {
    try {
      return Stored.parse(JSON.parse(readFileSync(this.#file(firewall), 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** Replaces the copy in one step; secrets are taken out before anything is written. */
  save(firewall: string, tree: ConfigTree): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const stored = JSON.stringify({ readAt: wallMs(), tree: redactTree(tree) });
    const draft = `${this.#file(firewall)}.${process.pid}`;
    writeFileSync(draft, stored, { mode: 0o600 });
    renameSync(draft, this.#file(firewall));
  }

  #file(firewall: string): string {
    return join(this.#folder, `${firewall}.json`);
  }
}
