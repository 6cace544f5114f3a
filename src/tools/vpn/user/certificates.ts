import { X509Certificate } from 'node:crypto';
import type { z } from 'zod';
import { isRevoked, readCertificate } from '../../certificate/read.ts';
import type { CertificateFacts, CertificateItem } from '../../certificate/snippet.ts';
import { blocks, passes, type Reason, unknown } from './reason.ts';
import type { Texts, UserFacts } from './snippet.ts';

type Stored = z.output<typeof CertificateFacts>;

/** The demands of an OpenVPN server, or of a phase 1, on the certificate of a client. */
export interface Demands {
  /** Reference of the authority that is trusted. */
  readonly caref: string;
  readonly crlref: string;
  /** Most certificates above that of the client; undefined: no limit. */
  readonly depth: number | undefined;
  readonly isClientUsageDemanded: boolean;
  /** The server's number, for the revocation list that its daemon reads. */
  readonly vpnid: string;
}

export function demandsOf(server: Texts): Demands {
  const depth = server['cert_depth'] ?? '1';
  return {
    caref: server['caref'] ?? '',
    crlref: server['crlref'] ?? '',
    depth: /^\d+$/.test(depth) ? Number(depth) : undefined,
    isClientUsageDemanded: server['remote_cert_tls'] !== undefined,
    vpnid: server['vpnid'] ?? '',
  };
}

export interface Candidate {
  readonly item: CertificateItem;
  readonly commonName: string;
  readonly reasons: Reason[];
}

/** Certificates kept here that the user may have: those of the account, and those of that common name. */
export function candidatesOf(user: string, demands: Demands, stored: Stored, facts: UserFacts): Candidate[] {
  const own = new Set(facts.users.flatMap(({ cert }) => cert));
  return stored.certificates.flatMap((item) => {
    const commonName = commonNameOf(item.crt);
    if (commonName === undefined) return [];
    if (!own.has(item.refid) && commonName.toLowerCase() !== user.toLowerCase()) return [];
    return [{ item, commonName, reasons: reasonsOf(item, demands, stored, facts) }];
  });
}

/** Of several the best counts: a user has a new one beside the old. */
export function bestOf(candidates: readonly Candidate[]): Candidate | undefined {
  const rank = ({ reasons }: Candidate): number =>
    reasons.some(({ result }) => result === 'blocks') ? 2 : reasons.some(({ result }) => result === 'unknown') ? 1 : 0;
  return candidates.toSorted((a, b) => rank(a) - rank(b))[0];
}

export function missingCertificate(demands: Demands, stored: Stored): Reason {
  const authority = stored.authorities.find(({ refid }) => refid === demands.caref);
  return authority?.hasKey
    ? unknown(
        'certificate',
        'The server demands a certificate. None of this user is kept here, though its authority is: unless it was deleted or has another name, there is none.',
        authority.descr,
      )
    : unknown(
        'certificate',
        'The server demands a certificate. None of this user is kept here; its authority is elsewhere.',
        authority?.descr,
      );
}

function reasonsOf(item: CertificateItem, demands: Demands, stored: Stored, facts: UserFacts): Reason[] {
  const text = readCertificate(item.crt);
  const about = item.descr;
  if (!text) return [unknown('certificate', 'The certificate kept here cannot be read.', about)];
  const now = facts.now * 1000;
  const found: Reason[] = [];
  if (text.notAfter < now)
    found.push(
      blocks(
        'certificate',
        'The certificate has expired.',
        'Renew it and give the user a new export.',
        `${about}: ${day(text.notAfter)}`,
      ),
    );
  if (text.notBefore > now)
    found.push(
      blocks(
        'certificate',
        'The certificate is not valid yet.',
        'Compare the clock of the firewall.',
        `${about}: ${day(text.notBefore)}`,
      ),
    );
  found.push(...trustReasons(item, demands, stored));
  if (demands.isClientUsageDemanded && !isForClients(item.crt))
    found.push(
      blocks(
        'certificate',
        'The server demands a certificate for clients (extended key usage), and this is none.',
        'Issue one of the type user.',
        about,
      ),
    );
  found.push(...revocationReasons(item, demands, stored, facts));
  return found.length > 0
    ? found
    : [passes('certificate', 'A certificate of the user is valid, trusted and not revoked.', about)];
}

/** The authorities that the daemon is given are that of the server and those above it. */
function trustReasons(item: CertificateItem, { caref, depth }: Demands, { authorities }: Stored): Reason[] {
  const chain = chainOf(caref, authorities);
  const issuer =
    authorities.find((authority) => authority.refid === item.caref) ??
    authorities.find((authority) => isIssuer(authority, item));
  if (!issuer)
    return [unknown('certificate', 'The authority that issued the certificate is not kept here.', item.descr)];
  const above = chainOf(issuer.refid, authorities);
  if (!chain.some(({ refid }) => refid === issuer.refid)) {
    const shared = above.some(({ refid }) => chain.some((trusted) => trusted.refid === refid));
    return shared
      ? [
          unknown(
            'certificate',
            'The certificate comes from an authority below the trusted one: it is accepted when the client sends that one along.',
            item.descr,
          ),
        ]
      : [
          blocks(
            'certificate',
            'The certificate comes from an authority that this server does not trust.',
            'Issue one from the authority of the server.',
            `${item.descr}: issued by ${issuer.descr}`,
          ),
        ];
  }
  if (depth !== undefined && above.length > depth)
    return [
      blocks(
        'certificate',
        'There are more authorities above the certificate than the server allows (Certificate Depth).',
        'Raise Certificate Depth in the server.',
        `${item.descr}: ${above.length} above, ${depth} allowed`,
      ),
    ];
  return [];
}

function revocationReasons(
  item: CertificateItem,
  demands: Demands,
  stored: Stored,
  { live, now }: UserFacts,
): Reason[] {
  const list = stored.lists.find(({ refid }) => refid === demands.crlref);
  if (demands.crlref === '') return [];
  if (!list) return [unknown('revocation', 'The server names a revocation list that does not exist.')];
  const used = live?.revocations.filter(({ vpnid }) => vpnid === demands.vpnid) ?? [];
  const serial = readCertificate(item.crt)?.serial.replace(/^0+/, '');
  const isInDaemon = used.some(({ serials }) => serials?.some((one) => one.replace(/^0+/, '') === serial));
  const found: Reason[] = [];
  if (isInDaemon || isRevoked(item, [list]))
    found.push(
      blocks(
        'revocation',
        'The certificate is on the revocation list of the server.',
        'Issue a new certificate, or take this one off the list.',
        `${item.descr}: ${list.descr}`,
      ),
    );
  else if (list.isImported && !used.some(({ serials }) => serials !== null))
    found.push(unknown('revocation', 'The revocation list was imported as text and could not be read.', list.descr));
  const ended = used.find(({ nextUpdate }) => nextUpdate !== null && nextUpdate < now);
  if (ended)
    found.push(
      blocks(
        'revocation',
        'The revocation list that the daemon reads has expired: nobody with a certificate gets in.',
        'System > Certificates > Revocation: save the list once.',
        `${list.descr}: ${day((ended.nextUpdate ?? 0) * 1000)}`,
      ),
    );
  return found;
}

function chainOf(refid: string, authorities: readonly CertificateItem[]): CertificateItem[] {
  const chain: CertificateItem[] = [];
  for (let next = refid; next !== '' && chain.length < 20; ) {
    const found = authorities.find((authority) => authority.refid === next && !chain.includes(authority));
    if (!found) break;
    chain.push(found);
    next = found.caref;
  }
  return chain;
}

function isIssuer(authority: CertificateItem, item: CertificateItem): boolean {
  const [issuer, subject] = [parsed(authority.crt), parsed(item.crt)];
  if (!issuer || !subject) return false;
  return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}

const CLIENT_USAGE = '1.3.6.1.5.5.7.3.2';

function isForClients(crt: string): boolean {
  return parsed(crt)?.keyUsage?.includes(CLIENT_USAGE) ?? false;
}

function commonNameOf(crt: string): string | undefined {
  const match = /^CN=(.*)$/m.exec(parsed(crt)?.subject ?? '');
  return match?.[1];
}

function parsed(crt: string): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(crt, 'base64'));
  } catch {
    return undefined;
  }
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
