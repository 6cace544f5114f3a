import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Ways in which the simulated firewall can differ from the plain one; several go together. */
export const PERSONALITIES = {
  '2.7': 'behaves like CE 2.7: older functions, HTML entities, configuration version 23.3',
  '2.8': 'behaves like CE 2.8, which is the plain one',
  '2.9': 'behaves like 2.9 (master): other rule labels, XML entities, the cache is not trusted',
  'banner-noise': 'the login shell prints lines before and beside the output of every command',
  'shell-prompts': 'pfSsh.php prints prompts and echoes its input, as with GNU readline',
  'slow-php': 'PHP takes a second longer to start',
  'wrong-exit-codes': 'pfSsh.php ends with status 255 whatever happened',
  'config-locked': 'somebody holds the configuration lock for ever',
  'disk-full': 'nothing can be written to the configuration and to /tmp',
  'no-pfssh': 'pfSsh.php is missing',
} as const;

export type Personality = keyof typeof PERSONALITIES;

const VERSIONS: Readonly<Partial<Record<Personality, string>>> = {
  '2.7': '2.7.2-RELEASE\n',
  '2.9': '2.9.0-DEVELOPMENT\n',
};

/** What a login shell says that nobody asked for. */
export const NOISE = {
  stdout: 'Last login: Mon Jan  5 from 192.0.2.10\n%%% maintenance tonight\n',
  stderr: 'term: Undefined variable.\n',
};

/** Makes a new root behave so; the stand-ins of pfSense's PHP look for the marks. */
export function settle(root: string, personalities: readonly Personality[]): void {
  const marks = join(root, 'var/db/lab-personalities');
  mkdirSync(marks, { recursive: true });
  for (const personality of personalities) {
    writeFileSync(join(marks, personality), '');
    const version = VERSIONS[personality];
    if (version !== undefined) writeFileSync(join(root, 'etc/version'), version);
  }
  if (personalities.includes('no-pfssh')) rmSync(join(root, 'usr/local/sbin/pfSsh.php'));
  if (personalities.includes('banner-noise')) writeNoisyLogin(join(root, 'etc/lab-login'));
}

/** For a real sshd, which runs it before every command. */
function writeNoisyLogin(file: string): void {
  const say = (text: string): string => `printf '${text.replaceAll('%', '%%').replaceAll('\n', '\\n')}'`;
  const lines = [
    '#!/bin/sh',
    say(NOISE.stdout),
    `${say(NOISE.stderr)} >&2`,
    'exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"',
    '',
  ];
  writeFileSync(file, lines.join('\n'));
  chmodSync(file, 0o755);
}
