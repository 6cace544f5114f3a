import { describe, expect, it } from 'vitest';
import { FACTS } from './golden.ts';
import { MissingFact } from './pf-facts.ts';
import { PfSyntaxError } from './pf-lexer.ts';
import { loadRules } from './pf-rules.ts';

describe('rules that are not understood', () => {
  it.each([
    'frob x',
    'set frob on',
    'pass in on',
    'pass in quick in',
    'pass proto nosuch',
    'pass proto tcp to any port nosuch',
    'pass proto tcp to any port 65536',
    'pass to any port 80',
    'pass proto icmp to any port 80',
    'pass proto udp flags S/SA',
    'pass proto tcp icmp-type 8',
    'pass inet from 2001:db8::1',
    'pass from 10.0.0.1 to 2001:db8::1',
    'pass inet6 proto icmp',
    'pass from 10.0.0.0/33',
    'pass from 10.0.0.300',
    'pass from ! any',
    'pass from { }',
    'pass from any to any user root',
    'pass probability 50%',
    'pass keep state ( max 3',
    'match on em0 route-to ( em0 192.0.2.9 )',
    'anchor "x" { pass }',
    'anchor "x" in on em0',
    'table <t> frob',
    'nat on em0 from any to any',
    'no nat on em0 from any to any -> 192.0.2.1',
    'rdr on em0 to any -> 10.0.0.9 frob',
  ])('%s', (rules) => {
    expect(() => loadRules(rules, FACTS)).toThrow(PfSyntaxError);
  });

  it('tells the line', () => {
    expect(() => loadRules('pass\n\nfrob', FACTS)).toThrow(/^line 3: /);
  });

  it.each(['pass on em9', 'pass from (em9)', 'antispoof for em9', 'table <t> file "/etc/none"'])(
    '%s names what is not known',
    (rules) => {
      expect(() => loadRules(rules, FACTS)).toThrow(MissingFact);
    },
  );
});
