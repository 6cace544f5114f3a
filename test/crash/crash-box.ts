import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FirewallSettings } from '../../src/core/settings.ts';
import type { FaultProxy } from '../faults/proxy.ts';

/** How a program fails at a call that changes a file; see crash-at.c. */
export const MODES = ['kill', 'half', 'grow', 'full', 'everywhere', 'stop'] as const;
export type Mode = (typeof MODES)[number];

/** Where the orders for the preloaded library lie. */
export const ORDERS = '/var/db/crash';
export const LIBRARY = '/usr/local/crash-at.so';
export const CHANGES = '/cf/conf/pfsense-mcp';
export const HOOK = '/usr/local/etc/rc.d/pfsense-mcp.sh';

/** A firewall on which everything can go wrong. */
export interface CrashBox {
  readonly proxy: FaultProxy;
  /** Straight, and by a wire that can be cut. */
  readonly login: FirewallSettings;
  readonly wire: FirewallSettings;
  /** Text of a file; empty when there is none. */
  read(path: string): Promise<string>;
  /** Names of the files in a folder. */
  list(folder: string): Promise<string[]>;
  /** What the kernel says about its addresses, in any form. */
  addresses(): Promise<string>;
  /** Command lines of the programs that belong to a change. */
  processesOf(id: string): Promise<string[]>;
  /** Has a program fail at its n-th call that changes a file. */
  order(mode: Mode, program: string, call: number): Promise<void>;
  setClock(seconds: number): Promise<void>;
  freeDisk(): Promise<void>;
  /** The call that an order met; null when nothing came to it. */
  met(): Promise<string | null>;
  /** Takes all orders back. */
  calm(): Promise<void>;
  signal(id: string, program: string, signal: 'KILL' | 'STOP' | 'CONT'): Promise<void>;
  /** Kills what sshd runs for those who are logged in. */
  killSessions(): Promise<void>;
  /** As when the power goes: what ran is gone, and so is what was kept in memory. */
  cutPower(): Promise<void>;
  /** What a boot does: addresses and rules of what is written, then the hooks. */
  boot(): Promise<void>;
  /** Lets what is left of a preparation look old. */
  age(id: string): Promise<void>;
  close(): Promise<void>;
}

/** Builds the library and has it put in place. */
export function buildLibrary(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  const [library, source] = [join(folder, 'crash-at.so'), new URL('./crash-at.c', import.meta.url).pathname];
  execFileSync(process.env['CC'] ?? 'cc', ['-shared', '-fPIC', '-O1', '-w', '-o', library, source, '-ldl']);
  const bytes = execFileSync('/bin/cat', [library], { maxBuffer: 1 << 24 });
  rmSync(folder, { recursive: true });
  return bytes;
}

/** The text of an order; its last word tells it from every other. */
export const orderText = (mode: Mode, program: string, call: number): string =>
  `${mode} ${program} ${call} ${performance.now()}\n`;

export const clockText = (seconds: number): string => `${seconds} ${Math.floor(Date.now() / 1000)}\n`;

/** sshd's processes of those who are logged in. */
export const isSession = (args: string): boolean => /^sshd(-session)?: /.test(args) && !args.includes('[listener]');
