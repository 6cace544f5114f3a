// Lays out on the firewall that PFSENSE_TARGET names what the reads look for: people and their VPN servers, logs,
// leases and a blocked address. For a firewall that is made for tests: it replaces what is there.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readTarget } from './target.ts';
import { peopleLogs, withPeople } from './vpn-users.ts';

const LAB = new URL('../../fixtures/lab/root/', import.meta.url);
/** Devices of the lab, and those of a firewall with virtio cards. */
const DEVICES = [
  [/\bigb1\.20\b/g, 'vtnet1'],
  [/\bigb0\b/g, 'vtnet0'],
  [/\bigb1\b/g, 'vtnet1'],
] as const;

const { inspect } = readTarget(process.env['PFSENSE_TARGET'] ?? '');
const [program = '', ...prefix] = inspect;

function onBox(argv: readonly string[], input: string | Buffer = ''): string {
  const { status, stdout, stderr } = spawnSync(program, [...prefix, ...argv], { input, maxBuffer: 64 * 1024 * 1024 });
  if (status === 0) return stdout.toString();
  throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
}

function put(path: string, content: string | Buffer): void {
  onBox(['/bin/sh', '-c', 'mkdir -p "$(dirname "$1")" && cat > "$1"', 'sh', path], content);
}

const fromLab = (path: string): Buffer => readFileSync(new URL(path, LAB));
const withItsDevices = (log: string): string => DEVICES.reduce((text, [lab, device]) => text.replace(lab, device), log);

put('/cf/conf/config.xml', withPeople(onBox(['/bin/cat', '/cf/conf/config.xml'])));
onBox(['/bin/rm', '-f', '/tmp/config.cache']);
for (const [path, text] of Object.entries(peopleLogs(new Date()))) put(`/${path}`, text);
for (const path of ['var/dhcpd/var/db/dhcpd.leases', 'var/lib/kea/dhcp4.leases', 'var/log/gateways.log']) {
  put(`/${path}`, fromLab(path));
}
put('/var/log/filter.log', withItsDevices(fromLab('var/log/filter.log').toString()));
const older = gunzipSync(fromLab('var/log/filter.log.0.gz')).toString();
put('/var/log/filter.log.0.gz', gzipSync(withItsDevices(older)));
onBox(['/bin/mkdir', '-p', '/usr/local/etc/kea']);
onBox(['/sbin/pfctl', '-q', '-t', 'virusprot', '-T', 'add', '203.0.113.90']);
