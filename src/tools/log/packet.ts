import { z } from 'zod';
import { own } from '../../core/own.ts';
import { optional } from '../rule/endpoint.ts';
import { type LoggedPacket, readFilterlog } from './filterlog.ts';
import { type LogReply, messageOf } from './source.ts';

/** A line of the firewall log joined to the rule that made it. */
export const PacketView = z.object({
  at: z.string().nullable(),
  action: z.string(),
  on: z.string().describe('Interface and direction'),
  protocol: z.string(),
  source: z.string(),
  destination: z.string(),
  flags: z.string().optional().describe('TCP flags, ICMP type'),
  reason: z.string().optional().describe('Why pf dropped it where no rule did'),
  rule: z.string().nullable().describe('Description and tracker'),
  doubt: z.string().optional().describe('Why it may have been another rule then'),
  length: z.int().optional(),
});
export type PacketView = z.output<typeof PacketView>;

type Line = LogReply['lines'][number];

/** The packet of a line of the firewall log; undefined when the line is about something else. */
export function viewPacket(line: Line, reply: LogReply, detail: 'concise' | 'detailed'): PacketView | undefined {
  const packet = readFilterlog(messageOf(line.text));
  if (packet === undefined) return undefined;
  return {
    at: line.at,
    action: packet.action,
    on: `${own(reply.interfaces, packet.device) ?? packet.device} ${packet.direction}`,
    protocol: packet.protocol,
    source: packet.source,
    destination: packet.destination,
    ...optional('flags', packet.about),
    ...(packet.reason === 'match' ? {} : { reason: packet.reason }),
    ...ruleThen(packet, line, reply),
    ...(detail === 'detailed' && packet.length !== undefined ? { length: packet.length } : {}),
  };
}

/** The rule that logged a packet, as far as today's rules tell. */
function ruleThen(
  { tracker }: LoggedPacket,
  { at }: Line,
  { rules, hasPf }: LogReply,
): Pick<PacketView, 'rule' | 'doubt'> {
  // Dropped before any rule was asked; the reason stands beside it.
  if (tracker === '0' || tracker === '') return { rule: null };
  const rule = own(rules, tracker);
  if (rule === undefined)
    return {
      rule: null,
      doubt: hasPf ? `no rule has tracker ${tracker} any more` : `tracker ${tracker}: pf was not asked`,
    };
  const isOlder = rule.changed !== null && at !== null && Date.parse(at) < rule.changed * 1000;
  return { rule: `${rule.description} #${tracker}`, ...(isOlder ? { doubt: 'changed since' } : {}) };
}

/**
 * Whether a packet was logged by one of the rules pfSense adds itself before the rules were loaded last: these get new
 * trackers when features change, so the tracker may have meant another rule then.
 */
export function isFromEarlierRules(line: Line, { rules, rulesLoadedAt }: LogReply): boolean {
  const packet = line.log === 'filter' ? readFilterlog(messageOf(line.text)) : undefined;
  const rule = packet === undefined ? undefined : own(rules, packet.tracker);
  if (rule === undefined || rule.isConfigured || rulesLoadedAt === null || line.at === null) return false;
  return Date.parse(line.at) < Date.parse(rulesLoadedAt);
}
