import { isDeepStrictEqual } from 'node:util';
import { canonicalAddress, isInNetwork } from '../../config/address.ts';
import { changedKeys } from '../../config/changed.ts';
import { type ConfigSection, type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../config/model.ts';
import { sectionOf } from '../../config/update.ts';
import { own } from '../../core/own.ts';
import { madeDevices } from '../kinds/interface/device.ts';
import { carriersOf } from './carriers.ts';
import type { Judge, Judgement } from './judgement.ts';
import { replyWay } from './reply-way.ts';
import type { SessionFacts } from './session.ts';

const SUBJECT = 'the interface and the way back of this session';
const PARTS = 'interfaces vlans qinqs laggs bridges ppps virtualip gateways staticroutes aliases'.split(' ');
/** What can change of an interface while a session that came in by it goes on; rules are judged elsewhere. */
const HARMLESS: ReadonlySet<string> = new Set(['descr', 'mss', 'blockpriv', 'blockbogons']);

/** Whether the interface, the address and the way back of this session survive, now and at the next start. */
export const judgeNetwork: Judge = (session, base, candidate) => {
  if (PARTS.every((part) => isDeepStrictEqual(treeAt(base, part), treeAt(candidate, part)))) return [];
  return [judgeSession(session, base, candidate), ...missingDevices(session, base, candidate)];
};

function judgeSession(session: SessionFacts, base: ConfigTree, candidate: ConfigTree): Judgement {
  const { connection, replyDevice, devices } = session;
  if (connection === null || replyDevice === null)
    return { subject: SUBJECT, verdict: 'unknown', because: ['the firewall does not tell by which way it came'] };
  const key = Object.entries(devices).find(([, device]) => device === replyDevice)?.[0];
  const because = [
    ...linkProblems(replyDevice, base, candidate),
    ...addressProblems(connection.server, base, candidate),
    ...(key === undefined ? unassignedProblems(base, candidate) : interfaceProblems(key, base, candidate)),
  ];
  if (because.length > 0) return { subject: SUBJECT, verdict: 'cut', because };
  const client = canonicalAddress(connection.client.split('%')[0] ?? '');
  const isNear = (own(session.addresses, replyDevice) ?? []).some((network) => isInNetwork(client, network));
  const [before, after] = [base, candidate].map((config) => replyWay(config, { client, key, isNear }));
  if (!isDeepStrictEqual(before, after))
    return { subject: SUBJECT, verdict: 'cut', because: [`its answers would go another way: ${after?.text}`] };
  return { subject: SUBJECT, verdict: 'unchanged', because: [] };
}

function interfaceProblems(key: string, base: ConfigTree, candidate: ConfigTree): string[] {
  const changed = changedFields(base, candidate, key);
  return changed.length === 0 ? [] : [`the interface ${key}, by which it came in, changes (${changed.join(', ')})`];
}

function changedFields(base: ConfigTree, candidate: ConfigTree, key: string): string[] {
  const fields = (config: ConfigTree) => new Map(entriesAt(config, `interfaces/${key}`));
  return changedKeys(fields(base), fields(candidate)).filter((name) => !HARMLESS.has(name));
}

/** A tunnel that is no interface comes in by some other one, and nobody knows here by which. */
function unassignedProblems(base: ConfigTree, candidate: ConfigTree): string[] {
  const keys = entriesAt(base, 'interfaces').map(([key]) => key);
  const changed = keys.filter((key) => changedFields(base, candidate, key).length > 0);
  return changed.map((key) => `it may depend on the interface ${key}, which changes`);
}

/** Devices below the one of the session: VLAN, link aggregation, bridge, and interfaces that carry them. */
function linkProblems(device: string, base: ConfigTree, candidate: ConfigTree): string[] {
  const below = carriersOf(base, device);
  const lists: readonly (readonly [string, string])[] = [
    ['vlans/vlan', 'vlanif'],
    ['qinqs/qinqentry', 'vlanif'],
    ['laggs/lagg', 'laggif'],
    ['bridges/bridged', 'bridgeif'],
    ['ppps/ppp', 'if'],
  ];
  const made = lists.flatMap(([list, field]) =>
    [device, ...below].filter(
      (name) => !isDeepStrictEqual(entryOf(base, list, field, name), entryOf(candidate, list, field, name)),
    ),
  );
  const carried = below.flatMap((name) =>
    entriesAt(base, 'interfaces')
      .filter(([key, entry]) => textAt(entry, 'if') === name && changedFields(base, candidate, key).length > 0)
      .map(([key]) => key),
  );
  return [
    ...made.map((name) => `the device ${name}, by which it came in, changes`),
    ...carried.map((key) => `the interface ${key}, which carries it, changes`),
  ];
}

/** The entry of a list by a name in it, without what is for people alone. */
function entryOf(config: ConfigTree, list: string, field: string, name: string): ConfigSection | undefined {
  const found = listAt(config, list).find((entry) => textAt(entry, field) === name);
  if (found === undefined) return undefined;
  const { descr: _descr, ...rest } = sectionOf(found);
  return rest;
}

/** The address that the session was made to, wherever it is. */
function addressProblems(server: string, base: ConfigTree, candidate: ConfigTree): string[] {
  const address = canonicalAddress(server.split('%')[0] ?? '');
  const isSame = (text: string | undefined): boolean => text !== undefined && canonicalAddress(text) === address;
  const vips = (config: ConfigTree): ConfigSection[] =>
    listAt(config, 'virtualip/vip')
      .map(sectionOf)
      .filter((vip) => isSame(textAt(vip, 'subnet')))
      .map(({ descr: _descr, ...vip }) => vip);
  const owners = entriesAt(base, 'interfaces').filter(([, entry]) =>
    ['ipaddr', 'ipaddrv6'].some((field) => isSame(textAt(entry, field))),
  );
  return [
    ...(isDeepStrictEqual(vips(base), vips(candidate)) ? [] : [`the virtual address ${address} changes`]),
    ...owners
      .filter(([key]) => changedFields(base, candidate, key).length > 0)
      .map(([key]) => `the interface ${key} has its address and changes`),
  ];
}

/** A device that is not there makes pfSense ask at its console at the next start, before anything is undone. */
function missingDevices({ addresses }: SessionFacts, base: ConfigTree, candidate: ConfigTree): Judgement[] {
  const needed = (config: ConfigTree): string[] => [
    ...entriesAt(config, 'interfaces').map(([, entry]) => textAt(entry, 'if') ?? ''),
    ...listAt(config, 'vlans/vlan').map((vlan) => textAt(vlan, 'if') ?? ''),
  ];
  const known = new Set([...needed(base), ...madeDevices(candidate), ...Object.keys(addresses)]);
  const missing = [...new Set(needed(candidate))].filter((device) => !known.has(device));
  if (missing.length === 0) return [];
  const because = missing.map((device) => `there is no device ${device}, so it would wait at its console`);
  return [{ subject: 'the next start of the firewall', verdict: 'cut', because }];
}
