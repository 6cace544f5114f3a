import { own } from '../core/own.ts';

/** Names of pf for ICMP types, with their numbers. */
const FOUR: Readonly<Record<string, number>> = {
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

const SIX: Readonly<Record<string, number>> = {
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
  wrurep: 140,
  fqdnrep: 140,
  niqry: 139,
  nirep: 140,
  mtraceresp: 200,
  mtrace: 201,
};

/** The number of an ICMP type given by name or number; undefined for a name that pf does not know. */
export function icmpTypeNumber(type: string | number, family: 4 | 6): number | undefined {
  if (typeof type === 'number') return type;
  if (/^\d{1,3}$/.test(type)) return Number(type);
  return own(family === 4 ? FOUR : SIX, type);
}
