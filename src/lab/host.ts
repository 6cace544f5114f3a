import type { ParsedKey } from 'ssh2';
import type { Personality } from './personalities.ts';
import type { RunCommand } from './php/backend.ts';
import type { LabProcess } from './processes.ts';

/** What a simulated firewall is made from, whichever way its PHP runs. */
export interface LabHostParts {
  /** Host path of its file system. */
  readonly root: string;
  /** Temporary folder around `root`; removed at the end. */
  readonly folder: string;
  /** SSH port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly personalities: readonly Personality[];
  /** Private host key in OpenSSH's format. */
  readonly hostKey: string;
  /** The public key that every account but `operator` accepts. */
  readonly clientKey: ParsedKey;
  readonly runCommand: RunCommand;
}

/** An attempt to log in, as sshd would log it. */
export interface AuthAttempt {
  readonly user: string;
  readonly method: string;
  readonly isAccepted: boolean;
}

/** A running simulated firewall. */
export interface LabHost {
  readonly port: number;
  /** Its PHP processes. */
  processes(): LabProcess[];
  authAttempts(): readonly AuthAttempt[];
  close(): Promise<void>;
}

export type StartHost = (parts: LabHostParts) => Promise<LabHost>;
