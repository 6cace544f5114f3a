import { z } from 'zod';
import { ConfigReply } from '../../pfsense/config-reply.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { BACKENDS } from '../dhcp/lease.ts';
import { HoldingFacts } from '../table/snippet.ts';
import { savedHost } from './saved.ts';

const Texts = z.record(z.string(), z.string());

const HostFacts = z.object({
  /** Empty: nothing is known under that MAC or name. */
  address: z.string(),
  /** Where nothing was found because it could not be read. */
  unread: z.array(z.enum(['leases', 'openvpn', 'ndp'])),
  /** Addresses that the firewall's interfaces have now. */
  own: z.array(z.object({ address: z.string(), device: z.string() })).nullable(),
  /** Virtual IPs; those of a network with the length of its prefix. */
  virtual: z.array(z.string()),
  neighbours: z.array(z.object({ address: z.string(), mac: z.string(), device: z.string() })).nullable(),
  kea: z.array(z.object({ header: z.string(), row: z.string() })),
  isc: z.array(z.string()),
  maps: z.array(Texts),
  overrides: z.array(z.object({ name: z.string(), address: z.string() })),
  /** Empty: there is no name; null: no answer came. */
  reverse: z.string().nullable(),
  vpn: z.array(z.object({ server: z.string(), user: z.string(), from: z.string(), address: z.string() })),
  /** OpenVPN servers that did not answer. */
  vpnSilent: z.int(),
  peers: z.array(z.object({ networks: z.array(z.string()) }).catchall(z.string())),
  aliases: z.array(Texts),
  /** null: no address was found to look for. */
  held: HoldingFacts.nullable(),
  states: z.object({ count: z.int(), opened: z.int(), sentBytes: z.int(), receivedBytes: z.int() }).nullable(),
  interfaces: ConfigReply,
  vlans: z.array(Texts),
  backend: z.enum(BACKENDS),
  now: z.int(),
  /** From a file: nobody was asked. */
  saved: z.literal(true).optional(),
});
export type HostFacts = z.output<typeof HostFacts>;

/** Everything about one address in one round trip. */
export const hostExplain = defineSnippet({
  id: 'host/explain',
  effect: 'read',
  complexity: 'firewall',
  input: z.strictObject({ host: z.string() }),
  output: HostFacts,
  fromFiles: ({ current }, { host }) => savedHost(current.tree(), host.toLowerCase()),
});
