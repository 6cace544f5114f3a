import { z } from 'zod';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { detail } from '../detail.ts';
import { fittingPage, pageInput, pageOutput } from '../page.ts';
import { defineTool } from '../tool.ts';
import { Counters, Interface } from './model.ts';
import { NOT_ASKED, savedInterfaces } from './saved.ts';
import { placeOf, savedTopology, Topology } from './topology.ts';

const Shown = Interface.extend({
  counters: Counters.partial(),
  lagg: Topology.shape.laggs.element,
  bridge: Topology.shape.bridges.element,
  inBridge: z.string(),
  virtualIps: z.array(Topology.shape.virtualIps.element.omit({ interface: true })),
}).partial();

const interfaceStatus = defineSnippet({
  id: 'interface/status',
  effect: 'read',
  complexity: 'interface',
  input: z.strictObject({}),
  output: z.object({ interfaces: z.array(Interface), topology: Topology }),
  fromFiles: ({ current }) => ({
    interfaces: savedInterfaces(current.tree()),
    topology: savedTopology(current.tree()),
  }),
});

export default defineTool({
  name: 'pf_interface_list',
  title: 'Interfaces',
  description:
    'Assigned interfaces by description (LAN), key (opt1) and device (igb1.20): link, addresses, virtual IPs, gateway, VLAN, LAGG, bridge, groups and counters since boot (bytes and packets, not rates).',
  toolset: 'network',
  effect: 'read',
  complexity: 'interface',
  isOpenWorld: false,
  input: z.strictObject({
    interface: z.string().max(60).optional().describe('Only this one: description, key or device'),
    detail,
    ...pageInput,
  }),
  output: z.object({ interfaces: z.array(Shown), ...pageOutput }),
  async run(args, { box, note }) {
    const { interfaces, topology } = await box.call(interfaceStatus, {});
    if (interfaces.some(({ status }) => status === NOT_ASKED))
      note('From a saved configuration: links, leased addresses and counters are unknown.');
    const found = interfaces.filter((row) => isNamed(row, args.interface));
    if (interfaces.some(({ status }) => status === 'unknown')) note('status unknown: the system did not say.');
    if (args.interface !== undefined && found.length === 0)
      note(`No interface has that name; there are ${names(interfaces) || 'none'}.`);
    const rows = found.map((row) => ({
      ...(args.detail === 'detailed' ? row : concise(row)),
      ...placeOf(row, interfaces, topology),
    }));
    const { part, facts } = fittingPage(rows, args);
    return { interfaces: part, ...facts };
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
