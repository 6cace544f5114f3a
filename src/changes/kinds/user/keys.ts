import { z } from 'zod';

const TYPES =
  'ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\\.com|sk-ecdsa-sha2-nistp256@openssh\\.com';

/** `[options] type base64 [comment]`, as sshd reads it. */
const LINE = new RegExp(`^(?:[^\\s"]+(?:"[^"]*"[^\\s"]*)*\\s+)?(${TYPES})\\s+([A-Za-z0-9+/]+={0,2})(?:\\s+[^\\s].*)?$`);

/** Whether a line holds a public key whose bytes begin with the name of its type. */
function isKeyLine(line: string): boolean {
  const [, type = '', blob = ''] = LINE.exec(line) ?? [];
  const bytes = Buffer.from(blob, 'base64');
  return (
    type !== '' &&
    /^[\x20-\x7e]*$/.test(line) &&
    bytes.length > type.length + 8 &&
    bytes.readUInt32BE(0) === type.length &&
    bytes.toString('latin1', 4, 4 + type.length) === type
  );
}

export const AuthorizedKeys = z
  .array(z.string().trim().max(4_000).refine(isKeyLine, 'must be the line of a public key, as in a .pub file'))
  .max(50)
  .describe('All SSH keys that it is to have, one line of a .pub file each');

/** The lines that `authorizedkeys` of a user holds. */
export function keysOf(field: string): string[] {
  return Buffer.from(field, 'base64')
    .toString('utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** What `authorizedkeys` is to hold; the very same text when it holds these keys already. */
export function keysField(lines: readonly string[], old: string): string {
  if (keysOf(old).join('\n') === lines.join('\n')) return old;
  return lines.length === 0 ? '' : Buffer.from(`${lines.join('\n')}\n`).toString('base64');
}
