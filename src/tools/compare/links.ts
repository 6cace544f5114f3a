import { canonicalAddress } from '../../config/address.ts';
import { entriesAt, listAt, textAt } from '../../config/model.ts';
import { readLogLine } from '../log/line.ts';
import { type Findings, joined, NOTHING } from './carp.ts';
import type { Node } from './facts.ts';

/** The node that copies its configuration to the other; null when neither does. */
export function senderOf(a: Node, b: Node): Node | null {
  const senders = [a, b].filter(({ facts }) => facts.syncTarget !== null);
  return senders.find((node) => isAt(node.facts.syncTarget?.address ?? '', node === a ? b : a)) ?? senders[0] ?? null;
}

/** Copying of the configuration and of states between the nodes. */
export function linkFindings(a: Node, b: Node): Findings {
  return joined([configSync(a, b), configSync(b, a), ...loop(a, b), stateSync(a, b)]);
}

function loop(a: Node, b: Node): Findings[] {
  const senders = [a, b].filter(({ facts }) => facts.syncTarget !== null).length;
  if (senders === 1) return [];
  const text =
    senders === 0
      ? 'Neither node copies its configuration: what is changed on one is not changed on the other.'
      : 'Both nodes copy their configuration to the other; only the first one should.';
  return [{ ...NOTHING, warnings: [text] }];
}

function configSync(from: Node, to: Node): Findings {
  const target = from.facts.syncTarget;
  if (target === null) return NOTHING;
  const isPeer = isAt(target.address, to);
  const unknowns =
    isPeer === false
      ? [
          `${from.name} copies its configuration to ${target.address}, which is no address of ${to.name}: are they a pair?`,
        ]
      : [];
  const answers =
    target.isReachable === false
      ? [`${target.address} did not answer ${from.name} on the port of the web interface: changes cannot be copied.`]
      : [];
  return { ...NOTHING, unknowns, warnings: [...answers, ...lastSync(from)] };
}

/** What the log said last of a sync; what it said of a success is no exception. */
function lastSync({ name, facts }: Node): string[] {
  if (facts.syncLog === null || facts.syncLog === '') return [];
  const { message } = readLogLine(facts.syncLog);
  if (message.includes('reload data success')) return [];
  return [`The last sync that the log of ${name} speaks of failed: ${reasonOf(message)}`];
}

/** In our words: a line of a log is not repeated. */
function reasonOf(message: string): string {
  if (/different configuration version/.test(message)) return 'the nodes have different configuration versions.';
  if (/could not be determined/.test(message)) return 'the configuration version of the peer could not be asked.';
  if (/[Aa]uthentication fail/.test(message)) return 'the peer refused the user or password.';
  return 'the peer could not be reached or reported an error; see the system log.';
}

/** A copied state table is only a help: connections break without it, but addresses move. */
function stateSync(a: Node, b: Node): Findings {
  const isOn = ({ ha }: Node): boolean => ha.sync['pfsyncenabled'] === 'on';
  if (!isOn(a) && !isOn(b))
    return { ...NOTHING, warnings: ['States are not copied (pfsync is off): connections break at a failover.'] };
  const warnings = [a, b].flatMap((node) => {
    const other = node === a ? b : a;
    if (!isOn(node)) return [`pfsync is off on ${node.name}: connections break when it takes over or hands over.`];
    const { pfsyncState, sync } = node.ha;
    const peer = sync['pfsyncpeerip'] ?? '';
    return [
      ...(pfsyncState === 'down' || pfsyncState === 'absent' ? [`pfsync is ${pfsyncState} on ${node.name}.`] : []),
      ...(peer !== '' && isAt(peer, other) === false
        ? [`pfsync of ${node.name} sends to ${peer}, which is no address of ${other.name}.`]
        : []),
    ];
  });
  return { ...NOTHING, warnings: [...warnings, ...stateCounts(a, b), ...hostIds(a, b)] };
}

/** Below this many states their number says nothing. */
const MIN_STATES = 500;

function stateCounts(a: Node, b: Node): string[] {
  const [left, right] = [a.facts.states, b.facts.states];
  if (left === null || right === null || Math.max(left, right) < MIN_STATES) return [];
  if (Math.min(left, right) * 2 >= Math.max(left, right)) return [];
  return [`${a.name} has ${left} states and ${b.name} ${right}: pfsync does not seem to copy them all.`];
}

function hostIds(a: Node, b: Node): string[] {
  const [left, right] = [a, b].map(({ config }) => textAt(config, 'hasync/pfhostid') ?? '');
  return left !== '' && left === right ? ['Both nodes have the same filter host ID; each needs one of its own.'] : [];
}

/** null: the node has addresses that its configuration does not tell. */
function isAt(address: string, { config }: Node): boolean | null {
  const interfaces = entriesAt(config, 'interfaces').flatMap(([, entry]) => [
    textAt(entry, 'ipaddr') ?? '',
    textAt(entry, 'ipaddrv6') ?? '',
  ]);
  const virtual = listAt(config, 'virtualip/vip').map((vip) => textAt(vip, 'subnet') ?? '');
  const known = [...interfaces, ...virtual].filter((text) => /[.:]/.test(text));
  if (known.some((text) => canonicalAddress(text) === canonicalAddress(address))) return true;
  return interfaces.some((text) => /^[a-z]/i.test(text) && !text.includes(':')) ? null : false;
}
