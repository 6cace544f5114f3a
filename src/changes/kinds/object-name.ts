import { type ConfigTree, entriesAt, listAt, textAt } from '../../config/model.ts';
import { refused } from '../kind.ts';
import { PROTOCOL_NAMES, SERVICE_NAMES } from './service-names.ts';

const TABLES = ['bogons', 'bogonsv6', 'sshguard', 'snort2c', 'virusprot', 'vpn_networks', 'negate_networks'];

/** Tables that pfSense keeps for itself. Since 2.8 rules may name them like aliases. */
export const RESERVED_TABLES: ReadonlySet<string> = new Set([...TABLES, 'tonatsubnets']);

/** pf's own words that could be names otherwise. */
const PF_WORDS: ReadonlySet<string> = new Set(
  `all altq anchor antispoof any bandwidth binat bitmask block buckets cbq code codelq crop debug dnpipe dnqueue drop
   ether fairq fastroute file fingerprints flags floating flush for fragment from global group hfsc hogs hostid in
   include inet inet6 interval keep keepcounters l3 label limit linkshare load log loginterface match max modulate nat
   no on optimization os out overload pass port prio priority priq probability proto qlimit queue quick random rdr
   realtime reassemble return ridentifier route rtable rule scrub set skip sloppy state synproxy syncookies table tag
   tagged target tbrsize timeout to tos ttl upperlimit user allowopts binatanchor blockpolicy divertreply divertto
   duptoicmptype icmp6type ifboundmaxmss maxsrcconn maxsrcconnrate maxsrcnodes maxsrcstates minttl natanchornodf
   noroute nosync randomidrdranchor replyto requireorderreturnicmp returnicmp6 returnrstroundrobinrouteto
   ruleset_optimization settos sourcehash sourcetrackstatedefaults statepolicy staticport stickyaddress urpffailed
   dropovl failpolicy mapeportset arrow codel error filename fragcrop fragdrop ipsec l2tp maximummin openvpn pppoe
   pptp`.split(/\s+/),
);

/** Whether pf or pfSense itself has a meaning for a word. */
export function isPfWord(word: string): boolean {
  return PF_WORDS.has(word.toLowerCase()) || RESERVED_TABLES.has(word.toLowerCase());
}

/** What pfSense takes for a name of an alias, schedule or tag; undefined when it is one, else what is wrong with it. */
export function problemOfName(name: string): string | undefined {
  if (name.length >= 32 || !/^\w+$/.test(name) || /^(?:_*|\d*)$/.test(name))
    return 'use 1 to 31 letters, digits and underscores, not digits or underscores alone';
  if (name === 'port' || name === 'pass') return 'it is a reserved word';
  if (PROTOCOL_NAMES.has(name)) return 'it is the name of a protocol';
  return SERVICE_NAMES.has(name) ? 'it is the name of a port' : undefined;
}

/**
 * An alias shares its namespace with interfaces, groups and pf's own words.
 * @throws PfsenseError `bad_input`
 */
export function checkAliasName(config: ConfigTree, name: string, argument: string): void {
  const problem = problemOfName(name) ?? clashOf(config, name);
  if (problem !== undefined) throw refused(`${argument}: no alias can have this name; ${problem}.`);
}

function clashOf(config: ConfigTree, name: string): string | undefined {
  const lower = name.toLowerCase();
  const interfaces = entriesAt(config, 'interfaces');
  const groups = listAt(config, 'ifgroups/ifgroupentry').map((group) => textAt(group, 'ifname') ?? '');
  const keys = [...interfaces.map(([key]) => key), ...groups].map((key) => key.toLowerCase());
  if (PF_WORDS.has(lower) || RESERVED_TABLES.has(lower)) return 'the packet filter needs it itself';
  if (name.startsWith('cpzoneid_') || name.startsWith('pkg_')) return 'pfSense keeps this beginning for itself';
  if (keys.some((key) => lower === key || lower === `${key}__network`)) return 'an interface or group has it';
  const isDescription = interfaces.some(([, entry]) => (textAt(entry, 'descr') ?? '').toLowerCase() === lower);
  return isDescription ? 'an interface has it as its description' : undefined;
}
