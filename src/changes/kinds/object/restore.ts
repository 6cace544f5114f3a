import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { identified } from '../../../config/identity.ts';
import { type ConfigTree, listAt, textAt } from '../../../config/model.ts';
import { sectionOf, withTree } from '../../../config/update.ts';
import { defineKind, refused } from '../../kind.ts';
import { isLink, linkOf } from '../nat_port_forward/filter-rule.ts';
import { pastConfig, RevisionId } from '../revision/past.ts';
import { plainText } from '../text.ts';
import { withPastNatRule } from './nat.ts';
import { spotOf } from './order.ts';
import { type FoundObject, findPresent, needPastObject, type ObjectPlace, objectPlace } from './place.ts';
import { checkReferences } from './references.ts';
import { withPastRule } from './rules.ts';

export default defineKind({
  id: 'object.restore',
  summary:
    'Bring one rule, alias, NAT rule, gateway, route, VLAN, virtual IP, schedule, DHCP mapping or DNS override back as a kept revision has it.',
  tier: 'durable',
  input: z.strictObject({
    revision: RevisionId,
    object: plainText(300)
      .min(3)
      .describe(
        'Path as pf_config_history shows it: filter/rule/TRACKER, aliases/alias/NAME, dhcpd/lan/staticmap/MAC; nat/rule/ID with an id of pf_nat_list',
      ),
  }),
  example: { revision: '1795000000', object: 'filter/rule/1700000001' },
  needs: ({ revision }) => [{ revision }],
  apply(config, { revision, object }, occasion) {
    const place = objectPlace(object);
    const past = pastConfig(config, revision, occasion);
    const wanted = needPastObject(past, place, revision);
    const present = findPresent(config, past, place, wanted);
    checkReferences(config, past, wanted.item, place.list);
    const next = withObject(config, past, place, { wanted, present });
    return isDeepStrictEqual(next, config) ? config : next;
  },
});

interface Ends {
  readonly wanted: FoundObject;
  readonly present: FoundObject | undefined;
}

function withObject(config: ConfigTree, past: ConfigTree, place: ObjectPlace, ends: Ends): ConfigTree {
  if (place.nat !== undefined) return withPastNatRule(config, past, place.nat, ends);
  if (place.list !== 'filter/rule') return withItem(config, past, place, ends);
  checkForward(config, ends.wanted.item);
  return withPastRule(config, past, sectionOf(ends.wanted.item), ends.present?.index);
}

/** @throws PfsenseError `bad_input` for the rule of a port forward that is gone or has another one */
function checkForward(config: ConfigTree, rule: ConfigTree): void {
  const link = linkOf(rule);
  if (!isLink(link) || listAt(config, 'nat/rule').some((forward) => linkOf(forward) === link)) return;
  throw refused(
    'object: it is the filter rule of a port forward.',
    `Restore nat/rule/${link}, which brings both back.`,
  );
}

function withItem(config: ConfigTree, past: ConfigTree, place: ObjectPlace, { wanted, present }: Ends): ConfigTree {
  const list = listAt(config, place.list);
  const others = list.filter((_item, index) => index !== present?.index);
  const twin = place.unique.find((field) => others.some((other) => isShared(other, wanted.item, field)));
  if (twin !== undefined) throw refused(`object: another one has the same ${twin} by now.`, 'Change that one first.');
  // Where order means nothing an object stays where it is, and one that was gone comes in where it stood.
  const next =
    present === undefined
      ? list.toSpliced(placeIn(list, listAt(past, place.list), place), 0, wanted.item)
      : list.with(present.index, wanted.item);
  return withTree(config, place.list.split('/'), next);
}

function placeIn(
  list: readonly ConfigTree[],
  then: readonly ConfigTree[],
  { list: path, identity }: ObjectPlace,
): number {
  const [now, old] = [list, then].map((items) => identified(items, path).map((item) => item.identity));
  const spot = spotOf(old ?? [], now ?? [], identity);
  if (typeof spot === 'string') return list.length;
  return 'after' in spot ? (now?.indexOf(spot.after) ?? 0) + 1 : (now?.indexOf(spot.before) ?? 0);
}

function isShared(one: ConfigTree, other: ConfigTree, field: string): boolean {
  const [a, b] = [textAt(one, field) ?? '', textAt(other, field) ?? ''];
  return a !== '' && a.toLowerCase() === b.toLowerCase();
}
