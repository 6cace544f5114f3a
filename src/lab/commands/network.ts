import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CommandResult } from '../php/backend.ts';
import { type LabBox, ok } from './program.ts';

export function ndp(args: readonly string[]): CommandResult {
  if (args.join(' ') !== '-an') return { stdout: '', stderr: 'ndp: not simulated\n', code: 1 };
  return ok(
    [
      'Neighbor                             Linklayer Address  Netif Expire    1s 5s',
      'fe80::1:1%igb1                       02:00:00:00:01:01   igb1 permanent R  ',
      '2001:db8:1::10                       02:00:00:aa:00:10   igb1 23h58m9s  S  ',
      '',
    ].join('\n'),
  );
}

const Device = z.object({
  up: z.boolean(),
  mtu: z.int(),
  addresses: z.record(z.string(), z.int()).or(z.array(z.never()).transform((): Record<string, number> => ({}))),
  vhids: z
    .record(z.string(), z.int())
    .or(z.array(z.never()).transform((): Record<string, number> => ({})))
    .default({}),
  vlan: z.object({ tag: z.int(), parent: z.string() }).optional(),
});

/** Links and addresses of the simulated kernel, which its PHP changes, with CARP and pfsync. */
export function ifconfig(args: readonly string[], box: LabBox): CommandResult {
  if (args.length > 1) return { stdout: '', stderr: 'ifconfig: not simulated\n', code: 1 };
  const text = readFileSync(join(box.root, 'var/db/lab-devices.json'), 'utf8');
  const devices = Object.entries(z.record(z.string(), Device).parse(JSON.parse(text)));
  const [wanted] = args;
  if (wanted !== undefined && !devices.some(([name]) => name === wanted))
    return { stdout: '', stderr: `ifconfig: interface ${wanted} does not exist\n`, code: 1 };
  const shown = devices.filter(([name]) => wanted === undefined || name === wanted);
  const lines = shown.flatMap(([name, device]) => linesOf(name, device, box));
  const pfsync = [
    'pfsync0: flags=1000041<UP,RUNNING,LOWER_UP> metric 0 mtu 1500',
    '\tsyncdev: igb1 syncpeer: 192.168.1.3 maxupd: 128 defer: off version: 1400',
  ];
  return ok([...lines, ...(wanted === undefined ? pfsync : []), ''].join('\n'));
}

function linesOf(name: string, device: z.output<typeof Device>, box: LabBox): string[] {
  const flags = device.up
    ? '1008843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST,LOWER_UP>'
    : '1008802<BROADCAST,SIMPLEX,MULTICAST,LOWER_UP>';
  const carp = Object.keys(device.vhids).length > 0 ? [carpLine(box), '\t      peer 224.0.0.18 peer6 ff02::12'] : [];
  const vlan = device.vlan
    ? [`\tvlan: ${device.vlan.tag} vlanproto: 802.1q vlanpcp: 0 parent interface: ${device.vlan.parent}`]
    : [];
  return [
    `${name}: flags=${flags} metric 0 mtu ${device.mtu}`,
    ...Object.entries(device.addresses).map(([address, bits]) => addressLine(address, bits, device.vhids[address])),
    ...carp,
    ...vlan,
  ];
}

function addressLine(address: string, bits: number, vhid: number | undefined): string {
  const group = vhid === undefined ? '' : ` vhid ${vhid}`;
  if (address.includes(':')) return `\tinet6 ${address} prefixlen ${bits}${group}`;
  const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const last = ((number & mask) | ~mask) >>> 0;
  const broadcast = [24, 16, 8, 0].map((shift) => (last >>> shift) & 255).join('.');
  return `\tinet ${address} netmask 0x${mask.toString(16).padStart(8, '0')} broadcast ${broadcast}${group}`;
}

/** Nobody else speaks CARP here: the skew tells the two nodes of a cluster apart, unless a test says the state. */
function carpLine({ root }: LabBox): string {
  const config = readFileSync(join(root, 'cf/conf/config.xml'), 'utf8');
  const skew = Number(/<advskew>(\d{1,3})<\/advskew>/.exec(config)?.[1] ?? 0);
  const said = join(root, 'var/db/lab-carp');
  const state = existsSync(said) ? readFileSync(said, 'utf8').trim() : skew < 100 ? 'MASTER' : 'BACKUP';
  return `\tcarp: ${state} vhid 10 advbase 1 advskew ${skew}`;
}
