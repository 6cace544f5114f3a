import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { iscLease, keaLease } from '../../src/tools/dhcp/lease.ts';

const HEADER = 'address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context';
const kea = (cells: string, now = 1_000) => keaLease(HEADER, cells, now);

describe("a row of Kea's file", () => {
  test('is active until it expires', () => {
    expect(kea('10.0.0.5,02:00:00:00:00:01,,600,2000,1,0,0,pc.lan.,0,')).toMatchObject({
      state: 'active',
      hostname: 'pc.lan',
      startsAt: 1_400,
      endsAt: 2_000,
    });
    expect(kea('10.0.0.5,02:00:00:00:00:01,,600,900,1,0,0,pc,0,')?.state).toBe('expired');
  });

  test('says that the lease is gone when its lifetime is 0', () => {
    expect(kea('10.0.0.5,02:00:00:00:00:01,,0,2000,1,0,0,pc,0,')).toBeUndefined();
  });

  test('knows declined and endless leases, and commas in names', () => {
    expect(kea('10.0.0.5,,,600,2000,1,0,0,,1,')).toMatchObject({ state: 'declined', mac: null });
    expect(kea('10.0.0.5,,,4294967295,4294968000,1,0,0,a&#x2cb,0,')).toMatchObject({ endsAt: null, hostname: 'a,b' });
  });

  test('follows the header, whose columns differ between versions', () => {
    const lease = keaLease('address,expire,valid_lifetime,state,hostname', '2001:DB8::5,2000,600,0,x', 1_000);
    expect(lease).toMatchObject({ address: '2001:db8::5', state: 'active', hostname: 'x', mac: null });
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (header, row) => {
        keaLease(header, row, 0);
        keaLease(HEADER, row, 0);
      }),
    );
  });
});

describe("a block of ISC's file", () => {
  test('has times in UTC', () => {
    const block = '10.0.0.9\nstarts 2 2026/11/24 08:00:00;\nends 2 2026/11/24 10:00:00;\nbinding state active;\n';
    const at = (text: string) => Date.parse(text) / 1000;
    expect(iscLease(block, at('2026-11-24T09:00:00Z'))).toMatchObject({
      state: 'active',
      startsAt: at('2026-11-24T08:00:00Z'),
      endsAt: at('2026-11-24T10:00:00Z'),
    });
    expect(iscLease(block, at('2026-11-24T11:00:00Z')).state).toBe('expired');
  });

  test('may never end, or count seconds', () => {
    expect(iscLease('10.0.0.9\nstarts epoch 5; # x\nends never;\nbinding state active;', 9)).toMatchObject({
      state: 'active',
      startsAt: 5,
      endsAt: null,
    });
  });

  test('keeps the word for its binding state', () => {
    expect(iscLease('10.0.0.9\nbinding state abandoned;', 9).state).toBe('abandoned');
    expect(iscLease('10.0.0.9\nbinding state strange;', 9).state).toBe('free');
  });
});
