import { z } from 'zod';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { savedVpn } from './saved.ts';

/** PHP encodes an empty map as a list. */
const Texts = z.record(z.string(), z.string()).or(z.array(z.never()).transform((): Record<string, string> => ({})));
const OpenVpn = z.object({ disabled: z.boolean() }).catchall(z.string());
const IpsecPhase = z.object({ disabled: z.boolean(), mobile: z.boolean() }).catchall(z.string());
const Addressed = z.object({ addresses: z.array(z.string()) }).catchall(z.string());

const VpnFacts = z.object({
  openvpn: z.object({
    servers: z.array(OpenVpn),
    clients: z.array(OpenVpn),
    multipoint: z.array(z.object({ vpnid: z.string(), connections: z.array(Texts).nullable() })),
    pointServers: z.array(Texts),
    pointClients: z.array(Texts),
  }),
  ipsec: z.object({ phase1: z.array(IpsecPhase), phase2: z.array(IpsecPhase), sas: z.string().nullable() }),
  wireguard: z.object({
    isEnabled: z.boolean(),
    tunnels: z.array(Addressed),
    peers: z.array(Addressed),
    dump: z.array(Texts).nullable(),
  }),
  now: z.int(),
  /** From a file: nobody was asked. */
  saved: z.literal(true).optional(),
});
export type VpnFacts = z.output<typeof VpnFacts>;

/** What is configured and what is connected of all three; from a file only what is configured. */
export const vpnStatus = defineSnippet({
  id: 'vpn/status',
  effect: 'read',
  complexity: 'firewall',
  input: z.strictObject({}),
  output: VpnFacts,
  fromFiles: ({ current }) => savedVpn(current.tree()),
});
