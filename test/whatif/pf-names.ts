/** Numbers of protocols that pfSense can put into a rule. */
const PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipencap: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  icmp6: 58,
  ospf: 89,
  ospfigp: 89,
  etherip: 97,
  pim: 103,
  carp: 112,
  vrrp: 112,
  l2tp: 115,
  sctp: 132,
  pfsync: 240,
};

const SERVICES: Readonly<Record<string, number>> = { ssh: 22, domain: 53, tftp: 69, http: 80, ntp: 123, https: 443 };

const ICMP: Readonly<Record<string, number>> = {
  echorep: 0,
  unreach: 3,
  squench: 4,
  redir: 5,
  althost: 6,
  echoreq: 8,
  routeradv: 9,
  routersol: 10,
  timex: 11,
  paramprob: 12,
  timereq: 13,
  timerep: 14,
  inforeq: 15,
  inforep: 16,
  maskreq: 17,
  maskrep: 18,
  trace: 30,
  dataconv: 31,
  mobredir: 32,
  'ipv6-where': 33,
  'ipv6-here': 34,
  mobregreq: 35,
  mobregrep: 36,
  skip: 39,
  photuris: 40,
};

const ICMP6: Readonly<Record<string, number>> = {
  unreach: 1,
  toobig: 2,
  timex: 3,
  paramprob: 4,
  echoreq: 128,
  echorep: 129,
  groupqry: 130,
  listqry: 130,
  grouprep: 131,
  listenrep: 131,
  groupterm: 132,
  listendone: 132,
  routersol: 133,
  routeradv: 134,
  neighbrsol: 135,
  neighbradv: 136,
  redir: 137,
  routrrenum: 138,
  wrureq: 139,
  fqdnreq: 139,
  niqry: 139,
  wrurep: 140,
  fqdnrep: 140,
  nirep: 140,
  mtraceresp: 200,
  mtrace: 201,
};

/** Protocols whose packets have ports. */
export const WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 132]);

export const TCP = 6;

export function protocolNumber(name: string): number | undefined {
  return numberIn(name, PROTOCOLS, 255);
}

export function portNumber(name: string): number | undefined {
  return numberIn(name, SERVICES, 65_535);
}

export function icmpNumber(name: string, protocol: 'icmp-type' | 'icmp6-type'): number | undefined {
  return numberIn(name, protocol === 'icmp-type' ? ICMP : ICMP6, 255);
}

function numberIn(name: string, names: Readonly<Record<string, number>>, max: number): number | undefined {
  if (!/^\d+$/.test(name)) return Object.hasOwn(names, name) ? names[name] : undefined;
  return Number(name) <= max ? Number(name) : undefined;
}
