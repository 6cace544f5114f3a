import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { type Asking, startAsking } from './asking.ts';
import { HAS_PROCESSES, LAB_PHP, labTarget } from './target.ts';

/** On the lab only: files and interfaces of the box are other than usual. */
describe('pf_host_explain where it is easily wrong', () => {
  let lab: Lab;
  let asking: Asking;
  beforeAll(async () => {
    lab = await startLab({ php: LAB_PHP });
    asking = await startAsking(labTarget(lab), 'root');
  });
  afterAll(async () => {
    await asking.close();
    await lab.close();
  });

  test.each(['2', 'completed'])('a lease is found after the clean-up of Kea moved it to .%s', async (suffix) => {
    const leases = join(lab.address.root, 'var/lib/kea/dhcp4.leases');
    const before = await asking.ask('pf_host_explain', { host: '192.168.1.102' });
    expect(before['lease']).toMatchObject({ server: 'kea' });
    renameSync(leases, `${leases}.${suffix}`);
    writeFileSync(leases, '');
    const after = await asking.ask('pf_host_explain', { host: '192.168.1.102' });
    expect(after['lease']).toEqual(before['lease']);
    renameSync(`${leases}.${suffix}`, leases);
  });

  test.each([
    ['that DHCP gave WAN', '198.51.100.23', 'WAN', 'igb0'],
    ['as programs that serve IPv6 too write it', '::ffff:198.51.100.23', 'WAN', 'igb0'],
    ['of CARP', '192.168.1.254', 'LAN', 'igb1'],
  ])('an address %s is the firewall itself', async (_what, host, name, device) => {
    const answer = await asking.ask('pf_host_explain', { host });
    expect(answer).toMatchObject({ isFirewall: true, interface: name, device });
    expect(await asking.ask('pf_host_explain', { host: '198.51.100.24' })).toMatchObject({ isFirewall: false });
  });

  // WebAssembly PHP holds the whole output of a program, and no more than 8 MB of it.
  test.runIf(HAS_PROCESSES)(
    '50,000 states are counted, 20,000 are sampled',
    async () => {
      const states = join(lab.address.root, 'var/db/lab-states');
      writeFileSync(states, '50000');
      const answer = await asking.ask('pf_host_explain', { host: '192.168.1.10' });
      expect(Number(Object(answer['states']).count)).toBeGreaterThan(50);
      writeFileSync(states, '20000');
      const { talkers } = await asking.ask('pf_traffic_get', { kind: 'talkers', seconds: 1 });
      expect(talkers).not.toBeNull();
    },
    60_000,
  );
});
