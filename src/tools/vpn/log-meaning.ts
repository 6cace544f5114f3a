/** What a line of a VPN log says, in our own words. */
export interface Meaning {
  readonly kind: 'reject' | 'error' | 'up' | 'down';
  readonly says: string;
  readonly todo?: string;
}

interface Pattern extends Meaning {
  readonly line: RegExp;
}

const CHECK_PROPOSALS = 'Compare encryption, hash, DH group and lifetime of both ends.';

/** What pfSense's own scripts write when OpenVPN or IPsec asks them for a user. */
const SCRIPTS: readonly Pattern[] = [
  reject(
    /^Username does not match certificate common name/,
    'The user name is not the common name of the certificate, and the server demands that (strict user/CN matching).',
    'Use the certificate of that user, or switch the demand off in the server.',
  ),
  reject(
    /^No authentication server has been selected/,
    'The server has no authentication backend.',
    'Choose one in the server.',
  ),
  reject(
    /^user '.*' could not authenticate\.$/,
    'No authentication backend of the server accepted name and password.',
    'Try the password under Diagnostics > Authentication; see whether the account is disabled or expired.',
  ),
  reject(
    /^user '.*' cannot authenticate through IPsec since the required privileges are missing/,
    'The local user lacks the privilege for IPsec xauth, or is in none of the demanded groups.',
    'Give the user or a group of theirs "User - VPN: IPsec xauth Dialin".',
  ),
  up(/^user '[^']*' authenticated$/, 'Name and password were accepted.'),
];

/** The first that fits wins, so the particular ones stand before the general ones. */
const OPENVPN: readonly Pattern[] = [
  reject(
    /VERIFY ERROR: .*error=certificate revoked/,
    'The certificate is on the revocation list.',
    'Issue a new certificate, or take this one off the list.',
  ),
  reject(
    /VERIFY ERROR: .*error=CRL has expired/,
    'The revocation list of the server has expired: nobody with a certificate gets in.',
    'Save the list under System > Certificates > Revocation: that renews it for the servers.',
  ),
  reject(
    /VERIFY ERROR: .*error=unable to get certificate CRL/,
    'The server has no revocation list of the authority that issued the certificate.',
    'Choose a list of that authority in the server, or none.',
  ),
  reject(
    /VERIFY ERROR: .*error=certificate has expired/,
    'A certificate of the chain has expired.',
    'Renew it and give the user a new export.',
  ),
  reject(
    /VERIFY ERROR: .*error=certificate is not yet valid/,
    'A certificate is not valid yet.',
    'Compare the clocks of both ends.',
  ),
  reject(
    /VERIFY ERROR: .*error=(?:unable to get (?:local )?issuer|self[- ]signed|unable to verify)/,
    'The certificate comes from an authority that the server does not trust.',
    'Issue one from the authority of the server, and hand out a new export.',
  ),
  reject(/VERIFY ERROR/, 'The certificate was refused.', 'See what the server says of it in the line.'),
  reject(
    /VERIFY (?:EKU|KU) ERROR/,
    'The certificate is not one for clients (extended key usage).',
    'Issue a certificate of the type user.',
  ),
  reject(
    /(?:VERIFY SCRIPT ERROR|Certificate depth \d+ exceeded|tls-verify script)/,
    "The server's own check of the certificate refused it (depth of the chain, or OCSP).",
    'See Certificate Depth and OCSP in the server.',
  ),
  reject(
    /Auth Username\/Password was not provided/,
    'The client sent no user name and password.',
    'Export the client configuration anew: it has to ask for them.',
  ),
  reject(
    /(?:Auth Username\/Password verification failed|AUTH_FAILED|Authentication failed for peer)/,
    'Name and password were refused.',
    'See the line of the backend beside it.',
  ),
  reject(
    /client has been rejected due to 'disable' directive/,
    'A client specific override blocks this common name.',
    'VPN > OpenVPN > Client Specific Overrides: untick Block Connection.',
  ),
  reject(/exceed maximum number of clients/, 'The server is full.', 'Raise Concurrent Connections in the server.'),
  error(
    /(?:No common cipher between|Data channel cipher negotiation failed|no shared cipher|cipher final failed)/i,
    'Both ends have no cipher in common.',
    'Give both a cipher in Data Encryption Algorithms that the other has.',
  ),
  error(
    /(?:cannot locate HMAC|HMAC authentication failed|tls-crypt unwrap(?:ping)? (?:error|failed)|TLS Error: incoming packet authentication failed)/i,
    'The TLS key of the peer is another one, or it has none.',
    'Export the client configuration anew, or copy the TLS key.',
  ),
  error(
    /TLS key negotiation failed to occur/,
    'The TLS handshake did not finish within a minute: packets of one end do not arrive, or the other end does not answer.',
    'Check the way in both directions: port, NAT, provider; then the TLS key.',
  ),
  error(
    /(?:certificate verify failed|tls_process_client_certificate)/i,
    'A certificate of the other end was refused.',
    'See the line VERIFY ERROR beside it.',
  ),
  error(
    /(?:unsupported protocol|wrong version number|version too low)/i,
    'The ends have no version of TLS in common.',
    'Update the older end.',
  ),
  error(
    /TLS (?:Error: TLS )?handshake failed|TLS Error: TLS object/,
    'The TLS handshake failed.',
    'See the line before it for the reason.',
  ),
  error(/RESOLVE: Cannot resolve host/, 'The name of the server could not be resolved.', 'Check DNS on this firewall.'),
  error(
    /(?:Connection refused|No route to host|Network unreachable|Can't assign requested address)/i,
    'The packets did not get out, or nobody listens at the other end.',
    'Check the route and the port of the other end.',
  ),
  error(
    /WARNING: '(?:link-mtu|cipher|auth|keysize|comp-lzo|tun-mtu|dev-type)' is (?:used )?(?:inconsistently|present)/,
    'The settings of both ends differ.',
    'Compare cipher, digest, compression and device mode.',
  ),
  down(
    /Inactivity timeout \(--ping-(?:restart|exit)\)/,
    'Nothing came from the other end for the keep-alive time, so the tunnel started over.',
    'Look for loss on the way, or an end that lost its address.',
  ),
  down(/Connection reset, restarting/, 'The other end closed the connection.'),
  down(
    /SIG(?:USR1|TERM|HUP|INT)\[(?!soft,(?:auth-failure|tls-error|connection-failed))/,
    'The tunnel was stopped or started over.',
  ),
  down(/(?:SIGUSR1|SIGTERM)\[soft,/, 'The tunnel could not be built and is tried again.'),
  up(/Initialization Sequence Completed/, 'The tunnel is up.'),
  up(/MULTI: Learn:|SENT CONTROL \[.*\]: 'PUSH_REPLY/, 'A client got in.'),
];

const IPSEC: readonly Pattern[] = [
  error(
    /(?:received NO_PROPOSAL_CHOSEN|no (?:matching |acceptable )?proposal found|sending NO_PROPOSAL_CHOSEN)/i,
    'The ends could not agree on encryption (NO_PROPOSAL_CHOSEN).',
    CHECK_PROPOSALS,
  ),
  error(
    /no (?:IKE|peer) config found/,
    'The other end came with an address or identifier that no phase 1 here expects.',
    'Compare remote gateway, my identifier and peer identifier of both ends.',
  ),
  error(
    /(?:received|sending) (?:an? )?AUTHENTICATION_FAILED|AUTH(?:ENTICATION)?_FAILED|no shared key found|tried \d+ shared keys? .*but MAC mismatched|MAC mismatched/i,
    'The ends did not accept each other (AUTHENTICATION_FAILED): pre-shared key, certificate or identifier.',
    'Compare pre-shared key and identifiers of both ends.',
  ),
  error(
    /constraint check failed|no trusted .* public key found/,
    'The certificate of the other end is not the one expected here.',
    'Compare the identifier with the names in the certificate, and the authority.',
  ),
  error(
    /TS_UNACCEPTABLE|traffic selectors .* (?:unacceptable|inacceptable)/i,
    'The ends disagree on the networks of phase 2 (TS_UNACCEPTABLE).',
    'Compare local and remote network of phase 2: each has to be the mirror of the other.',
  ),
  error(
    /INVALID_KE_PAYLOAD|DH group .* (?:unacceptable|inacceptable)/i,
    'The ends use another DH group.',
    CHECK_PROPOSALS,
  ),
  error(
    /(?:EAP method .* failed|received EAP identity .* failed|EAP_FAILURE|XAuth authentication of .* failed)/i,
    'The user was refused (EAP or xauth).',
    'Check the account and its password.',
  ),
  error(
    /giving up after \d+ retransmits|peer not responding/,
    'The other end does not answer.',
    'Check the way in both directions: UDP 500 and 4500, and that the other end is up.',
  ),
  down(
    /(?:sending DPD request timed out|DPD check timed out|dpd action)/i,
    'The other end no longer answers (dead peer detection), so the tunnel was torn down.',
    'Look for loss on the way.',
  ),
  down(
    /(?:received DELETE for|deleting) IKE_SA|IKE_SA \S+ state change: .* => (?:DELETING|DESTROYING)/i,
    'Phase 1 was closed.',
  ),
  down(/closing CHILD_SA|received DELETE for ESP CHILD_SA/, 'Phase 2 was closed, or replaced by a new one.'),
  up(/IKE_SA \S+ established between/, 'Phase 1 is up.'),
  up(/CHILD_SA \S+ established with/, 'Phase 2 is up.'),
];

/** What a line says, without what syslog put before it; undefined: neither success nor failure. */
export function meaningOf(log: 'openvpn' | 'ipsec', message: string): Meaning | undefined {
  const found = [...SCRIPTS, ...(log === 'openvpn' ? OPENVPN : IPSEC)].find((pattern) => pattern.line.test(message));
  if (!found) return undefined;
  const { kind, says, todo } = found;
  return { kind, says, ...(todo === undefined ? {} : { todo }) };
}

function reject(line: RegExp, says: string, todo: string): Pattern {
  return { kind: 'reject', line, says, todo };
}

function error(line: RegExp, says: string, todo: string): Pattern {
  return { kind: 'error', line, says, todo };
}

function down(line: RegExp, says: string, todo?: string): Pattern {
  return { kind: 'down', line, says, ...(todo === undefined ? {} : { todo }) };
}

function up(line: RegExp, says: string): Pattern {
  return { kind: 'up', line, says };
}
