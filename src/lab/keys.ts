import { createHash } from 'node:crypto';
import ssh2, { type ParsedKey } from 'ssh2';

/** A new key pair in OpenSSH's format. About one in two hundred that ssh2 makes is malformed, and so not used. */
export function newKeyPair(): ReturnType<typeof ssh2.utils.generateKeyPairSync> {
  const pair = ssh2.utils.generateKeyPairSync('ed25519');
  return ssh2.utils.parseKey(pair.private) instanceof Error ? newKeyPair() : pair;
}

export function parseKey(text: string): ParsedKey {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  const first = Array.isArray(key) ? key[0] : key;
  if (!first) throw new Error('The key pair that was just made has no key.');
  return first;
}

/** `SHA256:…` of a public key, as `ssh-keygen -lf` prints it. */
export function fingerprint(publicKey: string): string {
  const digest = createHash('sha256').update(parseKey(publicKey).getPublicSSH()).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}
