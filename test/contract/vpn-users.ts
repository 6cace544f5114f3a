import { readFileSync } from 'node:fs';

const pem = (file: string): string =>
  readFileSync(new URL(`../../fixtures/vpn-users/${file}`, import.meta.url)).toString('base64');

/** Server of these people; its name says that a firewall has them. */
export const STAFF = 'Staff VPN';
/** Never to be seen in an answer. */
export const SECRETS = ['people-only-ldap-password', 'people-only-mobile-key', 'PeopleOnlyHashPeopleOnlyHash'];

const cert = (name: string, caref = 'vpnuserca0001'): string =>
  `<cert><refid>vpnuser${name}</refid><descr><![CDATA[Certificate of ${name}]]></descr><type>user</type><caref>${caref}</caref><crt>${pem(`${name}.pem`)}</crt></cert>`;

const user = (name: string, uid: number, more: string): string =>
  `<user><name>${name}</name><descr><![CDATA[${name}]]></descr><scope>user</scope><uid>${uid}</uid><bcrypt-hash>${SECRETS[2]}</bcrypt-hash>${more}</user>`;

/** Parts of a configuration by the section they belong to; '' is the top. */
const PARTS: Readonly<Record<string, string>> = {
  system: [
    user('bob', 2201, '<cert>vpnuserbob</cert>'),
    user('carol', 2202, '<cert>vpnusercarol</cert>'),
    user('dave', 2203, '<cert>vpnuserdave</cert>'),
    user('erin', 2204, '<cert>vpnusererin</cert>'),
    user('frank', 2205, '<cert>vpnuserfrank</cert>'),
    user('grace', 2206, '<cert>vpnusergrace</cert><disabled></disabled>'),
    user('heidi', 2207, '<cert>vpnuserheidi</cert><expires>01/02/2025</expires>'),
    user('ivan', 2208, '<cert>vpnuserbob</cert>'),
    `<authserver><refid>vpnuserldap01</refid><type>ldap</type><name>Company LDAP</name><host>127.0.0.1</host><ldap_port>9</ldap_port><ldap_urltype>Standard TCP</ldap_urltype><ldap_binddn>cn=fw</ldap_binddn><ldap_bindpw>${SECRETS[0]}</ldap_bindpw></authserver>`,
  ].join('\n'),
  '': [
    `<ca><refid>vpnuserca0001</refid><descr><![CDATA[People CA]]></descr><crt>${pem('people-ca.pem')}</crt></ca>`,
    `<ca><refid>vpnuserca0002</refid><descr><![CDATA[Old CA]]></descr><crt>${pem('old-ca.pem')}</crt></ca>`,
    ...['bob', 'carol', 'dave', 'frank', 'grace', 'heidi'].map((name) => cert(name)),
    cert('erin', 'vpnuserca0002'),
    `<crl><refid>vpnusercrl001</refid><descr><![CDATA[People revoked]]></descr><caref>vpnuserca0001</caref><method>internal</method><text>${pem('people.crl')}</text><cert><refid>vpnusercarol</refid><caref>vpnuserca0001</caref><crt>${pem('carol.pem')}</crt><reason>1</reason><revoke_time>1795000000</revoke_time></cert></crl>`,
  ].join('\n'),
  openvpn: [
    `<openvpn-server><vpnid>11</vpnid><mode>server_tls_user</mode><authmode>Local Database</authmode><protocol>UDP4</protocol><dev_mode>tun</dev_mode><interface>wan</interface><local_port>1195</local_port><description><![CDATA[${STAFF}]]></description><strictusercn>yes</strictusercn><caref>vpnuserca0001</caref><crlref>vpnusercrl001</crlref><cert_depth>1</cert_depth><remote_cert_tls></remote_cert_tls><tunnel_network>10.31.0.0/24</tunnel_network><maxclients>50</maxclients></openvpn-server>`,
    '<openvpn-server><vpnid>12</vpnid><mode>server_user</mode><authmode>Company LDAP</authmode><protocol>UDP4</protocol><dev_mode>tun</dev_mode><interface>wan</interface><local_port>1196</local_port><description><![CDATA[Partners]]></description><caref>vpnuserca0001</caref><tunnel_network>10.32.0.0/24</tunnel_network></openvpn-server>',
    '<openvpn-csc><server_list>11</server_list><common_name>frank</common_name><block>yes</block><description><![CDATA[Frank has to call first]]></description></openvpn-csc>',
  ].join('\n'),
  ipsec: [
    '<client><enable></enable><user_source>Local Database</user_source></client>',
    '<phase1><ikeid>21</ikeid><iketype>ikev2</iketype><interface>wan</interface><mobile></mobile><authentication_method>eap-mschapv2</authentication_method><descr><![CDATA[Phones]]></descr></phase1>',
    `<mobilekey><ident>bob</ident><type>EAP</type><pre-shared-key>${SECRETS[1]}</pre-shared-key></mobilekey>`,
  ].join('\n'),
};

/** A configuration with these people in it. */
export function withPeople(xml: string): string {
  return Object.entries(PARTS).reduce((text, [section, part]) => {
    const end = section === '' ? '</pfsense>' : `</${section}>`;
    const full = text.replace(new RegExp(`<${section}/>|<${section}>\\s*</${section}>`), `<${section}></${section}>`);
    if (section === '' || full.includes(`<${section}>`)) return full.replace(end, `${part}\n${end}`);
    return full.replace('</pfsense>', `<${section}>${part}</${section}>\n</pfsense>`);
  }, xml);
}

/** Lines as syslogd writes them, of so many minutes ago. */
function line(minutes: number, process: string, message: string, now: Date): string {
  const at = new Date(now.getTime() - minutes * 60_000);
  const [, , day, clock] = /^(\w+), (\d+) (?:\w+) (?:\d+) ([\d:]+)/.exec(at.toUTCString()) ?? [];
  const month = at.toUTCString().slice(8, 11);
  return `${month} ${String(Number(day)).padStart(2)} ${clock} lab-fw ${process}: ${message}\n`;
}

/** Text of the logs, with everybody's last try. */
export function peopleLogs(now: Date): Readonly<Record<string, string>> {
  const openvpn = (minutes: number, message: string): string => line(minutes, 'openvpn[4711]', message, now);
  const script = (minutes: number, message: string): string => line(minutes, 'openvpn[5005]', message, now);
  const charon = (minutes: number, message: string): string => line(minutes, 'charon[815]', message, now);
  return {
    'var/log/openvpn.log': [
      openvpn(600, 'Initialization Sequence Completed'),
      script(300, "user 'bob' authenticated"),
      openvpn(200, '203.0.113.90:51000 VERIFY ERROR: depth=0, error=certificate revoked: CN=carol, O=Lab, serial=4098'),
      openvpn(200, '203.0.113.90:51000 OpenSSL: error:0A000086:SSL routines::certificate verify failed'),
      openvpn(200, '203.0.113.90:51000 TLS Error: TLS handshake failed'),
      script(190, 'Username does not match certificate common name ("ivan" != "bob"), access denied.'),
      openvpn(190, '203.0.113.91:51001 TLS Auth Error: Auth Username/Password verification failed for peer'),
      openvpn(180, "frank/203.0.113.92:51002 MULTI: client has been rejected due to 'disable' directive"),
      script(170, "user 'grace' could not authenticate."),
      openvpn(170, "203.0.113.93:51003 SENT CONTROL [grace]: 'AUTH_FAILED' (status=1)"),
    ].join(''),
    'var/log/ipsec.log': [
      charon(
        500,
        '05[IKE] <con1|3> IKE_SA con1[3] established between 198.51.100.23[198.51.100.23]...198.51.100.200[branch.example]',
      ),
      charon(400, '06[IKE] <con1|3> giving up after 5 retransmits'),
      charon(399, '07[CFG] <con1|4> received proposals: IKE:AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024'),
      charon(399, '07[CFG] <con1|4> configured proposals: IKE:AES_GCM_16_256/PRF_HMAC_SHA2_256/MODP_2048'),
      charon(399, '07[IKE] <con1|4> received NO_PROPOSAL_CHOSEN notify error'),
      charon(
        300,
        '08[IKE] <con1|5> IKE_SA con1[5] established between 198.51.100.23[198.51.100.23]...198.51.100.200[branch.example]',
      ),
      charon(
        200,
        '09[IKE] <con1|5> IKE_SA con1[6] rekeyed between 198.51.100.23[198.51.100.23]...198.51.100.200[branch.example]',
      ),
      charon(
        200,
        '09[IKE] <con1|5> deleting IKE_SA con1[5] between 198.51.100.23[198.51.100.23]...198.51.100.200[branch.example]',
      ),
      charon(150, '09[IKE] <con2|9> received AUTHENTICATION_FAILED notify error'),
    ].join(''),
  };
}
