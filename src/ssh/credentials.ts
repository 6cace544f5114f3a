import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import ssh2, { type BaseAgent, type ParsedKey } from 'ssh2';
import { PfsenseError } from '../core/errors.ts';
import type { FirewallSettings } from '../core/settings.ts';
import { oneKeyOfAgent } from './agent.ts';
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
 * Programs that print a secret are ended when the signal aborts.
 * @throws PfsenseError `credential_unusable` that names the setting, never its value.
 */
export async function resolveCredentials(
  settings: FirewallSettings,
  keyFile: string | undefined,
  signal: AbortSignal,
): Promise<Credential[]> {
  const password = await secretOf(settings.password, settings.passwordCommand, 'passwordCommand', signal);
  const second: Credential[] = password === undefined ? [] : [{ kind: 'password', password }];
  const path = settings.privateKey ?? (password === undefined && !settings.agentKey ? keyFile : undefined);
  if (path !== undefined) return [await readKey(path, settings, signal), ...second];
  if (settings.agentKey === undefined && second.length > 0) return second;
  return [await fromAgent(settings.agentKey), ...second];
}

/** What the latch remembers of refused credentials: all that a login uses, so that any change of it counts as one. */
export function credentialHash(credentials: readonly Credential[], login: string, hashKey: Buffer): string {
  const hash = createHmac('sha256', hashKey).update(login);
  for (const credential of credentials) hash.update(`\0${credential.kind}\0`).update(material(credential));
  return hash.digest('hex');
}

function material(credential: Credential): string | Buffer {
  if (credential.kind === 'password') return credential.password;
  return (credential.kind === 'key' ? credential.key : credential.publicKey).getPublicSSH();
}

async function readKey(path: string, settings: FirewallSettings, signal: AbortSignal): Promise<Credential> {
  const bytes = await readFile(expandHome(path), { signal }).catch((cause: unknown) => {
    throw unusable('The private key file cannot be read.', cause);
  });
  const passphrase = await secretOf(settings.passphrase, settings.passphraseCommand, 'passphraseCommand', signal);
  const parsed = ssh2.utils.parseKey(bytes, passphrase);
  if (!(parsed instanceof Error)) return privateKey(Array.isArray(parsed) ? parsed[0] : parsed);
  const isLocked = passphrase === undefined && /no passphrase/i.test(parsed.message);
  return (isLocked && (await unlockedInAgent(path))) || refuseKey(parsed);
}

function privateKey(key: ParsedKey | undefined): Credential {
  if (!key?.isPrivateKey()) throw unusable('The private key file holds no private key.');
  return { kind: 'key', key };
}

/** An encrypted key is usually at hand in the agent; its public half next to the file says which one it is. */
async function unlockedInAgent(path: string): Promise<Credential | undefined> {
  const text = await readFile(`${expandHome(path)}.pub`).catch(() => undefined);
  const parsed = text && ssh2.utils.parseKey(text);
  if (!parsed || parsed instanceof Error) return undefined;
  const [key] = [parsed].flat();
  return key && fromAgent(fingerprint(key.getPublicSSH())).catch(() => undefined);
}

/** ssh2's words could quote the file; these cannot. */
function refuseKey(error: Error): never {
  const { message } = error;
  if (/no passphrase/i.test(message)) {
    throw unusable('The private key is encrypted; neither a passphrase nor an SSH agent that holds it is at hand.');
  }
  const isWrong = /bad decrypt|integrity check failed|passphrase/i.test(message);
  throw unusable(`The private key cannot be used: ${isWrong ? 'the passphrase is wrong' : 'its format is not known'}.`);
}

async function fromAgent(wanted: string | undefined): Promise<Credential> {
  return { kind: 'agent', ...(await oneKeyOfAgent(wanted)) };
}

async function secretOf(
  value: string | undefined,
  command: readonly string[] | undefined,
  name: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [program, ...args] = command ?? [];
  if (value !== undefined || program === undefined) return value;
  const bounds = { timeout: COMMAND_TIMEOUT_MS, maxBuffer: 65_536, killSignal: 'SIGKILL', signal } as const;
  const { stdout } = await promisify(execFile)(program, args, bounds).catch(() => {
    // The original error carries the command's output, which may be the secret.
    throw unusable(`The program named by ${name} failed.`);
  });
  return stdout.replace(/\r?\n$/, '');
}

function unusable(message: string, cause?: unknown): PfsenseError {
  return new PfsenseError('credential_unusable', message, { phase: 'settings', cause });
}
