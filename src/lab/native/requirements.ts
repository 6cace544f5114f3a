import { existsSync } from 'node:fs';
import { PfsenseError } from '../../core/errors.ts';

/** What a native lab starts, and Debian's package that brings it. */
const PROGRAMS: readonly (readonly [path: string, debianPackage: string])[] = [
  ['/usr/bin/php', 'php-cli'],
  ['/usr/bin/php-cgi', 'php-cgi'],
  ['/usr/sbin/sshd', 'openssh-server'],
  ['/usr/bin/sudo', 'sudo'],
  ['/usr/bin/tcsh', 'tcsh'],
  ['/usr/bin/ps', 'procps'],
  ['/usr/bin/perl', 'perl-base'],
  ['/usr/bin/unshare', 'util-linux'],
];

/** @throws PfsenseError `lab_unavailable` that names what is missing. */
export function requireNative(): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw unavailable('A lab with native PHP needs Linux and root, as it makes a file system of its own.', 'wasm');
  }
  const missing = PROGRAMS.filter(([path]) => !existsSync(path)).map(([, debianPackage]) => debianPackage);
  if (missing.length > 0) throw unavailable('Programs are missing for a lab with native PHP.', missing.join(' '));
}

function unavailable(message: string, remedy: string): PfsenseError {
  const hint = remedy === 'wasm' ? 'Use --php wasm.' : `Install ${remedy}, or use --php wasm.`;
  return new PfsenseError('lab_unavailable', message, { phase: 'start', hint });
}
