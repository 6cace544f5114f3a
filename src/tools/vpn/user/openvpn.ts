import type { z } from 'zod';
import { own } from '../../../core/own.ts';
import type { CertificateFacts } from '../../certificate/snippet.ts';
import type { VpnFacts } from '../snippet.ts';
import { backendReasons } from './backends.ts';
import { bestOf, type Candidate, candidatesOf, demandsOf, missingCertificate } from './certificates.ts';
import { blocks, passes, type Reason, unknown } from './reason.ts';
import type { Texts, UserFacts } from './snippet.ts';

/** What is known of one user, gathered for a verdict. */
export interface UserCase {
  readonly user: string;
  readonly facts: UserFacts;
  readonly stored: z.output<typeof CertificateFacts>;
  /** undefined: from the configuration alone. */
  readonly live: VpnFacts | undefined;
}

/** Modes in which users log in; the rest are tunnels between sites. */
const MODES: Readonly<Record<string, { readonly certificate: boolean; readonly password: boolean }>> = {
  server_tls: { certificate: true, password: false },
  server_user: { certificate: false, password: true },
  server_tls_user: { certificate: true, password: true },
};

export function isForUsers(server: Texts): boolean {
  return own(MODES, server['mode'] ?? '') !== undefined;
}

/** Everything that one OpenVPN server looks at before it lets a user in. */
export function serverReasons(server: Texts, known: UserCase): Reason[] {
  const { user, facts, stored } = known;
  const needs = own(MODES, server['mode'] ?? '') ?? { certificate: true, password: true };
  const demands = demandsOf(server);
  const candidates = needs.certificate ? candidatesOf(user, demands, stored, facts) : [];
  const fitting = isStrict(server) ? candidates.filter(({ commonName }) => isSame(commonName, user)) : candidates;
  const best = bestOf(fitting);
  return [
    ...processReasons(server, known),
    ...(needs.certificate ? certificateReasons(best, candidates, missingCertificate(demands, stored)) : []),
    ...(needs.password ? backendReasons(server['authmode'] ?? '', user, facts) : []),
    ...overrideReasons(server, nameForOverrides(server, user, best), facts),
    ...(server['ocspcheck'] === 'yes' && needs.certificate
      ? [unknown('revocation', 'The server also asks an OCSP responder, which was not asked here.')]
      : []),
  ];
}

function certificateReasons(best: Candidate | undefined, all: readonly Candidate[], missing: Reason): Reason[] {
  if (best) return best.reasons;
  if (all.length === 0) return [missing];
  return [
    blocks(
      'common name',
      'The server demands that the user name is the common name of the certificate (strict user/CN matching), and the certificates of this user have another.',
      'Issue a certificate with that common name, or switch the demand off in the server.',
      all.map(({ item, commonName }) => `${item.descr}: ${commonName}`).join(', '),
    ),
  ];
}

function processReasons(server: Texts, { facts, live }: UserCase): Reason[] {
  if (server['disable'] !== undefined)
    return [blocks('server', 'The server is disabled.', 'VPN > OpenVPN > Servers: enable it.')];
  if (!facts.live || !live)
    return [unknown('server', 'Whether its daemon runs is unknown: the firewall was not asked.')];
  const id = server['vpnid'] ?? '';
  const answered = live.openvpn.multipoint.find(({ vpnid }) => vpnid === id)?.connections;
  const process = facts.live.processes.find(({ vpnid }) => vpnid === id);
  if (process?.isRunning === false)
    return [
      blocks(
        'server',
        'The daemon of the server does not run.',
        'Status > Services: start it; its log says why it ended.',
      ),
    ];
  if (answered === undefined) return [unknown('server', 'How the daemon is was not asked: it serves one peer only.')];
  if (answered === null) return [unknown('server', 'The daemon did not answer.')];
  const most = Number(server['maxclients'] || Number.POSITIVE_INFINITY);
  if (answered.length >= most)
    return [
      blocks(
        'capacity',
        'The server is full.',
        'Raise Concurrent Connections in the server.',
        `${answered.length} of ${most}`,
      ),
    ];
  return [passes('server', 'The daemon runs and answers.')];
}

/** The name that a client specific override is found by, letter by letter. */
function nameForOverrides(server: Texts, user: string, certificate: Candidate | undefined): string {
  const isByUser = server['mode'] !== 'server_tls' && server['username_as_common_name'] !== 'disabled';
  return isByUser ? user : (certificate?.commonName ?? user);
}

function overrideReasons(server: Texts, name: string, { overrides }: UserFacts): Reason[] {
  // pfSense writes one file a name, so the last one counts.
  const override = overrides.findLast(
    (one) =>
      one['disable'] === undefined &&
      one['common_name'] === name &&
      (!one['server_list'] || one['server_list'].split(',').includes(server['vpnid'] ?? '')),
  );
  if (!override) return [];
  if (override['block'])
    return [
      blocks(
        'override',
        'A client specific override blocks this user.',
        'VPN > OpenVPN > Client Specific Overrides: untick Block Connection.',
        override['description'] || override['common_name'],
      ),
    ];
  return [passes('override', 'A client specific override applies and does not block.', override['description'])];
}

function isStrict(server: Texts): boolean {
  return server['mode'] === 'server_tls_user' && Boolean(server['strictusercn']);
}

/** pfSense compares user name and common name whatever the case. */
function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
