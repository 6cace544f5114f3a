import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { treeAt } from '../../src/config/model.ts';
import { type Asking, configOf, rowsOf, startAsking } from './asking.ts';
import { openTarget, type Target } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

describe.each(['root', 'admin'])('the network, asked as %s', (user) => {
  let asking: Asking;
  beforeAll(async () => {
    asking = await startAsking(target, user);
  });
  afterAll(() => asking.close());

  test('pf_traffic_get counts for every interface of the configuration', async () => {
    const totals = rowsOf(await asking.ask('pf_traffic_get'), 'totals');
    expect(totals).toHaveLength(Object.keys(treeAt(await configOf(target), 'interfaces') ?? {}).length);
    const { totals: wan } = await asking.ask('pf_traffic_get', { of: 'wan' });
    expect(wan).toMatchObject([{ interface: 'WAN', inBytes: expect.any(Number) }]);
  });

  test('pf_traffic_get samples who talks', async () => {
    const { talkers, sampledSeconds } = await asking.ask('pf_traffic_get', { kind: 'talkers', seconds: 1 });
    expect(Array.isArray(talkers)).toBe(true);
    expect(Number(sampledSeconds)).toBeGreaterThanOrEqual(1);
  });

  test('pf_traffic_get says when nothing is recorded, and refuses other files', async () => {
    expect(await asking.ask('pf_traffic_get', { kind: 'series', of: 'nosuch' })).toMatchObject({
      series: null,
      notes: [expect.stringContaining('Nothing is recorded')],
    });
    expect(await asking.refusal('pf_traffic_get', { kind: 'series', of: '../../etc/passwd' })).toContain('bad_input');
  });
});
