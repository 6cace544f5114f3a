import { z } from 'zod';
import { HeldRow } from '../../table/view.ts';
import type { VpnLog } from '../log-snippet.ts';
import { readVici, textOf, textsOf } from '../vici.ts';
import { lastTries, Try } from './last-tries.ts';
import { mobileReasons } from './mobile.ts';
import { isForUsers, serverReasons, type UserCase } from './openvpn.ts';
import { passes, Reason, unknown, VERDICTS, type Verdict, verdictOf } from './reason.ts';

const Server = z.object({
  kind: z.enum(['openvpn', 'ipsec']),
  id: z.string(),
  name: z.string(),
  canConnect: z.enum(VERDICTS),
  connectedFrom: z.array(z.string()).nullable().describe('Where the user is connected from now'),
  reasons: z.array(Reason),
});
type Server = z.output<typeof Server>;

export const UserVerdict = z.object({
  name: z.string(),
  canConnect: z.enum(VERDICTS).describe('To at least one server, as far as the firewall decides'),
  servers: z.array(Server),
  lastReject: Try.nullable(),
  lastSuccess: Try.nullable(),
  logsBegin: z.string().nullable(),
  source: z
    .object({ address: z.string(), tables: z.array(HeldRow).nullable() })
    .nullable()
    .describe('Where the user last came from, and the tables of pf that hold it'),
  notChecked: z.array(z.string()),
});
export type UserVerdict = z.output<typeof UserVerdict>;

/** Why a user gets into each VPN that users can log in to, or not. */
export function verdictFor(
  known: UserCase,
  log: VpnLog | undefined,
): UserVerdict & { readonly seenFrom: string | null } {
  const tries = log ? lastTries(known.user, log) : { reject: null, success: null, from: null };
  const servers = [
    ...known.facts.servers.filter(isForUsers).map((server): Server => {
      const id = server['vpnid'] ?? '';
      const connectedFrom = openVpnFrom(id, known);
      const reasons = withLog(serverReasons(server, known), 'openvpn', tries);
      const name = `${server['description'] || 'Server'} ${server['protocol'] ?? ''}:${server['local_port'] ?? ''}`;
      return serverOf('openvpn', id, name, reasons, connectedFrom);
    }),
    ...known.facts.mobile.phase1.map((phase1): Server => {
      const reasons = withLog(mobileReasons(phase1, known), 'ipsec', tries);
      return serverOf('ipsec', phase1['ikeid'] ?? '', phase1['descr'] || 'Mobile clients', reasons, mobileFrom(known));
    }),
  ];
  const begins = log?.logs.flatMap(({ begins }) => begins ?? []) ?? [];
  return {
    name: known.user,
    canConnect: overall(servers),
    servers,
    lastReject: tries.reject,
    lastSuccess: tries.success,
    logsBegin: begins.length === 0 ? null : new Date(Math.min(...begins) * 1000).toISOString(),
    source: null,
    notChecked: notChecked(known),
    seenFrom: servers.flatMap(({ connectedFrom }) => connectedFrom ?? [])[0] ?? tries.reject?.from ?? tries.from,
  };
}

function serverOf(
  kind: Server['kind'],
  id: string,
  name: string,
  all: Reason[],
  connectedFrom: string[] | null,
): Server {
  // Who is in has passed everything that could not be looked at from here.
  const isIn = (connectedFrom?.length ?? 0) > 0;
  const reasons = isIn ? all.filter(({ result }) => result !== 'unknown') : all;
  const blocking = reasons.filter(({ result }) => result === 'blocks');
  const shown =
    isIn && blocking.length > 0
      ? [...reasons, passes('server', 'The user is connected now, but will not get in again after what blocks.')]
      : isIn
        ? [...reasons, passes('server', 'The user is connected now.')]
        : reasons;
  return { kind, id, name, canConnect: verdictOf(reasons), connectedFrom, reasons: shown };
}

/** Yes to one is yes; no only when every one says so. */
export function overall(servers: readonly Server[]): Verdict {
  if (servers.some(({ canConnect }) => canConnect === 'yes')) return 'yes';
  return servers.every(({ canConnect }) => canConnect === 'no') ? 'no' : 'unknown';
}

type Tries = Pick<ReturnType<typeof lastTries>, 'reject' | 'success'>;

/** A refusal after the last success, where nothing else explains it: whether its cause still holds is open. */
function withLog(reasons: Reason[], log: 'openvpn' | 'ipsec', { reject, success }: Tries): Reason[] {
  const isExplained = reasons.some(({ result }) => result === 'blocks');
  if (isExplained || reject?.log !== log || (success?.at ?? '') > (reject.at ?? '')) return reasons;
  const says = 'The last try that the log has was refused: see lastReject.';
  return [...reasons, unknown('log', says, reject.at ?? undefined)];
}

function openVpnFrom(id: string, { user, live }: UserCase): string[] | null {
  const connections = live?.openvpn.multipoint.find(({ vpnid }) => vpnid === id)?.connections;
  if (!connections) return null;
  const isMine = (name: string | undefined): boolean => name?.toLowerCase() === user.toLowerCase();
  return connections
    .filter((one) => isMine(one['user_name']) || isMine(one['common_name']))
    .map((one) => (one['remote_host'] ?? '').replace(/:\d+$/, ''));
}

function mobileFrom({ user, live }: UserCase): string[] | null {
  if (!live || live.ipsec.sas === null) return null;
  return readVici(live.ipsec.sas)
    .filter(
      ([name, sa]) =>
        name === 'con-mobile' &&
        [
          ...['remote-eap-id', 'remote-xauth-id', 'remote-id'].map((key) => textOf(sa, key)),
          ...textsOf(sa, 'remote-id'),
        ].includes(user),
    )
    .map(([, sa]) => textOf(sa, 'remote-host') ?? '');
}

function notChecked({ facts, live }: UserCase): string[] {
  return [
    'the password, one-time codes and the settings of the client',
    ...(facts.backends.some(({ type }) => type === 'radius') ? ['RADIUS servers'] : []),
    ...(live ? [] : ['what is live: daemons, logs, connections, LDAP servers, block tables']),
  ];
}
