import { createHash } from 'node:crypto';

/** `SHA256:…` of a public key in OpenSSH's one-line format. */
export function fingerprint(publicKey: string): string {
  const bytes = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '')}`;
}
