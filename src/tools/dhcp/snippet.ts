import { z } from 'zod';
import { textAt, treeAt } from '../../config/model.ts';
import { ConfigReply } from '../../pfsense/config-reply.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { BACKENDS } from './lease.ts';

const FileState = z.enum(['read', 'missing', 'unreadable']);
const KeaFile = z.object({ file: FileState, header: z.string(), rows: z.array(z.string()) });
const IscFile = z.object({ file: FileState, blocks: z.array(z.string()) });

const DhcpFacts = z.object({
  backend: z.enum(BACKENDS),
  servers: ConfigReply,
  servers6: ConfigReply,
  interfaces: ConfigReply,
  kea4: KeaFile,
  kea6: KeaFile,
  isc4: IscFile,
  isc6: IscFile,
  neighbours: z.array(z.object({ address: z.string(), mac: z.string(), device: z.string() })).nullable(),
  /** Whether IPv6 neighbours could be read. */
  hasNdp: z.boolean().default(false),
  now: z.int(),
  isLive: z.boolean().default(true),
});
export type DhcpFacts = z.output<typeof DhcpFacts>;

const NO_KEA = { file: 'missing' as const, header: '', rows: [] };
const NO_ISC = { file: 'missing' as const, blocks: [] };

/** Both servers' leases, what is configured, and the neighbours. */
export const dhcpLeases = defineSnippet({
  id: 'dhcp/leases',
  effect: 'read',
  complexity: 'firewall',
  input: z.strictObject({}),
  output: DhcpFacts,
  fromConfig: (config) => ({
    backend: textAt(config, 'dhcpbackend') === 'kea' ? ('kea' as const) : ('isc' as const),
    servers: treeAt(config, 'dhcpd') ?? {},
    servers6: treeAt(config, 'dhcpdv6') ?? {},
    interfaces: treeAt(config, 'interfaces') ?? {},
    kea4: NO_KEA,
    kea6: NO_KEA,
    isc4: NO_ISC,
    isc6: NO_ISC,
    neighbours: null,
    hasNdp: false,
    now: 0,
    isLive: false,
  }),
});
