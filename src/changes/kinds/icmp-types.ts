import type { Family } from './endpoint.ts';

const FOR_ALL = 'echorep echoreq paramprob redir routeradv routersol timex unreach'.split(' ');
const FOR_IPV4 = [
  ...'althost dataconv inforep inforeq ipv6-here ipv6-where maskrep maskreq mobredir mobregrep mobregreq'.split(' '),
  ...'photuris skip squench timerep timereq trace'.split(' '),
];
const FOR_IPV6 = [
  ...'fqdnrep fqdnreq groupqry grouprep groupterm listendone listenrep listqry mtrace mtraceresp neighbradv'.split(' '),
  ...'neighbrsol niqry nirep routrrenum toobig wrurep wrureq'.split(' '),
];

/** Types of ICMP that a rule of a family can name; for both families those that each has. */
export function icmpTypesOf(family: Family | 'inet46'): ReadonlySet<string> {
  if (family === 'inet46') return new Set(FOR_ALL);
  return new Set([...FOR_ALL, ...(family === 'inet' ? FOR_IPV4 : FOR_IPV6)]);
}
