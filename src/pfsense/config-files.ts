import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigTree } from '../config/model.ts';
import { type Revision, revisionOf } from '../config/revision.ts';
import { parseConfigXml } from '../config/xml.ts';
import { PfsenseError } from '../core/errors.ts';

/** One saved configuration. */
export interface SavedConfig extends Revision {
  /** What it is called in answers: its time, or the beginning of its hash when it states none. */
  readonly id: string;
  /** @throws PfsenseError `config_unreadable` */
  tree(): ConfigTree;
}

/** What stands in a file or folder that takes the place of a firewall. */
export interface ConfigFiles {
  readonly current: SavedConfig;
  /** Older ones, the newest first. */
  readonly history: readonly SavedConfig[];
  /** Files of the folder that are no configurations. */
  readonly unusable: number;
}

const MAX_FILES = 2_000;

/** Opens a configuration file, or a folder of them; what has not changed since the last look is not read again. */
export class ConfigFolder {
  readonly #path: string;
  readonly #known = new Map<string, { readonly stamp: string; readonly saved: SavedConfig | undefined }>();

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws PfsenseError `config_unreadable` when there is none that pfSense would accept. */
  read(): ConfigFiles {
    const saved = this.#files().map((file) => this.#open(file));
    const usable = saved.flatMap((one) => (one ? [one] : [])).sort((a, b) => (b.time ?? 0) - (a.time ?? 0));
    // Two files with the same content are one revision.
    const [current, ...history] = usable.filter(
      ({ sha256 }, index) => usable.findIndex((other) => other.sha256 === sha256) === index,
    );
    if (current) return { current, history, unusable: saved.length - usable.length };
    throw unreadable('There is no configuration of pfSense at the given path.');
  }

  #files(): string[] {
    const stat = statSync(this.#path, { throwIfNoEntry: false });
    if (!stat) throw unreadable('The configuration file does not exist.');
    if (!stat.isDirectory()) return [this.#path];
    const entries: Dirent[] = readdirSync(this.#path, { withFileTypes: true });
    const names = entries
      .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.xml'))
      .map(({ name }) => name);
    if (names.length > MAX_FILES) throw unreadable(`The folder holds more than ${MAX_FILES} files.`);
    return names.sort().map((name) => join(this.#path, name));
  }

  #open(file: string): SavedConfig | undefined {
    try {
      const { mtimeMs, size, ino } = statSync(file);
      const stamp = `${mtimeMs}.${size}.${ino}`;
      const known = this.#known.get(file);
      if (known?.stamp === stamp) return known.saved;
      const saved = openSaved(readFileSync(file));
      this.#known.set(file, { stamp, saved });
      return saved;
    } catch (cause) {
      if (cause instanceof PfsenseError) throw cause;
      throw unreadable('The configuration file cannot be read.', cause);
    }
  }
}

/** A saved configuration from its bytes; undefined when it is none. */
function openSaved(document: Buffer): SavedConfig | undefined {
  const text = document.toString('utf8');
  if (!/<pfsense[\s>]/.test(text.slice(0, 4_096))) return undefined;
  const revision = revisionOf(document);
  let parsed: ConfigTree | undefined;
  return {
    ...revision,
    id: revision.time === null ? revision.sha256.slice(0, 12) : String(revision.time),
    tree() {
      parsed ??= parseConfigXml(text);
      return parsed;
    },
  };
}

function unreadable(message: string, cause?: unknown): PfsenseError {
  return new PfsenseError('config_unreadable', message, {
    phase: 'settings',
    hint: 'PFSENSE_CONFIG_FILE or --config-file names a config.xml or a folder of backups.',
    cause,
  });
}
