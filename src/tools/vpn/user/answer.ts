import type { Box } from '../../../pfsense/box.ts';
import { certificateList } from '../../certificate/snippet.ts';
import { tableHolding } from '../../table/snippet.ts';
import { heldRows } from '../../table/view.ts';
import { vpnLog } from '../log-snippet.ts';
import { vpnStatus } from '../snippet.ts';
import { blocks, unknown, verdictOf } from './reason.ts';
import { vpnUser } from './snippet.ts';
import { overall, type UserVerdict, verdictFor } from './verdict.ts';

const MOST_LINES = 400;
/** Servers that one answer shows. */
const MOST_SERVERS = 15;

/** One verdict on one user, from the configuration and, where there is a firewall, from what is live. */
export async function answerForUser(user: string, box: Box, note: (text: string) => void): Promise<UserVerdict> {
  const [facts, stored] = await Promise.all([box.call(vpnUser, { user }), box.call(certificateList, {})]);
  const [live, log] = facts.live
    ? await Promise.all([
        box.call(vpnStatus, {}),
        box.call(vpnLog, { user, needles: [], daemons: [], limit: MOST_LINES }),
      ])
    : [undefined, undefined];
  const { seenFrom, ...verdict } = verdictFor({ user, facts, stored, live }, log);
  if (verdict.servers.length > MOST_SERVERS) note(`Only ${MOST_SERVERS} servers are shown; the verdict is over all.`);
  if (verdict.servers.length === 0) note('No VPN server that users log in to is configured.');
  for (const { log: name, isRead } of log?.logs ?? [])
    if (!isRead && verdict.servers.some(({ kind }) => kind === name))
      note(`The log ${name} is missing or could not be read: whether the user was refused is unknown.`);
  if (!facts.live) note('From the configuration alone: what is live is unknown.');
  if (!facts.live || seenFrom === null) return shorten(verdict);
  const tables = heldRows(await box.call(tableHolding, { address: seenFrom }));
  if (tables === null) note('pf did not list its tables: whether the address of the user is blocked is unknown.');
  return shorten(withSource({ ...verdict, source: { address: seenFrom, tables } }));
}

function shorten(verdict: UserVerdict): UserVerdict {
  return { ...verdict, servers: verdict.servers.slice(0, MOST_SERVERS) };
}

/** What blocks the address keeps its user out of every VPN, except that sshguard closes SSH and the GUI only. */
function withSource(verdict: UserVerdict): UserVerdict {
  const { source } = verdict;
  const isBlocked = source?.tables?.some(({ blocks: isOn, table }) => isOn && table !== 'sshguard');
  const reason =
    source?.tables === null
      ? unknown(
          'source address',
          'Whether the address that the user last came from is blocked is unknown.',
          source.address,
        )
      : isBlocked && source
        ? blocks(
            'source address',
            'The address that the user last came from is blocked.',
            'See source.',
            source.address,
          )
        : undefined;
  if (!reason) return verdict;
  const servers = verdict.servers.map((server) => {
    const reasons = [...server.reasons, reason];
    return { ...server, reasons, canConnect: verdictOf(reasons) };
  });
  return { ...verdict, servers, canConnect: overall(servers) };
}
