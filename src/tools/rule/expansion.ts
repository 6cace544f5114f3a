import type { z } from 'zod';
import type { NameInterface } from './endpoint.ts';
import type { ruleExpand } from './source.ts';

type Expansion = z.output<typeof ruleExpand.output>;

/** What `LAN subnets`, `LAN address` and `this firewall` mean now, of the words that occur in some texts. */
export function expandWords(
  texts: readonly string[],
  { subnets, addresses, self }: Expansion,
  name: NameInterface,
): Record<string, string[]> {
  const meanings: [string, readonly string[] | null][] = [
    ...Object.entries(subnets).map(([key, found]): [string, string[] | null] => [`${name(key)} subnets`, found]),
    ...Object.entries(addresses).map(([key, found]): [string, string[]] => [`${name(key)} address`, found]),
    ['this firewall', self],
  ];
  const occurring = meanings.filter(([word]) => texts.some((text) => text.includes(word)));
  return Object.fromEntries(occurring.flatMap(([word, found]) => (found === null ? [] : [[word, [...found]]])));
}
