import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import SSHConfig from 'ssh-config';
import { PfsenseError } from '../core/errors.ts';
import type { FirewallSettings } from '../core/settings.ts';
import type { Privilege } from './commands.ts';
import { expandHome } from './expand-home.ts';

export type HostKeyPolicy =
  | { readonly kind: 'pinned'; readonly fingerprint: string }
  | { readonly kind: 'known_hosts'; readonly file: string };

/** Where to connect and who to be there; credentials are read when they are needed. */
export interface SshTarget {
  readonly firewall: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey: HostKeyPolicy;
  readonly privilege: Privilege;
  readonly settings: FirewallSettings;
  /** Key file that ~/.ssh/config names; the settings come before it. */
  readonly identityFile: string | undefined;
  /** The host to go through first. */
  readonly jump: SshTarget | undefined;
}

const MAX_JUMPS = 4;

/** Joins the settings of one firewall with what ~/.ssh/config says about its host. Settings come first. */
export async function resolveTarget(
  firewall: string,
  settings: FirewallSettings,
  home: string = homedir(),
): Promise<SshTarget> {
  const config = settings.sshConfig === false ? new SSHConfig() : await readSshConfig(home);
  return resolve(firewall, settings, config, home, MAX_JUMPS);
}

type Config = SSHConfig;

function resolve(name: string, settings: FirewallSettings, config: Config, home: string, jumps: number): SshTarget {
  const found = config.compute(settings.host);
  return {
    firewall: name,
    host: first(found['HostName']) ?? settings.host,
    port: settings.port ?? Number(first(found['Port']) ?? 22),
    user: settings.user ?? first(found['User']) ?? 'root',
    hostKey: hostKeyPolicy(settings, home),
    privilege: settings.sudo ? 'sudo' : 'login',
    settings,
    identityFile: first(found['IdentityFile']),
    jump: jumpTarget(name, first(found['ProxyJump']), config, home, jumps),
  };
}

function hostKeyPolicy(settings: FirewallSettings, home: string): HostKeyPolicy {
  const { hostKey, knownHostsFile } = settings;
  if (hostKey !== undefined && hostKey !== 'known_hosts') return { kind: 'pinned', fingerprint: hostKey };
  return { kind: 'known_hosts', file: expandHome(knownHostsFile ?? '~/.ssh/known_hosts', home) };
}

/** `a,b` means through a, then b: the last one is our neighbour's neighbour. */
function jumpTarget(name: string, spec: string | undefined, config: Config, home: string, jumps: number) {
  if (spec === undefined || spec.toLowerCase() === 'none') return undefined;
  if (jumps === 0) {
    throw new PfsenseError('settings_invalid', 'ProxyJump goes through too many hosts.', { phase: 'settings' });
  }
  const hops = spec.split(',').map((hop) => hop.trim());
  return hops.reduce<SshTarget | undefined>((through, hop) => {
    const target = resolve(name, hopSettings(hop), config, home, jumps - 1);
    return through ? { ...target, jump: through } : target;
  }, undefined);
}

function hopSettings(hop: string): FirewallSettings {
  const match = /^(?:([^@]+)@)?(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(hop);
  if (!match?.[2])
    throw new PfsenseError('settings_invalid', 'ProxyJump is not user@host:port.', { phase: 'settings' });
  const host = match[2].replace(/^\[|\]$/g, '');
  return { host, ...(match[1] ? { user: match[1] } : {}), ...(match[3] ? { port: Number(match[3]) } : {}) };
}

async function readSshConfig(home: string): Promise<Config> {
  const text = await readFile(join(home, '.ssh/config'), 'utf8').catch(() => '');
  try {
    return SSHConfig.parse(text);
  } catch (cause) {
    throw new PfsenseError('settings_invalid', '~/.ssh/config cannot be read.', { phase: 'settings', cause });
  }
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
