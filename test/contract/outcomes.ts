import { expect } from 'vitest';

type Answer = Record<string, unknown>;

/** What is taken away from the lab. */
interface Breakage {
  /** Programs that fail, with the arguments that this is limited to. */
  readonly fail?: Readonly<Record<string, string>>;
  /** Functions of pfSense that a file below /etc/inc no longer has. */
  readonly absent?: Readonly<Record<string, string>>;
  readonly unreadable?: readonly string[];
  readonly missing?: readonly string[];
  readonly file?: Readonly<Record<string, string>>;
}

/** How one tool tells nothing, could-not-look and not-from-a-file apart. */
export interface Outcome {
  readonly args?: Answer;
  readonly empty: {
    readonly args?: Answer;
    /** False: the lab's own configuration stays. */
    readonly bare?: false;
    /** Programs that print nothing, with the arguments that this is limited to. */
    readonly silent?: Readonly<Record<string, string>>;
    readonly file?: Readonly<Record<string, string>>;
    readonly shows: Answer;
  };
  readonly broken: Readonly<
    Record<string, { readonly by: Breakage; readonly args?: Answer; readonly shows: Answer; readonly note?: RegExp }>
  >;
  readonly offline: 'live_only' | { readonly shows: Answer; readonly note?: RegExp };
}

const failed = (code: string): Answer => ({ error: expect.stringContaining(code) });
const SNIPPET = failed('snippet_failed');
const CONFIG = 'cf/conf/config.xml';

/** The file of the configuration, gone, locked and damaged. */
const NO_CONFIG: Outcome['broken'] = {
  'config.xml missing': { by: { missing: [CONFIG] }, shows: failed('config_unreadable') },
  'config.xml unreadable': { by: { unreadable: [CONFIG] }, shows: failed('config_unreadable') },
  'config.xml cut off': { by: { file: { [CONFIG]: '<pfsense><system>' } }, shows: failed('config_unreadable') },
};

const KEA = 'var/lib/kea/dhcp4.leases';
const ISC = 'var/dhcpd/var/db/dhcpd.leases';
const KEA_HEADER =
  'address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id\n';

export const OUTCOMES: Readonly<Record<string, Outcome>> = {
  pf_system_status: {
    empty: {
      file: { 'tmp/notices/notices.serial': '[]' },
      shows: {
        attention: {
          interfacesDown: [],
          notices: [],
          gatewaysNotOnline: [],
          certificatesExpiring: [],
          pendingChanges: [],
        },
      },
    },
    broken: {
      'pfctl fails': {
        by: { fail: { pfctl: '' } },
        shows: { status: { states: null, packetFilter: null, unavailable: { states: expect.any(String) } } },
      },
      'df, swapinfo and netstat fail': {
        by: { fail: { df: '', swapinfo: '', netstat: '' } },
        shows: {
          status: {
            disks: null,
            swap: null,
            mbufClusters: null,
            unavailable: { disks: expect.any(String), swap: expect.any(String), mbufClusters: expect.any(String) },
          },
        },
      },
      'sysctl fails': {
        by: { fail: { sysctl: '' } },
        shows: {
          status: { memory: null, loadAverage: null, cpuPercent: null, unavailable: { memory: expect.any(String) } },
        },
      },
      'notices unreadable': {
        by: { unreadable: ['tmp/notices/notices.serial'] },
        shows: { attention: { notices: null }, status: { unavailable: { notices: expect.any(String) } } },
      },
      'no function for services': {
        by: { absent: { 'service-utils.inc': 'get_services' } },
        shows: {
          attention: { servicesStopped: null },
          status: { unavailable: { servicesStopped: expect.any(String) } },
        },
      },
      ...NO_CONFIG,
    },
    offline: {
      shows: { status: { memory: null, unavailable: { everything: expect.any(String) } } },
      note: /was not asked/,
    },
  },
  pf_interface_list: {
    empty: {
      args: {},
      file: { [CONFIG]: '<pfsense><version>24.0</version></pfsense>' },
      shows: { interfaces: [], total: 0 },
    },
    broken: {
      'no function for interfaces': { by: { absent: { 'interfaces.inc': 'get_interface_info' } }, shows: SNIPPET },
      'an interface that the system says nothing of': {
        by: { file: { 'etc/inc/interfaces.inc': '<?php function get_interface_info($id) { return []; }' } },
        shows: { interfaces: expect.arrayContaining([expect.objectContaining({ status: 'unknown' })]) },
        note: /status unknown/,
      },
      ...NO_CONFIG,
    },
    offline: { shows: { total: 5 }, note: /links, leased addresses and counters are unknown/ },
  },
  pf_gateway_status: {
    empty: { shows: { gateways: [], groups: [] } },
    broken: {
      'no monitor answers': {
        by: {
          file: {
            'etc/inc/gwlb.inc':
              '<?php const GW_CACHE_DISABLED = 1; const GW_CACHE_INACTIVE = 4; function get_gateways($flags) { return config_get_path("gateways/gateway_item", []); } function running_dpinger_processes() { return []; } function get_dpinger_status($gateway, $proc) { return false; }',
          },
        },
        shows: { gateways: expect.arrayContaining([expect.objectContaining({ state: 'unknown', lossPercent: null })]) },
        note: /dpinger/,
      },
      'no function for their states': { by: { absent: { 'gwlb.inc': 'get_dpinger_status' } }, shows: SNIPPET },
      ...NO_CONFIG,
    },
    offline: { shows: { gateways: expect.any(Array) }, note: /which gateways are up/ },
  },
  pf_route_list: {
    empty: { silent: { netstat: '' }, shows: { routes: [], staticRoutes: [] } },
    broken: {
      'netstat fails': { by: { fail: { netstat: '' } }, shows: { routes: null }, note: /could not be read/ },
      ...NO_CONFIG,
    },
    offline: { shows: { routes: null }, note: /could not be read/ },
  },
  pf_traffic_get: {
    empty: { args: { kind: 'talkers' }, file: { 'var/db/lab-states': '0' }, shows: { talkers: [] } },
    broken: {
      'pfctl fails': {
        by: { fail: { pfctl: '' } },
        args: { kind: 'talkers' },
        shows: { talkers: null },
        note: /could not be read/,
      },
      'the listing of states fails': {
        by: { fail: { pfctl: '-vvss' } },
        args: { kind: 'talkers' },
        shows: { talkers: null },
        note: /could not be read/,
      },
      'rrdtool fails': {
        by: { fail: { rrdtool: '' } },
        args: { kind: 'series' },
        shows: { series: null },
        note: /could not be read/,
      },
      'no recording': {
        by: { missing: ['var/db/rrd/wan-traffic.rrd'] },
        args: { kind: 'series' },
        shows: { series: null },
        note: /Nothing is recorded/,
      },
      'no function for interfaces': { by: { absent: { 'interfaces.inc': 'get_interface_info' } }, shows: SNIPPET },
    },
    offline: 'live_only',
  },
  pf_rule_search: {
    empty: { shows: { rules: [], total: 0 } },
    broken: {
      'pfctl fails': {
        by: { fail: { pfctl: '' } },
        shows: { rules: expect.arrayContaining([expect.objectContaining({ counters: null })]) },
        note: /Counters could not be read/,
      },
      'pfctl fails, hidden rules': {
        by: { fail: { pfctl: '' } },
        args: { include: 'hidden' },
        shows: { hidden: null },
        note: /could not be read/,
      },
      'no rules.debug': {
        by: { missing: ['tmp/rules.debug'] },
        shows: { rulesLoadedAt: null },
        note: /rules\.debug could not be read/,
      },
      ...NO_CONFIG,
    },
    offline: { shows: { since: null, rulesLoadedAt: null }, note: /Counters could not be read/ },
  },
  pf_nat_list: {
    empty: {
      file: { 'tmp/rules.debug': '# Outbound NAT rules (automatic)\n# TFTP proxy\n' },
      shows: { rules: [], total: 0, outbound: { mode: 'automatic', automaticSources: [] } },
    },
    broken: {
      'rules.debug unreadable': {
        by: { unreadable: ['tmp/rules.debug'], file: { [CONFIG]: withMode('automatic') } },
        shows: { outbound: { automaticSources: null } },
        note: /could not be read/,
      },
      ...NO_CONFIG,
    },
    offline: { shows: { rules: expect.any(Array) } },
  },
  pf_alias_search: {
    empty: { silent: { pfctl: '-vvsT' }, shows: { aliases: [], total: 0 } },
    broken: {
      'pfctl fails': {
        by: { fail: { pfctl: '' } },
        shows: { aliases: expect.arrayContaining([expect.objectContaining({ live: null })]) },
        note: /tables of pf could not be read/,
      },
      'pfctl fails, tables': {
        by: { fail: { pfctl: '' } },
        args: { kind: 'table' },
        shows: { tables: null },
        note: /could not be read/,
      },
      ...NO_CONFIG,
    },
    offline: {
      shows: { aliases: expect.arrayContaining([expect.objectContaining({ live: null })]) },
      note: /could not/,
    },
  },
  pf_state_search: {
    empty: { file: { 'var/db/lab-states': '0' }, shows: { states: [], total: 0, table: { current: 0 } } },
    broken: {
      'pfctl fails': { by: { fail: { pfctl: '' } }, shows: SNIPPET },
      'the listing of states fails': { by: { fail: { pfctl: '-vvss' } }, shows: SNIPPET },
      'the listing of rules fails': {
        by: { fail: { pfctl: '-vvsr' } },
        shows: { states: expect.any(Array) },
        note: /which rule let a connection in is unknown/,
      },
      'the counters fail': {
        by: { fail: { pfctl: '-si' } },
        shows: { table: { current: null } },
        note: /did not tell/,
      },
      'no function for interfaces': { by: { absent: { 'interfaces.inc': 'get_real_interface' } }, shows: SNIPPET },
    },
    offline: 'live_only',
  },
  pf_service_list: {
    empty: {
      file: {
        'etc/inc/service-utils.inc': '<?php function get_services() { return []; }',
      },
      shows: { services: [], running: 0, stopped: 0 },
    },
    broken: {
      'no function for services': { by: { absent: { 'service-utils.inc': 'get_services' } }, shows: SNIPPET },
      'no function for their states': {
        by: { absent: { 'service-utils.inc': 'get_service_status' } },
        shows: { services: expect.arrayContaining([expect.objectContaining({ name: 'unbound', running: null })]) },
        note: /could not be asked/,
      },
      ...NO_CONFIG,
    },
    offline: 'live_only',
  },
  pf_dhcp_list: {
    empty: { file: { [KEA]: KEA_HEADER, [ISC]: '' }, shows: { leases: [], total: 0 } },
    broken: {
      'lease file unreadable': {
        by: { unreadable: [KEA, ISC] },
        args: { kind: 'dynamic' },
        shows: { leases: null },
        note: /lease file could not be read/,
      },
      'no lease file': {
        by: { missing: [KEA] },
        args: { kind: 'static' },
        shows: { leases: [expect.objectContaining({ state: null })] },
        note: /no lease file yet/,
      },
      'arp fails': {
        by: { fail: { arp: '' } },
        shows: { leases: expect.arrayContaining([expect.objectContaining({ online: null })]) },
        note: /ARP table could not be read/,
      },
      'ndp fails': { by: { fail: { ndp: '' } }, shows: { leases: expect.any(Array) }, note: /IPv6 neighbours/ },
      ...NO_CONFIG,
    },
    offline: { shows: { leases: [expect.objectContaining({ state: null, online: null })] }, note: /need the live/ },
  },
  pf_certificate_list: {
    empty: { shows: { certificates: [], total: 0 } },
    broken: NO_CONFIG,
    offline: { shows: { total: 5 } },
  },
  pf_vpn_status: {
    empty: { shows: { tunnels: [], total: 0 } },
    broken: {
      'OpenVPN does not answer': {
        by: { file: { 'var/run/lab-stopped.openvpn': '' } },
        args: { kind: 'openvpn' },
        shows: {
          tunnels: expect.arrayContaining([
            expect.objectContaining({ openvpn: expect.objectContaining({ state: null, connections: null }) }),
          ]),
        },
        note: /did not answer/,
      },
      'swanctl fails': {
        by: { fail: { swanctl: '' } },
        args: { kind: 'ipsec' },
        shows: {
          tunnels: expect.arrayContaining([
            expect.objectContaining({ ipsec: expect.objectContaining({ state: null }) }),
          ]),
        },
        note: /did not answer/,
      },
      'wg fails': {
        by: { fail: { wg: '' } },
        args: { kind: 'wireguard' },
        shows: {
          tunnels: expect.arrayContaining([
            expect.objectContaining({ wireguard: expect.objectContaining({ state: null }) }),
          ]),
        },
        note: /did not answer/,
      },
      'OpenVPN does not answer, for a user': {
        by: { file: { 'var/run/lab-stopped.openvpn': '' } },
        args: { user: 'alice' },
        shows: {
          user: expect.objectContaining({
            servers: [expect.objectContaining({ connectedFrom: null })],
          }),
        },
        note: /log openvpn is missing/,
      },
      'no log, for a tunnel': {
        by: {},
        args: { kind: 'ipsec', detail: 'detailed' },
        shows: { tunnels: expect.arrayContaining([expect.objectContaining({ history: null })]) },
        note: /history null/,
      },
      'no function for OpenVPN': { by: { absent: { 'openvpn.inc': 'openvpn_get_active_servers' } }, shows: SNIPPET },
      ...NO_CONFIG,
    },
    offline: { shows: { tunnels: expect.any(Array), total: 6 }, note: /no daemon was asked/ },
  },
  pf_dns_get: {
    empty: { file: { 'etc/resolv.conf': '' }, shows: { overrides: [], total: 0, inUse: [] } },
    broken: {
      'no resolv.conf': { by: {}, shows: { inUse: null }, note: /resolv\.conf could not be read/ },
      'no function for services': { by: { absent: { 'service-utils.inc': 'is_service_running' } }, shows: SNIPPET },
      ...NO_CONFIG,
    },
    offline: { shows: { inUse: null }, note: /what runs is unknown/ },
  },
  pf_user_list: {
    empty: { shows: { users: [], total: 0 } },
    broken: NO_CONFIG,
    offline: { shows: { total: 3 } },
  },
  pf_ha_status: {
    empty: { shows: { configured: false, role: 'none', addresses: [] } },
    broken: {
      'ifconfig fails': {
        by: { fail: { ifconfig: '' } },
        shows: { role: null, addresses: [expect.objectContaining({ state: null })], stateSync: { state: null } },
        note: /ifconfig failed/,
      },
      'sysctl fails': {
        by: { fail: { sysctl: '' } },
        shows: { carp: null, demotion: null },
        note: /kernel did not say/,
      },
      ...NO_CONFIG,
    },
    offline: { shows: { configured: true, role: null, carp: null, demotion: null }, note: /are unknown/ },
  },
  pf_package_list: {
    empty: { silent: { 'pkg-static': '' }, shows: { packages: [], total: 0 } },
    broken: {
      'pkg fails': {
        by: { fail: { 'pkg-static': '' } },
        args: { show: 'available' },
        shows: { packages: null },
        note: /could not be read/,
      },
      'the catalogue alone fails': {
        by: { fail: { 'pkg-static': 'search -U -r pfSense -g pfSense-pkg-*' } },
        args: { show: 'updates' },
        shows: { packages: null },
        note: /could not be read/,
      },
      'the database alone fails': {
        by: { fail: { 'pkg-static': 'info -g pfSense-pkg-*' } },
        shows: { packages: expect.any(Array) },
        note: /those of the configuration/,
      },
      ...NO_CONFIG,
    },
    offline: {
      shows: { packages: expect.arrayContaining([expect.objectContaining({ update: null })]) },
      note: /could not/,
    },
  },
  pf_config_get: {
    args: { path: 'system' },
    empty: {
      args: { path: 'aliases' },
      file: { [CONFIG]: '<pfsense><version>24.0</version><aliases></aliases></pfsense>' },
      shows: { section: '' },
    },
    broken: {
      ...NO_CONFIG,
      'an older revision unreadable': {
        by: { unreadable: ['cf/conf/backup/config-1794900000.xml'] },
        args: { path: 'system', revision: '1794900000' },
        shows: failed('config_unreadable'),
      },
      'an older revision that is none': {
        by: { file: { 'cf/conf/backup/config-1794900000.xml': 'nothing' } },
        args: { path: 'system', revision: '1794900000' },
        shows: failed('config_unreadable'),
      },
    },
    offline: { shows: { path: 'system' } },
  },
  pf_config_history: {
    empty: {
      bare: false,
      file: { 'cf/conf/backup/backup.cache': 'a:0:{}' },
      args: { object: 'gateways/nothing' },
      shows: { revisions: [] },
    },
    broken: {
      'an older revision unreadable': {
        by: { unreadable: ['cf/conf/backup/config-1794900000.xml'] },
        shows: { revisions: expect.any(Array) },
        note: /no configurations that could be read/,
      },
      'no folder of backups': {
        by: { missing: ['cf/conf/backup'] },
        shows: { revisions: [expect.objectContaining({ id: 'current' })] },
        note: /backups could not be read/,
      },
      'config.xml missing': {
        by: { missing: [CONFIG] },
        shows: { revisions: expect.any(Array) },
        note: /in force could not be read/,
      },
      'config.xml unreadable': {
        by: { unreadable: [CONFIG] },
        shows: { revisions: expect.any(Array) },
        note: /in force could not be read/,
      },
    },
    offline: { shows: { revisions: [expect.objectContaining({ id: 'current' })] }, note: /Nothing older/ },
  },
  pf_log_search: {
    args: { log: 'gateways' },
    empty: { bare: false, file: { 'var/log/gateways.log': '' }, shows: { lines: [], matched: 0 } },
    broken: {
      'the log unreadable': { by: { unreadable: ['var/log/gateways.log'] }, shows: SNIPPET },
      'the log missing': { by: { missing: ['var/log/gateways.log'] }, shows: failed('not_found') },
      'one log of many unreadable': {
        by: { unreadable: ['var/log/gateways.log'] },
        args: { log: 'all' },
        shows: { lines: expect.any(Array) },
        note: /could not be read: 1/,
      },
      'a rotated file that zcat cannot read': {
        by: { fail: { zcat: '' } },
        args: { log: 'filter', limit: 200 },
        shows: { lines: expect.any(Array) },
        note: /could not be read: 1/,
      },
      'pfctl fails': {
        by: { fail: { pfctl: '' } },
        args: { log: 'filter' },
        shows: { lines: expect.any(Array) },
        note: /pf did not answer/,
      },
    },
    offline: 'live_only',
  },
  pf_host_explain: {
    args: { host: '192.168.1.10' },
    empty: {
      args: { host: '10.77.0.1' },
      silent: { drill: '' },
      file: { 'var/db/lab-states': '0' },
      shows: { online: false, lease: null, names: [], vpn: [], aliases: [], states: { count: 0 } },
    },
    broken: {
      'arp fails': { by: { fail: { arp: '' } }, shows: { online: null }, note: /neighbour table could not be read/ },
      'ndp fails': {
        by: { fail: { ndp: '' } },
        args: { host: '2001:db8:1::10' },
        shows: { online: null },
        note: /IPv6 neighbours could not be read/,
      },
      'lease files unreadable': {
        by: { unreadable: [KEA, ISC] },
        shows: { lease: null },
        note: /lease file could not be read/,
      },
      'OpenVPN does not answer': {
        by: { file: { 'var/run/lab-stopped.openvpn': '' } },
        args: { host: '10.8.0.6' },
        shows: { vpn: null },
        note: /OpenVPN servers? did not answer/,
      },
      'pfctl fails': {
        by: { fail: { pfctl: '' } },
        shows: { states: null, tables: null },
        note: /States were not counted[\s\S]*did not list its tables/,
      },
      'the rules of pf cannot be read': {
        by: { fail: { pfctl: '-sr' } },
        args: { host: '203.0.113.66' },
        shows: { tables: [expect.objectContaining({ table: 'sshguard', blocks: null })] },
        note: /Whether a table blocks/,
      },
      'drill fails': { by: { fail: { drill: '' } }, shows: { reverseName: null }, note: /No DNS server answered/ },
    },
    offline: { shows: { online: null, lease: null, states: null }, note: /were not looked at/ },
  },
  pf_path_explain: {
    args: { source: '192.168.1.10', destination: '9.9.9.9', port: 443 },
    empty: {
      args: { source: '192.0.2.1', destination: '192.0.2.9' },
      file: { 'var/db/lab-states': '0' },
      shows: { nat: [], inTables: { source: ['bogons'], destination: ['bogons'] }, states: [], drops: [] },
    },
    broken: {
      ...NO_CONFIG,
      'pfctl fails': { by: { fail: { pfctl: '' } }, shows: { states: null }, note: /tables of pf could not be read/ },
      'arp fails': {
        by: { fail: { arp: '' } },
        shows: { unknowns: ['whether the next hop answers'] },
        note: /neighbour table could not be read/,
      },
      'route fails': { by: { fail: { route: '' } }, shows: {}, note: /route to the destination could not be asked/ },
      'ifconfig fails': {
        by: { fail: { ifconfig: '' } },
        shows: {},
        note: /addresses of the interfaces could not be read/,
      },
      'gateways fail': {
        by: { file: { 'var/run/lab-broken.dpinger': '' } },
        shows: { gateway: { status: null } },
        note: /gateways could not be read/,
      },
      'filter.log unreadable': {
        by: { unreadable: ['var/log/filter.log'] },
        shows: { drops: null },
        note: /filter log could not be read/,
      },
      'drill fails': {
        by: { fail: { drill: '' } },
        args: { source: '192.168.1.10', destination: 'www.example.com' },
        shows: SNIPPET,
      },
    },
    offline: { shows: { states: null, drops: null }, note: /From the configuration alone/ },
  },
  pf_diagnostic_run: {
    args: { kind: 'arp' },
    empty: { silent: { arp: '' }, shows: { rows: [], total: 0 } },
    broken: {
      ...Object.fromEntries(
        Object.entries({ arp: 'arp', ndp: 'ndp', sockets: 'sockstat', pf_info: 'pfctl', pf_tables: 'pfctl' }).map(
          ([kind, program]) => [
            `${kind}: ${program} fails`,
            { by: { fail: { [program]: '' } }, args: { kind }, shows: { rows: null }, note: /could not look/ },
          ],
        ),
      ),
      'ping fails': {
        by: { fail: { ping: '' } },
        args: { kind: 'ping', target: '192.0.2.1' },
        shows: { ping: null },
        note: /Nothing was sent/,
      },
      'traceroute fails': {
        by: { fail: { traceroute: '' } },
        args: { kind: 'traceroute', target: '192.0.2.1' },
        shows: { hops: null },
        note: /traceroute failed/,
      },
      'drill fails': {
        by: { fail: { drill: '' } },
        args: { kind: 'dns_lookup', target: 'example.org' },
        shows: { lookup: null },
        note: /No DNS server answered/,
      },
    },
    offline: 'live_only',
  },
  pf_packet_capture: {
    args: { interface: 'LAN', seconds: 1 },
    empty: { bare: false, silent: { tcpdump: '' }, shows: { packets: 0, conversations: [] } },
    broken: {
      'tcpdump fails': {
        by: { fail: { tcpdump: '' } },
        shows: { packets: null, conversations: null },
        note: /could not look/,
      },
      'no function for interfaces': { by: { absent: { 'interfaces.inc': 'get_real_interface' } }, shows: SNIPPET },
    },
    offline: 'live_only',
  },
};

/** A configuration with this mode of outbound NAT and nothing else. */
function withMode(mode: string): string {
  return `<pfsense><version>24.0</version><nat><outbound><mode>${mode}</mode></outbound></nat></pfsense>`;
}
