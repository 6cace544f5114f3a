import { z } from 'zod';
import { PfsenseError } from '../../core/errors.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { pageInput, pageOf } from '../page.ts';
import { defineTool } from '../tool.ts';
import { Address, Host } from './host.ts';
import {
  Hop,
  Lookup,
  Ping,
  type Row,
  readArp,
  readDrill,
  readNdp,
  readPfInfo,
  readPing,
  readSockets,
  readTraceroute,
} from './parse.ts';

const KINDS = ['ping', 'traceroute', 'dns_lookup', 'arp', 'ndp', 'sockets', 'pf_info', 'pf_tables'] as const;
const TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT'] as const;

const diagnosticRun = defineSnippet({
  id: 'diagnostic/run',
  effect: 'read',
  complexity: 'config',
  input: z.strictObject({
    kind: z.enum(KINDS),
    target: z.string(),
    server: z.string(),
    table: z.string(),
    text: z.string(),
    type: z.enum(TYPES),
    count: z.int(),
  }),
  output: z.object({
    code: z.int(),
    texts: z.array(z.string()),
    isCut: z.boolean(),
    holding: z.array(z.string()).nullable(),
    /** Entries of the table that hold the text. */
    count: z.int().nullable(),
    /** pf says that it has no such table. */
    isMissing: z.boolean(),
  }),
});

export default defineTool({
  name: 'pf_diagnostic_run',
  title: 'Diagnostics',
  description:
    'From the firewall itself: ping, traceroute, dns_lookup, arp, ndp, listening sockets, pf_info (counters, limits), pf_tables (names; with table its entries; with target who holds it).',
  toolset: 'diagnostics',
  effect: 'read',
  complexity: 'config',
  isOpenWorld: true,
  input: z.strictObject({
    kind: z.enum(KINDS),
    target: Host.optional(),
    count: z.int().min(1).max(5).default(3),
    type: z.enum(TYPES).default('A'),
    server: Address.optional(),
    table: z
      .string()
      .max(31)
      .refine((name) => /^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(name), 'the name of a table')
      .optional(),
    text: z.string().max(100).optional(),
    ...pageInput,
  }),
  output: z.object({
    kind: z.enum(KINDS),
    ping: Ping.nullable().optional(),
    hops: z.array(Hop).nullable().optional(),
    lookup: Lookup.nullable().optional(),
    rows: z
      .array(z.record(z.string(), z.string().or(z.number()).nullable()))
      .nullable()
      .optional(),
    total: z.int().optional(),
    shown: z.int().optional(),
    cursor: z.string().optional(),
  }),
  async run(args, { box, note }) {
    const { kind, target = '', server = '', table = '', text: wanted = '', type, count } = args;
    if (target === '' && ['ping', 'traceroute', 'dns_lookup'].includes(kind))
      throw new PfsenseError('bad_input', `${kind} needs a target.`, { phase: 'input' });
    const result = await box.call(diagnosticRun, { kind, target, server, table, text: wanted, type, count });
    const [text = '', more = ''] = result.texts;
    if (result.isCut && result.code === 0)
      note('The look was cut short: there may be more than is shown. For a large table, narrow with text.');
    if (kind === 'ping') {
      const ping = readPing(text);
      if (!ping) note('Nothing was sent: the name has no address, or there is no way there.');
      return { kind, ping: ping ?? null };
    }
    if (kind === 'traceroute') {
      const hops = readTraceroute(text);
      const isFailed = result.code !== 0 && hops.length === 0;
      if (isFailed) note('traceroute failed: the name has no address, or there is no way there.');
      else if (result.code !== 0) note('The trace did not come to its end: there may be more hops.');
      return { kind, hops: isFailed ? null : hops };
    }
    if (kind === 'dns_lookup') {
      const lookup = readDrill(text);
      if (lookup.status === null) note('No DNS server answered: whether the name exists is unknown.');
      return { kind, lookup: lookup.status === null ? null : lookup };
    }
    if (result.code !== 0) {
      note(result.isMissing ? 'pf has no such table.' : 'The program failed or took too long: could not look.');
      return { kind, rows: null };
    }
    const rows = tableRows(kind, text, more, result.holding).filter((row) => mentions(row, args.text));
    const { part, facts } = pageOf(rows, args);
    return { kind, rows: part, ...facts, total: result.count ?? facts.total };
  },
});

function tableRows(kind: (typeof KINDS)[number], text: string, more: string, holding: readonly string[] | null): Row[] {
  if (kind === 'arp') return readArp(text);
  if (kind === 'ndp') return readNdp(text);
  if (kind === 'sockets') return readSockets(text);
  if (kind === 'pf_info') return readPfInfo(text, more);
  const words = holding ?? text.split('\n').map((line) => line.trim());
  return words.filter((word) => word !== '').map((entry) => ({ entry }));
}

function mentions(row: Row, text: string | undefined): boolean {
  return (
    text === undefined || Object.values(row).some((value) => String(value).toLowerCase().includes(text.toLowerCase()))
  );
}
