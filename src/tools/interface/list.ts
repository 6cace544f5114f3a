import { z } from 'zod';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { detail } from '../detail.ts';
import { defineTool } from '../tool.ts';

const Address = z.object({ address: z.string(), prefix: z.int().nullable(), assignedBy: z.string() });
const count = z.int().nullable();

const Counters = z.object({
  inBytes: count,
  outBytes: count,
  inPackets: count,
  outPackets: count,
  inErrors: count,
  outErrors: count,
  collisions: count,
  inBlockedPackets: count,
  outBlockedPackets: count,
});

const Interface = z.object({
  id: z.string(),
  description: z.string(),
  device: z.string(),
  hardware: z.string(),
  enabled: z.boolean(),
  status: z.string(),
  media: z.string().nullable(),
  mac: z.string().nullable(),
  mtu: z.int().nullable(),
  ipv4: Address.nullable(),
  ipv6: Address.nullable(),
  gateway: z.string().nullable(),
  vlan: z.object({ parent: z.string(), tag: z.int() }).nullable(),
  groups: z.array(z.string()),
  counters: Counters,
});

const Shown = Interface.extend({ counters: Counters.partial() }).partial();

const interfaceStatus = defineSnippet({
  id: 'interface/status',
  effect: 'read',
  complexity: 'interface',
  input: z.strictObject({}),
  output: z.object({ interfaces: z.array(Interface) }),
});

export default defineTool({
  name: 'pf_interface_list',
  title: 'Interfaces',
  description:
    'Assigned interfaces by description (LAN), key (opt1) and device (igb1.20): link, addresses, gateway, VLAN, groups and counters since boot (bytes and packets, not rates).',
  toolset: 'network',
  effect: 'read',
  complexity: 'interface',
  isOpenWorld: false,
  input: z.strictObject({
    interface: z.string().max(60).optional().describe('Only this one: description, key or device'),
    detail,
  }),
  output: z.object({ interfaces: z.array(Shown), total: z.int() }),
  async run(args, { box, note }) {
    const { interfaces } = await box.call(interfaceStatus, {});
    const found = interfaces.filter((row) => isNamed(row, args.interface));
    if (found.length === 0) note(`No interface has that name; there are ${names(interfaces)}.`);
    const rows = args.detail === 'detailed' ? found : found.map(concise);
    return { interfaces: rows, total: interfaces.length };
  },
});

type Row = z.output<typeof Interface>;

function isNamed(row: Row, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  return [row.id, row.description, row.device].some((name) => name.toLowerCase() === wanted.toLowerCase());
}

function names(rows: readonly Row[]): string {
  return rows.map((row) => row.id).join(', ');
}

function concise(row: Row): z.output<typeof Shown> {
  const { id, description, device, enabled, status, ipv4, ipv6, gateway, vlan } = row;
  const { inBytes, outBytes, inErrors, outErrors } = row.counters;
  return {
    id,
    description,
    device,
    enabled,
    status,
    ipv4,
    ipv6,
    gateway,
    ...(vlan ? { vlan } : {}),
    counters: { inBytes, outBytes, inErrors, outErrors },
  };
}
