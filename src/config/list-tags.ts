/**
 * Elements that pfSense always reads as a list, even when there is one only (xmlparse.inc, all versions that we
 * know). A repeated element that is not among them is an error there.
 */
export const LIST_TAGS: ReadonlySet<string> = new Set(
  `acls alias aliasurl allowedip allowedhostname authserver bridged build_port_path ca cacert cert crl clone config
   container columnitem checkipservice depends_on_package disk dnsserver dnsupdate domainoverrides dyndns
   earlyshellcmd element encryption-algorithm-option field fieldname gateway_item gateway_group gif gre group
   hash-algorithm-option hosts ifgroupentry igmpentry interface_array item key lagg lbaction lbpool l7rules
   lbprotocol member menu tab mobilekey monitor_type mount npt ntpserver onetoone openvpn-server openvpn-client
   openvpn-csc option package passthrumac phase1 phase2 ppp pppoe priv proxyarpnet pool qinqentry queue pages pipe
   radnsserver roll route row rrddatafile rule schedule service servernat servers sshkeyfile serversdisabled
   shellcmd staticmap subqueue switch swport timerange tunnel user vip virtual_server vlan vlangroup voucherdbfile
   vxlan wgpeer winsserver wolentry widget xmldatafile`.split(/\s+/),
);

/** Read as lists since 2.8. */
export const LATER_LIST_TAGS: ReadonlySet<string> = new Set(['laggroup', 'mobilegroup']);
