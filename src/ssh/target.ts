import { homedir } from 'node:os';
import type SSHConfig from 'ssh-config';
import { PfsenseError } from '../core/errors.ts';
import type { FirewallSettings } from '../core/settings.ts';
import type { Privilege } from './commands.ts';
import { expandHome } from './expand-home.ts';
import { type HostConfig, hostConfig, readSshConfig } from './ssh-config.ts';

export type HostKeyPolicy =
  | { readonly kind: 'pinned'; readonly fingerprint: string }
  | { readonly kind: 'known_hosts'; readonly file: string };

/** Where to connect and who to be there; credentials are read when they are needed. */
export interface SshTarget {
  readonly firewall: string;
  /** How messages call this host: the firewall's name, or that of a host on the way to it. */
  readonly label: string;
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
  const config = settings.sshConfig === false ? undefined : await readSshConfig(home);
  return new Resolver(firewall, config, home).resolve(firewall, settings, MAX_JUMPS);
}

class Resolver {
  readonly #firewall: string;
  readonly #config: SSHConfig | undefined;
  readonly #home: string;

  constructor(firewall: string, config: SSHConfig | undefined, home: string) {
    this.#firewall = firewall;
    this.#config = config;
    this.#home = home;
  }

  resolve(label: string, settings: FirewallSettings, jumps: number): SshTarget {
    const found: HostConfig = this.#config ? hostConfig(this.#config, settings.host, this.#home) : {};
    return {
      firewall: this.#firewall,
      label,
      host: found.hostName ?? settings.host,
      port: settings.port ?? found.port ?? 22,
      user: settings.user ?? found.user ?? 'root',
      hostKey: this.#hostKeyPolicy(settings),
      privilege: settings.sudo ? 'sudo' : 'login',
      settings,
      identityFile: found.identityFile,
      jump: this.#jump(found.proxyJump, jumps),
    };
  }

  #hostKeyPolicy({ hostKey, knownHostsFile }: FirewallSettings): HostKeyPolicy {
    if (hostKey !== undefined && hostKey !== 'known_hosts') return { kind: 'pinned', fingerprint: hostKey };
    return { kind: 'known_hosts', file: expandHome(knownHostsFile ?? '~/.ssh/known_hosts', this.#home) };
  }

  /** `a,b` means through a, then b: the last one is our neighbour's neighbour. */
  #jump(spec: string | undefined, jumps: number): SshTarget | undefined {
    if (spec === undefined || spec.toLowerCase() === 'none') return undefined;
    if (jumps === 0) throw invalid('ProxyJump goes through too many hosts.');
    const hops = spec.split(',').map((hop) => hop.trim());
    return hops.reduce<SshTarget | undefined>((through, hop) => {
      const target = this.resolve(`${this.#firewall}'s jump host`, hopSettings(hop), jumps - 1);
      return through ? { ...target, jump: through } : target;
    }, undefined);
  }
}

/** `[user@]host[:port]`, also as an `ssh://` URI; an IPv6 address stands in brackets. */
function hopSettings(hop: string): FirewallSettings {
  const match = /^(?:ssh:\/\/)?(?:([^@]+)@)?(\[[^\]]+\]|[^:/]+)(?::(\d{1,5}))?\/?$/.exec(hop);
  const host = match?.[2]?.replace(/^\[|\]$/g, '');
  if (!host) throw invalid('ProxyJump is not user@host:port.');
  return { host, ...(match?.[1] ? { user: match[1] } : {}), ...(match?.[3] ? { port: Number(match[3]) } : {}) };
}

function invalid(message: string): PfsenseError {
  return new PfsenseError('settings_invalid', message, { phase: 'settings' });
}
