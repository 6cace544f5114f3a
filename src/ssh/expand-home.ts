import { homedir } from 'node:os';
import { join } from 'node:path';

/** `~/…` as the shell would read it; other paths as they are. */
export function expandHome(path: string, home = homedir()): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;
}
