import { readFileSync } from 'node:fs';

const LAB = new URL('../../fixtures/lab/root/cf/conf/config.xml', import.meta.url);

/** How much of everything; counts. */
export interface Size {
  readonly certificates: number;
  readonly users: number;
  readonly vpnServers: number;
  readonly overrides: number;
  readonly staticMaps: number;
}

/** The same configuration with certificates, users, VPN servers, name overrides and static maps added. */
export function withServices(document: string, size: Size): string {
  const crts = [...readFileSync(LAB, 'utf8').matchAll(/<cert>.*?<crt>([^<]*)<\/crt>/g)].map(([, crt = '']) => crt);
  const sections = [
    range(size.certificates, (n) =>
      tag(
        'cert',
        `<refid>66a0b1c2d3${n}</refid><descr>Certificate of machine ${n} in site ${n % 9}</descr><type>server</type><crt>${crts[n % crts.length]}</crt>`,
      ),
    ),
    tag('openvpn', range(size.vpnServers, openVpnServer)),
    '<dhcpbackend>kea</dhcpbackend>',
    tag(
      'dhcpd',
      tag(
        'lan',
        `<enable></enable><range><from>10.1.1.1</from><to>10.1.200.254</to></range>${range(size.staticMaps, staticMap)}`,
      ),
    ),
    tag('unbound', `<enable></enable>${range(size.overrides, override)}`),
  ];
  return document
    .replace('</system>', `${range(size.users, user)}</system>`)
    .replace('</pfsense>', `${sections.join('\n')}</pfsense>`);
}

const openVpnServer = (n: number): string =>
  tag(
    'openvpn-server',
    `<vpnid>${n + 1}</vpnid><mode>server_tls_user</mode><protocol>UDP4</protocol><interface>wan</interface><local_port>${1194 + n}</local_port>` +
      `<description>Staff of site ${n}</description><tunnel_network>10.${80 + n}.0.0/24</tunnel_network>`,
  );
const staticMap = (n: number): string =>
  tag(
    'staticmap',
    `<mac>${mac(n)}</mac><ipaddr>10.1.220.${n + 1}</ipaddr><hostname>fixed-${n}</hostname><descr>Printer ${n}</descr>`,
  );
const override = (n: number): string =>
  tag(
    'hosts',
    `<host>server-${n}</host><domain>corp.example</domain><ip>10.2.0.${(n % 250) + 1}</ip><descr>Service ${n}</descr>`,
  );
const user = (n: number): string =>
  tag(
    'user',
    `<name>person-${n}</name><descr>Person ${n} of department ${n % 7}</descr><scope>user</scope><uid>${2000 + n}</uid>` +
      '<priv>page-status-dashboard</priv><priv>page-diagnostics-ping</priv><priv>page-status-dhcpleases</priv>',
  );

/** Kea's file, header and one row for each lease. */
export function keaLeases(count: number): string {
  const header =
    'address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id';
  const row = (n: number): string => `${address(n)},${mac(n)},,7200,1999999999,1,0,0,laptop-${n}.corp.example,0,,0`;
  return `${header}\n${range(count, row)}\n`;
}

/** ISC's file, one block for each lease; other addresses than Kea's. */
export function iscLeases(count: number): string {
  const block = (n: number): string =>
    `lease ${address(n + 10_000)} {\n  starts 2 2026/11/24 08:00:00;\n  ends never;\n  binding state active;\n` +
    `  hardware ethernet ${mac(n)};\n  client-hostname "old-laptop-${n}";\n}`;
  return `${range(count, block)}\n`;
}

const address = (n: number): string => `10.1.${1 + Math.floor(n / 250)}.${1 + (n % 250)}`;
const mac = (n: number): string => `02:00:00:00:${hex(n >> 8)}:${hex(n & 255)}`;
const hex = (n: number): string => n.toString(16).padStart(2, '0');

function range(count: number, make: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => make(n)).join('\n');
}

function tag(name: string, inner: string): string {
  return `<${name}>${inner}</${name}>`;
}
