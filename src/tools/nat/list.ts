import { z } from 'zod';
import { fitPage, pageInput, pageOf, pageOutput, startOf } from '../page.ts';
import { defineTool } from '../tool.ts';
import { automaticSources } from './automatic.ts';
import { KINDS, NatRule, natRules, outboundMode } from './model.ts';
import { natList } from './source.ts';

const Summary = z.object({
  mode: z.string().describe('automatic, hybrid, manual or disabled'),
  automaticSources: z.array(z.string()).nullable().optional(),
});

export default defineTool({
  name: 'pf_nat_list',
  title: 'NAT rules',
  description:
    'NAT of all kinds: port forwards, outbound (with the mode in effect and the rules pfSense makes itself), 1:1, NPt. Shows the address before and after, reflection in effect, the filter rule that lets a port forward in, and what is disabled.',
  toolset: 'rules',
  effect: 'read',
  complexity: 'firewall',
  isOpenWorld: false,
  input: z.strictObject({
    kind: z.enum(KINDS).optional(),
    text: z.string().max(200).optional().describe('Part of a description, address, alias or port'),
    ...pageInput,
    limit: pageInput.limit.default(15),
  }),
  output: z.object({ outbound: Summary, rules: z.array(NatRule), ...pageOutput }),
  async run(args, { box, note }) {
    const source = await box.call(natList, {});
    const mode = outboundMode(source);
    const isAutomatic = mode === 'automatic' || mode === 'hybrid';
    if (isAutomatic && source.automatic === null)
      note('The outbound rules pfSense makes by itself could not be read; only configured rules are listed.');
    const found = natRules(source).filter(
      (rule) => (args.kind === undefined || rule.kind === args.kind) && mentions(rule, args.text),
    );
    const { part, facts: page } = pageOf(found, args);
    const { rows, facts } = fitPage(part, page, startOf(args));
    return {
      outbound: { mode, ...(isAutomatic ? { automaticSources: automaticSources(source) } : {}) },
      rules: rows,
      ...facts,
    };
  },
});

function mentions(rule: NatRule, text: string | undefined): boolean {
  if (text === undefined) return true;
  const wanted = text.toLowerCase();
  const { description, interface: where, source, destination, after, protocol = '' } = rule;
  return [description, where, source, destination, after, protocol].some((field) =>
    field.toLowerCase().includes(wanted),
  );
}
