import { isDeepStrictEqual } from 'node:util';
import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../config/model.ts';
import type { Judge, Judgement } from './judgement.ts';

/**
 * Whether the pairs of MAC and IP addresses that are fixed for an interface stay as they are. Who has which of them on
 * the wire is not known, and whoever has another one is answered no more.
 */
export const judgeStaticArp: Judge = ({ replyDevice, devices }, base, candidate, keep) => {
  const keys = new Set([base, candidate].flatMap((config) => entriesAt(config, 'dhcpd').map(([key]) => key)));
  const changed = [...keys].filter((key) => !isDeepStrictEqual(fixedAt(base, key), fixedAt(candidate, key)));
  if (changed.length === 0) return [];
  const own = Object.entries(devices).find(([, device]) => device === replyDevice)?.[0];
  // A tunnel that is no interface comes in by some other one, and nobody knows here by which.
  const ofSession = own === undefined ? changed : changed.filter((key) => key === own);
  const flows = keep.filter((flow) => changed.includes(flow.interface));
  return [
    ...ofSession.map((key) => unknown('this session', key)),
    ...flows.map((flow) =>
      unknown(`${flow.protocol} from ${flow.from} to ${flow.to} port ${flow.port}`, flow.interface),
    ),
  ];
};

function unknown(subject: string, key: string): Judgement {
  return { subject, verdict: 'unknown', because: [`the static ARP entries of ${key}, by which it comes in, change`] };
}

/** With static ARP on, an interface knows the clients of its mappings and nobody else. */
function fixedAt(config: ConfigTree, key: string): unknown {
  const isOn = treeAt(config, `dhcpd/${key}/staticarp`) !== undefined;
  const pairs = listAt(config, `dhcpd/${key}/staticmap`)
    .filter((mapping) => isOn || treeAt(mapping, 'arp_table_static_entry') !== undefined)
    .map((mapping) => `${textAt(mapping, 'ipaddr') ?? ''} ${textAt(mapping, 'mac') ?? ''}`);
  return { isOn, pairs: pairs.sort() };
}
