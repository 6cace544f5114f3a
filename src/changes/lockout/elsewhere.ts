import { type ConfigTree, isList, listAt } from '../../config/model.ts';
import { networksOf } from '../kinds/static_route/network.ts';
import { operationsBetween } from '../operation.ts';
import type { Judge } from './judgement.ts';

/** Parts that another judge looks at; a star stands for the rest of a name. */
const JUDGED = `filter nat aliases schedules ifgroups interfaces vlans qinqs laggs bridges ppps virtualip gateways
  staticroutes dhcpd dhcrelay dhcrelay6 diag/ipv6nat system/user system/group system/ssh system/webgui/port
  system/webgui/protocol system/webgui/noantilockout system/webgui/disablehttpredirect system/disablefilter
  system/disablenatreflection system/enablenatreflectionpurenat system/disablenegate system/disablevpnrules
  system/no_apipa_block system/allow_nat64_prefix_override system/ipv6allow system/maximumstates
  system/maximumtableentries system/maximumfrags system/adaptivestart system/adaptiveend system/tcpfirsttimeout
  system/tcpopeningtimeout system/tcpestablishedtimeout system/scrubnodf system/disablescrub system/disablereplyto`;

/** Parts that no way to the firewall hangs on. */
const HARMLESS = `revision lastchange notifications unbound dnsmasq dhcpdv6 dhcpbackend kea kea6 cron sysctl rrd snmpd
  syslog ntpd widgets theme wol dyndnses dnsupdates ezshaper system/hostname system/domain system/timezone
  system/timeservers system/language system/dnsallowoverride system/dnslocalhost system/nextuid system/nextgid system/bogons
  system/webgui/session_timeout system/webgui/dashboardcolumns system/webgui/webguicss system/webgui/logincss
  system/webgui/loginautocomplete system/webgui/pagenamefirst system/webgui/roworderdragging
  system/webgui/webguifixedmenu system/webgui/webguihostnamemenu system/webgui/loginshowhost system/powerd*
  system/hideplatform system/crypto_hardware system/thermal_hardware system/harddiskstandby
  system/aliasesresolveinterval system/checkaliasesurlcert system/scponly system/firmware system/pkg_repo_conf_path
  system/acb system/do_not_send_uniqueid system/proxyurl system/proxyport system/proxyuser system/proxypass`;

/** What a session that came in by a tunnel hangs on, and no other. */
const OF_TUNNELS = 'cert ca crl';
const TUNNEL = /^(?:ovpn|ipsec|tun|wg|l2tp|ppp|gif|gre|tailscale)/;

/** A DNS server can have a gateway of its own, by which every answer to its address goes. */
const OF_DNS_SERVERS = 'system/dnsserver system/dns*';

const MAX_NAMED = 5;

/** Whether parts change that no judge follows: a way to the firewall could hang on them. */
export const judgeElsewhere: Judge = ({ replyDevice, connection }, base, candidate) => {
  const isTunnelled = replyDevice === null || TUNNEL.test(replyDevice);
  const servers = [base, candidate].flatMap((config) => listAt(config, 'system/dnsserver'));
  const isServer = connection === null || servers.includes(connection.client);
  const harmless = [HARMLESS, ...(isTunnelled ? [] : [OF_TUNNELS]), ...(isServer ? [] : [OF_DNS_SERVERS])];
  const known = [JUDGED, ...harmless].join(' ').split(/\s+/);
  const places = operationsBetween(base, candidate)
    .map(({ path }) => path)
    .filter((path) => !known.some((one) => isWithin(one.split('/'), path)))
    .filter(([section = '']) => section !== 'openvpn' || !isRenamed(base, candidate, section));
  if (places.length === 0) return [];
  const named = [...new Set(places.map((path) => path.slice(0, 3).join('/')))];
  const because = named.slice(0, MAX_NAMED).map((place) => `what ${place} does to it is not followed`);
  const more = named.length > MAX_NAMED ? [`nor that of ${named.length - MAX_NAMED} others`] : [];
  return [{ subject: 'this session and whatever else comes in', verdict: 'unknown', because: [...because, ...more] }];
};

function isWithin(part: readonly string[], path: readonly string[]): boolean {
  return part.every((name, index) => {
    const here = path[index] ?? '';
    return name.endsWith('*') ? here.startsWith(name.slice(0, -1)) : name === here;
  });
}

/** Whether a section says the same of networks, under other names of aliases. */
function isRenamed(base: ConfigTree, candidate: ConfigTree, section: string): boolean {
  const [before, after] = [base, candidate].map((config) =>
    JSON.stringify(spelledOut(Object(config)[section], config)),
  );
  return before === after;
}

function spelledOut(tree: ConfigTree | undefined, config: ConfigTree): unknown {
  if (tree === undefined) return null;
  if (typeof tree === 'string')
    return tree.split(/[\s,]+/).map((word) => {
      const networks = networksOf(config, word);
      return networks.length === 0 ? word : networks;
    });
  if (isList(tree)) return tree.map((item) => spelledOut(item, config));
  return Object.entries(tree).map(([name, child]) => [name, spelledOut(child, config)]);
}
