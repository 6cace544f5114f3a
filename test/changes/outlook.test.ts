import { describe, expect, test } from 'vitest';
import { KINDS } from '../../src/changes/kinds/index.ts';
import type { Judgement } from '../../src/changes/lockout/judgement.ts';
import { outlookOf } from '../../src/changes/outlook.ts';
import { draftOf } from '../../src/changes/plan.ts';
import { parseConfigXml } from '../../src/config/xml.ts';

const CONFIG = (system: string) =>
  parseConfigXml(
    `<pfsense><version>23.3</version><system>${system}</system><aliases><alias><name>old</name><type>host</type><address>192.0.2.1</address><descr></descr><detail></detail></alias></aliases></pfsense>`,
  );
const CREATE = { kind: 'alias.create', args: { name: 'web', type: 'host', members: [{ value: '192.0.2.9' }] } };
const DELETE = { kind: 'alias.delete', args: { name: 'old' } };

const outlook = (
  changes: { kind: string; args: Record<string, unknown> }[],
  system = '',
  judgements: Judgement[] = [],
) => {
  const target = { firewall: 'fw', hostKey: 'SHA256:x', base: 'x' };
  const order = { target, changes, occasion: { now: 1_795_000_000, by: 'x' }, reason: 'x', windowSeconds: 60 };
  return outlookOf(draftOf(order, CONFIG(system), KINDS), judgements);
};
const judged = (verdict: Judgement['verdict']): Judgement => ({ subject: 'this session', verdict, because: [] });

describe('the risk of a change', () => {
  test('is low where nothing goes and nothing is decided otherwise', () => {
    expect(outlook([CREATE], '', [judged('unchanged')])).toEqual({ risk: 'low', because: [] });
  });

  test.each([
    ['an object is deleted', [DELETE], '', [], 'medium', '1 object is deleted'],
    ['a connection passes by other rules', [CREATE], '', [judged('passes')], 'medium', /other rules .* this session/],
    ['a connection would be cut', [CREATE], '', [judged('cut')], 'high', 'this session: cut'],
    ['a connection is not known to pass', [CREATE], '', [judged('unknown')], 'high', 'this session: unknown'],
    [
      'each load ends all states while a gateway is down',
      [CREATE],
      '<gw_down_kill_states>all</gw_down_kill_states>',
      [],
      'high',
      /ends every connection/,
    ],
  ] as const)('is higher when %s', (_what, changes, system, judgements, risk, because) => {
    const found = outlook([...changes], system, [...judgements]);
    expect(found.risk).toBe(risk);
    expect(found.because.join()).toMatch(because);
  });

  test('tells only the reasons of the level that counts', () => {
    expect(outlook([DELETE], '', [judged('cut')]).because).toEqual(['this session: cut']);
  });
});
