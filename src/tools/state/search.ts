import { z } from 'zod';
import { networkOf } from '../../config/address-block.ts';
import { PfsenseError } from '../../core/errors.ts';
import { detail } from '../detail.ts';
import { fitPage, pageFacts, pageInput, pageOutput, startOf } from '../page.ts';
import { defineTool } from '../tool.ts';
import { stateSearch, TOPS } from './source.ts';
import { StateView, viewState } from './view.ts';

const Talker = z.object({ address: z.string(), states: z.int(), packets: z.int(), bytes: z.int() });

export default defineTool({
  name: 'pf_state_search',
  title: 'State table',
  description:
    'Connections pf tracks now: addresses before and after NAT, rule that let them in, gateway, age, bytes since they began. top ranks states, sources or destinations, each connection counted once. Blocked packets have no state: see pf_log_search.',
  toolset: 'rules',
  effect: 'read',
  complexity: 'config',
  isOpenWorld: true,
  input: z.strictObject({
    address: z.string().max(60).optional().describe('Address or network of either end, before or after NAT'),
    port: z.int().min(0).max(65_535).optional(),
    protocol: z.string().max(12).optional(),
    interface: z.string().max(60).optional().describe('Description, key or device'),
    tracker: z.string().max(20).optional().describe('Of the rule that made it'),
    state: z.string().max(40).optional().describe('Such as SYN_SENT'),
    top: z.enum(TOPS).optional(),
    detail,
    ...pageInput,
    limit: pageInput.limit.default(10),
  }),
  output: z.object({
    table: z.object({ current: z.int().nullable(), limit: z.int().nullable() }),
    states: z.array(StateView).optional(),
    talkers: z.array(Talker).optional(),
    ...pageOutput,
  }),
  async run(args, { box, note }) {
    const skip = args.top === undefined ? startOf(args) : 0;
    const found = await box.call(stateSearch, {
      ...networkInput(args.address),
      port: args.port === undefined ? '' : String(args.port),
      protocol: args.protocol ?? '',
      interface: args.interface ?? '',
      tracker: (args.tracker ?? '').replace(/^0+(?=\d)/, ''),
      status: args.state ?? '',
      top: args.top ?? '',
      limit: args.limit,
      skip,
    });
    if (!found.isRead) throw new PfsenseError('snippet_failed', 'pf did not list its states.', { phase: 'run' });
    if (!found.hasRules) note('pf did not list its rules: which rule let a connection in is unknown.');
    if (found.current === null || found.limit === null)
      note('pf did not tell the size or the limit of its state table.');
    if (!found.isComplete)
      note(`Time was over after ${found.scanned} states; the rest of the table was not looked at.`);
    if (!found.isKnownInterface) note('No assigned interface has that name; it was taken for a device.');
    const table = { current: found.current, limit: found.limit };
    if (args.top === 'sources' || args.top === 'destinations') {
      const { talkers, talkerCount } = found;
      return { table, talkers, total: talkerCount, shown: talkers.length };
    }
    const views = found.states.map((state) => viewState(state, args.detail));
    const { rows, facts } = fitPage(views, pageFacts(skip, views.length, found.matched), skip);
    // A ranking has no next page: its places change with every look.
    const { cursor, ...counts } = facts;
    return { table, states: rows, ...counts, ...(args.top === undefined && cursor ? { cursor } : {}) };
  },
});

function networkInput(address: string | undefined) {
  if (address === undefined) return { network: '', length: 0 };
  const network = networkOf(address);
  if (network !== undefined) return network;
  throw new PfsenseError('bad_input', 'address is neither an address nor a network.', { phase: 'input' });
}
