import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseSnapshot, compareSnapshots, keptSnapshots, type Snapshot } from '../../src/alan/snapshot.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const none = { interface: null, gateway: null, service: null, package: null, certificate: null, rules: null };
const state = (at: number, version: string, parts: Partial<Snapshot['parts']> = {}): Snapshot => ({
  at,
  version,
  parts: { ...none, ...parts },
});

describe('states that are kept', () => {
  const history = fc
    .array(fc.record({ hours: fc.integer({ min: 1, max: 400 }), version: fc.constantFrom('a', 'b', 'c') }), {
      maxLength: 60,
    })
    .map((steps) => {
      let at = 0;
      return steps.map(({ hours, version }) => {
        at += hours * HOUR;
        return state(at, version);
      });
    });

  test('are always the last of a version before another, however long ago, and at most one a day of each', () => {
    fc.assert(
      fc.property(history, (all) => {
        let kept: Snapshot[] = [];
        for (const one of all) kept = keptSnapshots([...kept, one], one.at);
        const turns = all.filter((one, index) => one.version !== all[index + 1]?.version);
        expect(kept).toEqual(expect.arrayContaining(turns));
        const days = kept.filter((one) => !turns.includes(one)).map(({ at }) => Math.floor(at / DAY));
        expect(new Set(days).size).toBe(days.length);
        const now = all.at(-1)?.at ?? 0;
        expect(kept.every((one) => turns.includes(one) || one.at > now - 35 * DAY)).toBe(true);
      }),
    );
  });

  test('are chosen by the version before, or by a time', () => {
    const all = [state(1, '2.7'), state(2, '2.7'), state(3, '2.8')];
    expect(chooseSnapshot(all, '2.8', 'before-upgrade')?.at).toBe(2);
    expect(chooseSnapshot(all, '2.8', { until: 1 })?.at).toBe(1);
    expect(chooseSnapshot(all, '2.8', { until: 0 })).toBeUndefined();
    expect(chooseSnapshot([state(3, '2.8')], '2.8', 'before-upgrade')).toBeUndefined();
  });
});

describe('two states', () => {
  test('differ in what came, went and changed; what one of them lacks is named and not taken as gone', () => {
    const then = state(1, 'a', { service: { unbound: 'running', ntpd: 'running' }, gateway: { WAN: 'online' } });
    const now = state(2, 'b', { service: { unbound: 'stopped', sshd: 'running' }, package: { acme: '1' } });
    expect(compareSnapshots(then, now)).toEqual({
      differences: [
        { what: 'service', name: 'unbound', was: 'running', is: 'stopped' },
        { what: 'service', name: 'ntpd', was: 'running', is: null },
        { what: 'service', name: 'sshd', was: null, is: 'running' },
      ],
      notHeld: ['interface', 'package', 'certificate', 'rules'],
      notSeenNow: ['interface', 'gateway', 'certificate', 'rules'],
    });
  });

  test('that are the same differ in nothing', () => {
    const parts = fc.dictionary(fc.string(), fc.string());
    fc.assert(
      fc.property(parts, (service) => {
        expect(compareSnapshots(state(1, 'a', { service }), state(2, 'b', { service })).differences).toEqual([]);
      }),
    );
  });
});
