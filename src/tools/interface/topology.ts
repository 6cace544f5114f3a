import { z } from 'zod';
import { type ConfigTree, listAt, textAt } from '../../config/model.ts';
import type { Interface } from './model.ts';

/** LAGGs, bridges and virtual IPs as configured; members of a LAGG are devices, those of a bridge keys of interfaces. */
export const Topology = z.object({
  laggs: z.array(z.object({ device: z.string(), protocol: z.string(), members: z.array(z.string()) })),
  bridges: z.array(z.object({ device: z.string(), members: z.array(z.string()) })),
  virtualIps: z.array(
    z.object({
      interface: z.string(),
      address: z.string(),
      prefix: z.int().nullable(),
      mode: z.string(),
      vhid: z.int().nullable(),
      description: z.string(),
    }),
  ),
});
export type Topology = z.infer<typeof Topology>;

/** The same from a saved configuration. */
export function savedTopology(config: ConfigTree): Topology {
  return {
    laggs: listAt(config, 'laggs/lagg').map((lagg) => ({
      device: textAt(lagg, 'laggif') ?? '',
      protocol: textAt(lagg, 'proto') ?? '',
      members: words(textAt(lagg, 'members')),
    })),
    bridges: listAt(config, 'bridges/bridged').map((bridge) => ({
      device: textAt(bridge, 'bridgeif') ?? '',
      members: words(textAt(bridge, 'members')),
    })),
    virtualIps: listAt(config, 'virtualip/vip').map((vip) => ({
      interface: textAt(vip, 'interface') ?? '',
      address: textAt(vip, 'subnet') ?? '',
      prefix: wholeNumber(textAt(vip, 'subnet_bits')),
      mode: textAt(vip, 'mode') ?? '',
      vhid: wholeNumber(textAt(vip, 'vhid')),
      description: textAt(vip, 'descr') ?? '',
    })),
  };
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter((word) => word !== '');
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : null;
}

type Row = z.output<typeof Interface>;

/** What an interface is made of, what it is part of, and its further addresses; only what there is. */
export function placeOf(row: Row, rows: readonly Row[], { laggs, bridges, virtualIps }: Topology) {
  const nameOf = (id: string): string => rows.find((other) => other.id === id)?.description ?? id;
  // A VLAN lies on the LAGG whose device is its parent.
  const lagg = laggs.find(({ device }) => device === row.hardware || device === row.vlan?.parent);
  const bridge = bridges.find(({ device }) => device === row.hardware);
  const inBridge = bridges.find(({ members }) => members.includes(row.id));
  const own = virtualIps.filter((vip) => vip.interface === row.id).map(({ interface: _key, ...vip }) => vip);
  return {
    ...(lagg ? { lagg } : {}),
    ...(bridge ? { bridge: { ...bridge, members: bridge.members.map(nameOf) } } : {}),
    ...(inBridge ? { inBridge: inBridge.device } : {}),
    ...(own.length > 0 ? { virtualIps: own } : {}),
  };
}
