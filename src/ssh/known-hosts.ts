import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** One line of a known_hosts file (sshd(8), section SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHost {
  readonly marker: 'revoked' | 'cert-authority' | undefined;
  readonly patterns: readonly string[];
  readonly type: string;
  readonly key: Buffer;
}

export type HostKeyVerdict = 'known' | 'unknown' | 'changed' | 'revoked';

/** Reads known_hosts; lines that are not understood are passed over, as ssh does. */
export function parseKnownHosts(text: string): KnownHost[] {
  return text.split('\n').flatMap((line) => parseLine(line.trim()) ?? []);
}

function parseLine(line: string): KnownHost | undefined {
  if (line === '' || line.startsWith('#')) return undefined;
  const fields = line.split(/[ \t]+/);
  const marker = readMarker(fields[0]);
  if (fields[0]?.startsWith('@')) {
    if (!marker) return undefined;
    fields.shift();
  }
  const [hosts, type, base64] = fields;
  if (!hosts || !type || !base64) return undefined;
  const key = Buffer.from(base64, 'base64');
  return keyType(key) === type ? { marker, patterns: hosts.split(','), type, key } : undefined;
}

function readMarker(field: string | undefined): KnownHost['marker'] {
  if (field === '@revoked') return 'revoked';
  if (field === '@cert-authority') return 'cert-authority';
  return undefined;
}

/** The type that a public key blob names itself; empty when it is not one. */
export function keyType(key: Buffer): string {
  if (key.length < 4) return '';
  const length = key.readUInt32BE(0);
  return length > 64 || key.length < 4 + length ? '' : key.toString('latin1', 4, 4 + length);
}

/** `SHA256:…` as `ssh-keygen -l` prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** How known_hosts names a host: the bare name on port 22, else `[host]:port`. */
export function hostPattern(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** Does the entry speak about this host? A negated pattern that matches wins. */
export function matchesHost(entry: KnownHost, host: string, port: number): boolean {
  const name = hostPattern(host, port);
  const verdicts = entry.patterns.map((pattern) => matchPattern(pattern, name));
  return verdicts.includes('yes') && !verdicts.includes('never');
}

function matchPattern(pattern: string, name: string): 'yes' | 'no' | 'never' {
  if (pattern.startsWith('|1|')) return matchHashed(pattern, name) ? 'yes' : 'no';
  if (pattern.startsWith('!')) return matchWildcard(pattern.slice(1), name) ? 'never' : 'no';
  return matchWildcard(pattern, name) ? 'yes' : 'no';
}

function matchHashed(pattern: string, name: string): boolean {
  const [, , salt, hash] = pattern.split('|');
  if (!salt || !hash) return false;
  const wanted = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return wanted.length === actual.length && timingSafeEqual(wanted, actual);
}

/** `*` and `?` as in ssh; everything else is literal. Linear in the product of the lengths, so no pattern can stall it. */
function matchWildcard(pattern: string, name: string): boolean {
  const wanted = pattern.toLowerCase();
  let reachable = new Set([0]);
  for (const char of wanted) {
    reachable = char === '*' ? everyFrom(reachable, name.length) : step(reachable, char, name);
  }
  return reachable.has(name.length);
}

function everyFrom(reachable: ReadonlySet<number>, length: number): Set<number> {
  const first = Math.min(...reachable);
  const all = new Set<number>();
  for (let at = first; at <= length; at += 1) all.add(at);
  return all;
}

function step(reachable: ReadonlySet<number>, char: string, name: string): Set<number> {
  const next = new Set<number>();
  for (const at of reachable) {
    if (at < name.length && (char === '?' || name[at] === char)) next.add(at + 1);
  }
  return next;
}

/** What the records say about a key that a host has shown. */
export function judgeHostKey(entries: readonly KnownHost[], host: string, port: number, key: Buffer): HostKeyVerdict {
  const about = entries.filter((entry) => matchesHost(entry, host, port) && entry.marker !== 'cert-authority');
  if (about.some((entry) => entry.marker === 'revoked' && entry.key.equals(key))) return 'revoked';
  const plain = about.filter((entry) => entry.marker === undefined);
  if (plain.some((entry) => entry.key.equals(key))) return 'known';
  return plain.length > 0 ? 'changed' : 'unknown';
}

/** Key types on record for a host; the handshake asks for these first. */
export function knownKeyTypes(entries: readonly KnownHost[], host: string, port: number): string[] {
  return entries
    .filter((entry) => entry.marker === undefined && matchesHost(entry, host, port))
    .map(({ type }) => type);
}

/** The line that records a key. */
export function knownHostsLine(host: string, port: number, key: Buffer): string {
  return `${hostPattern(host, port)} ${keyType(key)} ${key.toString('base64')}\n`;
}
