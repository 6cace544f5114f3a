import { z } from 'zod';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { defineTool } from '../tool.ts';
import { Address } from './host.ts';
import { Conversation, conversationsOf, readPackets } from './packets.ts';

const Protocol = z.enum(['tcp', 'udp', 'icmp', 'icmp6', 'arp', 'esp']);

const capture = defineSnippet({
  id: 'diagnostic/capture',
  effect: 'read',
  complexity: 'config',
  input: z.strictObject({
    interface: z.string(),
    seconds: z.int(),
    packets: z.int(),
    host: z.string(),
    port: z.int(),
    protocol: Protocol.or(z.literal('')),
  }),
  output: z.object({ device: z.string(), text: z.string(), isRun: z.boolean(), dropped: z.int().nullable() }),
});

const MAX_CONVERSATIONS = 30;

export default defineTool({
  name: 'pf_packet_capture',
  title: 'Packet capture',
  description:
    'Watches one interface for a few seconds and tells who talked to whom: conversations with packets and bytes of payload. Headers only; nothing is stored. Blocked packets are seen too, as they arrive before the rules.',
  toolset: 'diagnostics',
  effect: 'read',
  complexity: 'config',
  isOpenWorld: true,
  input: z.strictObject({
    interface: z.string().min(1).max(60).describe('Description, key or device'),
    seconds: z.int().min(1).max(20).default(5),
    packets: z.int().min(1).max(1_000).default(200).describe('Stop after'),
    host: Address.optional(),
    port: z.int().min(1).max(65_535).optional(),
    protocol: Protocol.optional(),
  }),
  output: z.object({
    device: z.string(),
    packets: z.int().nullable().describe('null: could not look'),
    conversations: z.array(Conversation).nullable(),
    droppedByKernel: z.int().nullable(),
  }),
  async run(args, { box, note }) {
    const { host = '', port = 0, protocol = '', seconds, packets: most } = args;
    const seen = await box.call(capture, { interface: args.interface, seconds, packets: most, host, port, protocol });
    if (!seen.isRun) {
      note('The capture did not start: could not look.');
      return { device: seen.device, packets: null, conversations: null, droppedByKernel: null };
    }
    const packets = readPackets(seen.text);
    const conversations = conversationsOf(packets);
    if (packets.length >= most) note(`Stopped after ${most} packets, before the time was over.`);
    if (conversations.length > MAX_CONVERSATIONS)
      note(
        `The ${MAX_CONVERSATIONS} largest of ${conversations.length} conversations are shown; name a host or a port.`,
      );
    return {
      device: seen.device,
      packets: packets.length,
      conversations: conversations.slice(0, MAX_CONVERSATIONS),
      droppedByKernel: seen.dropped,
    };
  },
});
