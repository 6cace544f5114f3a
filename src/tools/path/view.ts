import { z } from 'zod';
import { canonicalAddress } from '../../config/address.ts';
import { AddressSet, addressValue } from '../../config/address-set.ts';
import { type ConfigTree, listAt, textAt } from '../../config/model.ts';
import { own } from '../../core/own.ts';
import type { Compiled } from '../../whatif/compile.ts';
import type { NatSeen, RuleSeen, Verdict } from '../../whatif/verdict.ts';
import { readFilterlog } from '../log/filterlog.ts';
import type { NameInterface } from '../rule/endpoint.ts';
import type { Live } from './snippet.ts';

export const RuleView = z.object({
  action: z.string(),
  where: z.string().describe('Tab and place in the GUI, or hidden'),
  tracker: z.string().optional(),
  description: z.string(),
});

export function viewRule(rule: RuleSeen | undefined, name: NameInterface): z.output<typeof RuleView> | null {
  if (rule === undefined) return null;
  const { action, origin } = rule;
  if (origin.kind === 'hidden') return { action, where: 'hidden', description: origin.name };
  const tab = origin.tab === 'floating' ? 'Floating' : name(origin.tab);
  return { action, where: `${tab} ${origin.position}`, tracker: origin.tracker, description: origin.description };
}

/** `destination becomes 10.10.0.80 port 443 (port forward 1, Web server)`. */
export function natTexts({ destination, source }: Verdict['nat']): string[] {
  return [
    ...(destination ? [`destination becomes ${natText(destination)}`] : []),
    ...(source ? [`source becomes ${natText(source)}`] : []),
  ];
}

function natText({ origin, address, port }: NatSeen): string {
  const place = origin.position === undefined ? '' : ` ${origin.position}`;
  const description = origin.description === '' ? '' : `, ${origin.description}`;
  return `${address ?? 'an address that is not known'}${port === null ? '' : ` port ${port}`} (${origin.kind}${place}${description})`;
}

/** Aliases and tables of pf that hold an address. */
export function holdersOf(address: string, config: ConfigTree, compiled: Compiled, live: Live | null): string[] {
  const value = addressValue(address);
  if (value === undefined) return [];
  const aliases = listAt(config, 'aliases/alias').flatMap((alias) => {
    const name = textAt(alias, 'name') ?? '';
    const meaning = compiled.context.aliases(name);
    return meaning?.kind === 'addresses' && meaning.set.has(value) ? [name] : [];
  });
  const contents = Object.entries(live?.tables?.contents ?? {}).flatMap(([name, entries]) =>
    AddressSet.of(entries).has(value) ? [name] : [],
  );
  const tested = Object.entries(live?.tables?.tests ?? {}).flatMap(([name, tests]) =>
    Object.entries(tests).some(([one, is]) => is && canonicalAddress(one) === canonicalAddress(address)) ? [name] : [],
  );
  return [...new Set([...aliases, ...contents, ...tested])];
}

export const Drop = z.object({ packet: z.string(), rule: z.string().nullable() });

/** Lines of the filter log in short, with the rule that pf has under their tracker now. */
export function dropsOf(live: Live | null, name: (device: string) => string): z.output<typeof Drop>[] | null {
  if (live?.drops == null) return null;
  return live.drops.flatMap((line) => {
    const at = line.search(/[^\s,]*,[^,]*,[^,]*,\d*,/);
    const packet = at === -1 ? undefined : readFilterlog(line.slice(at));
    if (packet === undefined) return [];
    const time = /^(?:<\d+>1 )?(\S+ +\d+ [\d:]+|\d{4}-\S+)/.exec(line)?.[1] ?? '';
    const label = own(live.labels, packet.tracker);
    return [
      {
        packet:
          `${time} ${packet.protocol} ${packet.source} > ${packet.destination}, ${packet.direction} ${name(packet.device)}`.trim(),
        rule: label === undefined ? null : `${label} #${packet.tracker}`,
      },
    ];
  });
}
