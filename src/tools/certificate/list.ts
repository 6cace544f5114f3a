import { z } from 'zod';
import { detail } from '../detail.ts';
import { fittingPage, pageInput, pageOutput } from '../page.ts';
import { defineTool } from '../tool.ts';
import { isRevoked, readCertificate } from './read.ts';
import { type CertificateFacts, type CertificateItem, certificateList, type Use } from './snippet.ts';

const State = z.enum(['valid', 'expired', 'not yet valid', 'revoked', 'request', 'unreadable']);

const Row = z.object({
  refid: z.string(),
  kind: z.enum(['authority', 'certificate']),
  name: z.string(),
  state: State,
  notAfter: z.string().nullable(),
  daysLeft: z.int().nullable().describe('Negative: days since it expired'),
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()),
  usedBy: z.array(z.string()),
  hasKey: z.boolean(),
  type: z.string().optional(),
  notBefore: z.string().nullable().optional(),
  serial: z.string().optional(),
  fingerprint: z.string().optional(),
  issued: z.int().optional().describe('Certificates of this authority that are stored here'),
});
type Row = z.output<typeof Row>;

export default defineTool({
  name: 'pf_certificate_list',
  title: 'Certificates',
  description:
    'Certificates and authorities, soonest expiry first: days left, subject, issuer, alternative names, revoked or not, and everything in the configuration that refers to them. Never private keys.',
  toolset: 'services',
  effect: 'read',
  complexity: 'firewall',
  isOpenWorld: true,
  input: z.strictObject({
    text: z.string().max(100).optional().describe('Part of a name, subject, issuer, use'),
    kind: z.enum(['authority', 'certificate']).optional(),
    state: State.optional(),
    withinDays: z.int().min(0).max(36_500).optional().describe('Expired, or expiring within'),
    detail,
    ...pageInput,
  }),
  output: z.object({ certificates: z.array(Row), ...pageOutput }),
  async run(args, { box, note }) {
    const facts = await box.call(certificateList, {});
    if (facts.lists.some(({ isImported }) => isImported))
      note(
        'Revocation lists that were imported as text are not searched: a certificate on one is not shown as revoked.',
      );
    const found = rowsOf(facts).filter((row) => fits(row, args));
    const rows = found.map((row) => (args.detail === 'detailed' ? row : concise(row)));
    const { part, facts: page } = fittingPage(rows, args);
    return { certificates: part, ...page };
  },
});

/** Rows in the order in which they run out; what has no date comes last. */
export function rowsOf(facts: z.output<typeof CertificateFacts>): Row[] {
  const rows = [
    ...facts.authorities.map((item) => rowOf(item, 'authority', facts)),
    ...facts.certificates.map((item) => rowOf(item, 'certificate', facts)),
  ];
  const at = ({ daysLeft }: Row): number => daysLeft ?? Number.POSITIVE_INFINITY;
  return rows.sort((a, b) => (at(a) === at(b) ? 0 : at(a) - at(b)));
}

const DAY_MS = 86_400_000;

function rowOf(item: CertificateItem, kind: Row['kind'], facts: z.output<typeof CertificateFacts>): Row {
  const text = readCertificate(item.crt);
  const now = facts.now * 1000;
  const base = {
    refid: item.refid,
    kind,
    name: item.descr,
    hasKey: item.hasKey,
    usedBy: usesOf(item.refid, facts.uses),
    type: item.type,
    ...(kind === 'authority' ? { issued: facts.certificates.filter(({ caref }) => caref === item.refid).length } : {}),
  };
  if (!text) {
    const state = item.isRequest ? ('request' as const) : ('unreadable' as const);
    return { ...base, state, notAfter: null, daysLeft: null, subject: '', issuer: '', names: [] };
  }
  return {
    ...base,
    state: stateOf(text.notBefore, text.notAfter, now, isRevoked(item, facts.lists)),
    notAfter: new Date(text.notAfter).toISOString(),
    daysLeft: Math.floor((text.notAfter - now) / DAY_MS),
    subject: text.subject,
    issuer: text.issuer,
    names: [...text.names],
    notBefore: new Date(text.notBefore).toISOString(),
    serial: text.serial,
    fingerprint: text.fingerprint,
  };
}

function stateOf(notBefore: number, notAfter: number, now: number, revoked: boolean): Row['state'] {
  if (revoked) return 'revoked';
  if (notAfter <= now) return 'expired';
  return notBefore > now ? 'not yet valid' : 'valid';
}

/** Sections of the configuration by the name that people know; the first match counts. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/^system\/webgui\//, 'web GUI'],
  [/^system\/user\//, 'user'],
  [/^system\/authserver\//, 'authentication server'],
  [/^openvpn\/openvpn-server\//, 'OpenVPN server'],
  [/^openvpn\/openvpn-client\//, 'OpenVPN client'],
  [/^ipsec\//, 'IPsec'],
  [/^captiveportal\//, 'captive portal'],
  [/^unbound\//, 'DNS resolver'],
  [/^kea\//, 'DHCP server'],
  [/^installedpackages\//, 'package'],
];

function usesOf(refid: string, uses: readonly Use[]): string[] {
  const named = uses
    .filter((use) => use.refid === refid)
    .map(({ path, label }) => {
      const place = PLACES.find(([expression]) => expression.test(path))?.[1] ?? path.split('/').slice(0, 2).join('/');
      const owner = place === 'package' ? (path.split('/')[1] ?? label) : label;
      return owner === '' ? place : `${place} ${owner}`;
    });
  return [...new Set(named)];
}

function concise({ type: _type, notBefore: _from, serial: _serial, fingerprint: _print, ...row }: Row): Row {
  return row;
}

interface Filter {
  readonly text?: string | undefined;
  readonly kind?: string | undefined;
  readonly state?: string | undefined;
  readonly withinDays?: number | undefined;
}

function fits(row: Row, { text, kind, state, withinDays }: Filter): boolean {
  const wanted = text?.toLowerCase();
  return (
    (kind === undefined || row.kind === kind) &&
    (state === undefined || row.state === state) &&
    (withinDays === undefined || (row.daysLeft !== null && row.daysLeft <= withinDays)) &&
    (wanted === undefined ||
      [row.name, row.subject, row.issuer, row.refid, ...row.names, ...row.usedBy].some((field) =>
        field.toLowerCase().includes(wanted),
      ))
  );
}
