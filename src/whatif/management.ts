import { treeAt } from '../config/model.ts';
import type { Compiled } from './compile.ts';
import { evaluate } from './evaluate.ts';
import { sshPort } from './hidden/anti-lockout.ts';
import type { Packet } from './packet.ts';
import type { Verdict } from './verdict.ts';

/** A session to the firewall as the firewall sees it, which is right behind NAT too. */
export interface Session {
  readonly client: string;
  readonly clientPort?: number;
  readonly server: string;
  /** Left out: the port that the configuration gives sshd. */
  readonly serverPort?: number;
  /** Key of the interface that it comes in by. */
  readonly arrivesOn: string;
}

/** The packet that opens such a session anew: an open one outlives any rule. */
export function openingOf({ client, clientPort, server, serverPort, arrivesOn }: Session, compiled: Compiled): Packet {
  return {
    protocol: 'tcp',
    source: client,
    ...(clientPort === undefined ? {} : { sourcePort: clientPort }),
    destination: server,
    destinationPort: serverPort ?? sshPort(compiled.context.config),
    tcpFlags: 'S',
    arrivesOn,
  };
}

/** Whether a new SSH session gets through the filter, and whether sshd is switched on at all. */
export function sshReach(
  session: Session,
  compiled: Compiled,
): { readonly isEnabled: boolean; readonly verdict: Verdict } {
  return {
    isEnabled: treeAt(compiled.context.config, 'system/ssh/enable') !== undefined,
    verdict: evaluate(compiled, openingOf(session, compiled)),
  };
}
