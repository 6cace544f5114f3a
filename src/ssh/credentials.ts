import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import ssh2, { type BaseAgent, type ParsedKey } from 'ssh2';
import { PfsenseError } from '../core/errors.ts';
import type { FirewallSettings } from '../core/settings.ts';
import { expandHome } from './expand-home.ts';
import { fingerprint } from './known-hosts.ts';

/** One way to prove who we are; exactly one is offered per connect. */
export type Credential =
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'key'; readonly key: ParsedKey }
  | { readonly kind: 'agent'; readonly agent: BaseAgent; readonly publicKey: ParsedKey };

const COMMAND_TIMEOUT_MS = 30_000;

/**
 * The credential that the settings name, and the one for a second step (`sshdkeyonly=both` wants key, then password).
 * @throws PfsenseError `credential_unusable` that names the setting, never its value.
 */
export async function resolveCredentials(
  settings: FirewallSettings,
  keyFile: string | undefined,
): Promise<Credential[]> {
  const password = await secretOf(settings.password, settings.passwordCommand, 'passwordCommand');
  const second: Credential[] = password === undefined ? [] : [{ kind: 'password', password }];
  const path = settings.privateKey ?? (password === undefined && !settings.agentKey ? keyFile : undefined);
  if (path !== undefined) return [await readKey(path, settings), ...second];
  if (settings.agentKey === undefined && second.length > 0) return second;
  return [await agentCredential(settings.agentKey), ...second];
}

/** What the latch remembers of a refused credential. */
export function credentialHash(credential: Credential, user: string, hashKey: Buffer): string {
  return createHmac('sha256', hashKey)
    .update(`${user}\0${credential.kind}\0`)
    .update(material(credential))
    .digest('hex');
}

function material(credential: Credential): string | Buffer {
  if (credential.kind === 'password') return credential.password;
  return (credential.kind === 'key' ? credential.key : credential.publicKey).getPublicSSH();
}

async function readKey(path: string, settings: FirewallSettings): Promise<Credential> {
  const bytes = await readFile(expandHome(path)).catch((cause: unknown) => {
    throw unusable('The file named by privateKey cannot be read.', cause);
  });
  const passphrase = await secretOf(settings.passphrase, settings.passphraseCommand, 'passphraseCommand');
  const parsed = ssh2.utils.parseKey(bytes, passphrase);
  if (parsed instanceof Error) throw unusable(`privateKey cannot be used: ${keyProblem(parsed)}.`);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!key?.isPrivateKey()) throw unusable('The file named by privateKey holds no private key.');
  return { kind: 'key', key };
}

/** ssh2's words could quote the file; these cannot. */
function keyProblem(error: Error): string {
  if (/no passphrase/i.test(error.message)) return 'it is encrypted and no passphrase is given';
  if (/bad decrypt|integrity check failed|passphrase/i.test(error.message)) return 'the passphrase is wrong';
  return 'its format is not known';
}

async function agentCredential(wanted: string | undefined): Promise<Credential> {
  const socket = process.env['SSH_AUTH_SOCK'];
  if (!socket) throw unusable('No key, no password and no SSH agent is configured.');
  const agent = ssh2.createAgent(socket);
  const keys = await identities(agent);
  const fitting = keys.filter((key) => wanted === undefined || fingerprint(key.getPublicSSH()) === wanted);
  const [publicKey] = fitting;
  if (!publicKey) throw unusable('The SSH agent does not hold the key named by agentKey, or holds no key.');
  if (fitting.length > 1) throw unusable('The SSH agent holds several keys; name the one to offer in agentKey.');
  return { kind: 'agent', agent, publicKey };
}

function identities(agent: BaseAgent): Promise<ParsedKey[]> {
  return new Promise((resolve, reject) => {
    agent.getIdentities((error, keys) => {
      if (error) return reject(unusable('The SSH agent does not answer.', error));
      const parsed = (keys ?? []).map((key) => ssh2.utils.parseKey(Buffer.isBuffer(key) ? key : publicBytes(key)));
      resolve(parsed.flatMap((key) => (key instanceof Error ? [] : key)));
    });
  });
}

function publicBytes(key: unknown): Buffer {
  if (typeof key === 'object' && key !== null && 'getPublicSSH' in key && typeof key.getPublicSSH === 'function') {
    const bytes: unknown = key.getPublicSSH();
    if (Buffer.isBuffer(bytes)) return bytes;
  }
  return Buffer.alloc(0);
}

async function secretOf(value: string | undefined, command: readonly string[] | undefined, name: string) {
  const [program, ...args] = command ?? [];
  if (value !== undefined || program === undefined) return value;
  const run = promisify(execFile);
  const { stdout } = await run(program, args, { timeout: COMMAND_TIMEOUT_MS, maxBuffer: 65_536 }).catch(() => {
    // The original error carries the command's output, which may be the secret.
    throw unusable(`The program named by ${name} failed.`);
  });
  return stdout.replace(/\r?\n$/, '');
}

function unusable(message: string, cause?: unknown): PfsenseError {
  return new PfsenseError('credential_unusable', message, {
    phase: 'settings',
    ...(cause === undefined ? {} : { cause }),
  });
}
