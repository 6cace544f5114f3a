import { z } from 'zod';
import { listAt, treeAt } from '../../config/model.ts';
import { ConfigReply } from '../../pfsense/config-reply.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';

const tree = ConfigReply;
/** PHP encodes an empty map as a list. */
const mapOf = <V extends z.ZodType>(value: V) => z.record(z.string(), value);

const AliasSource = z.object({
  aliases: z.array(tree),
  /** Entries that can refer to aliases and schedules, by path of the configuration. */
  users: mapOf(z.array(tree)),
  schedules: z.array(z.object({ schedule: tree, isActive: z.boolean().nullable() })),
  /** Number of entries by table of pf (null: the number is not known); null when pf could not be asked. */
  tables: mapOf(z.int().nullable()).nullable(),
  urlTables: mapOf(z.object({ fetched: z.int(), bytes: z.int() })).nullable(),
});
export type AliasSource = z.output<typeof AliasSource>;

/** Places where aliases are used, and what people call such a place. */
export const USERS = {
  'filter/rule': 'filter rule',
  'nat/rule': 'port forward',
  'nat/outbound/rule': 'outbound NAT',
  'nat/onetoone': '1:1 NAT',
  'staticroutes/route': 'static route',
  'openvpn/openvpn-server': 'OpenVPN server',
  'openvpn/openvpn-client': 'OpenVPN client',
} as const;

export const aliasList = defineSnippet({
  id: 'alias/list',
  effect: 'read',
  complexity: 'firewall',
  input: z.strictObject({}),
  output: AliasSource,
  fromConfig: (config) => ({
    aliases: [...listAt(config, 'aliases/alias')],
    users: Object.fromEntries(Object.keys(USERS).map((path) => [path, [...listAt(config, path)]])),
    schedules: listAt(config, 'schedules/schedule')
      .filter((schedule) => treeAt(schedule, 'name') !== undefined)
      .map((schedule) => ({ schedule, isActive: null })),
    tables: null,
    urlTables: null,
  }),
});

const Contents = z.object({
  entries: z.int(),
  sample: z.array(z.string()),
  missing: z.array(z.string()),
  unexpected: z.array(z.string()),
});
export type TableContents = z.output<typeof Contents>;

export const aliasTables = defineSnippet({
  id: 'alias/tables',
  effect: 'read',
  complexity: 'firewall',
  input: z.strictObject({
    /** What each table should hold at least. */
    expected: z.record(z.string(), z.array(z.string())),
    sample: z.int(),
    address: z.string(),
    /** Tables that are asked for the address. */
    candidates: z.array(z.string()),
  }),
  output: z.object({ contents: mapOf(Contents.nullable()), holding: z.array(z.string()), untested: z.int() }),
});
