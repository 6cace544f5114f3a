import { z } from 'zod';
import { compare } from '../compare/compare.ts';
import { Comparison } from '../compare/output.ts';
import { defineTool } from '../tool.ts';
import { haStatus } from './snippet.ts';
import { HaView, haNotes, viewHa } from './view.ts';

export default defineTool({
  name: 'pf_ha_status',
  title: 'High availability',
  description:
    'CARP addresses with MASTER or BACKUP, demotion, maintenance mode, pfsync, and what is synchronised to the peer. With compareWith: are both nodes identical and would failover work; which of many firewalls deviate in version, packages or configuration (exceptions only). No passwords.',
  toolset: 'system',
  effect: 'read',
  complexity: 'interface',
  isOpenWorld: false,
  fleetArguments: ['compareWith', 'section', 'baseline'],
  input: z.strictObject({
    compareWith: z
      .string()
      .max(2_000)
      .or(z.array(z.string().max(63)).min(1).max(200))
      .optional()
      .describe('Names of other firewalls, or *: compares instead. One peer of a cluster: failover verdict'),
    section: z
      .string()
      .max(200)
      .regex(/^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/, 'names joined by /')
      .optional()
      .describe('Show its differing objects, such as filter or dhcpd/lan'),
    baseline: z.enum(['majority', 'asked']).optional().describe('What others deviate from; majority for 3 or more'),
  }),
  output: HaView.partial().extend({ comparison: Comparison.optional() }),
  async run({ compareWith, section, baseline }, { box, fleet, note }) {
    if (compareWith !== undefined && fleet)
      return { comparison: await compare({ asked: box.name, compareWith, section, baseline }, fleet, note) };
    if (section !== undefined || baseline !== undefined) note('section and baseline count only with compareWith.');
    const facts = await box.call(haStatus, {});
    const view = viewHa(facts);
    for (const text of haNotes(facts, view)) note(text);
    return view;
  },
});
