import { z } from 'zod';
import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../config/model.ts';
import { wallMs } from '../../core/clock.ts';
import { ConfigReply } from '../../pfsense/config-reply.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { fittingPage, pageInput, pageOutput } from '../page.ts';
import { defineTool } from '../tool.ts';

const userList = defineSnippet({
  id: 'user/list',
  effect: 'read',
  complexity: 'simple',
  input: z.strictObject({}),
  output: z.object({
    users: z.array(ConfigReply),
    groups: z.array(ConfigReply),
    servers: z.array(ConfigReply),
    authmode: z.string(),
  }),
  fromConfig: (config) => ({
    users: listAt(config, 'system/user').map(withoutSecrets),
    groups: [...listAt(config, 'system/group')],
    servers: [...listAt(config, 'system/authserver')],
    authmode: textAt(config, 'system/webgui/authmode') ?? '',
  }),
});

function withoutSecrets(user: ConfigTree): ConfigTree {
  const keys = Buffer.from(textAt(user, 'authorizedkeys') ?? '', 'base64').toString('utf8');
  return {
    ...Object.fromEntries(entriesAt(user, '')),
    keys: String(keys.match(/^\s*[^#\s]/gm)?.length ?? 0),
    hasIpsecKey: textAt(user, 'ipsecpsk') ? 'yes' : 'no',
  };
}

const User = z.object({
  name: z.string(),
  description: z.string(),
  state: z.enum(['active', 'disabled', 'expired']),
  expires: z.string().nullable(),
  groups: z.array(z.string()),
  privileges: z.array(z.string()).describe('Own ones and those of the groups'),
  shell: z.boolean().describe('May log in over SSH to a shell'),
  isAdministrator: z.boolean(),
  authorizedKeys: z.int(),
  certificates: z.int(),
  ipsecKey: z.boolean(),
});
type User = z.output<typeof User>;

const Group = z.object({
  name: z.string(),
  description: z.string(),
  members: z.array(z.string()),
  privileges: z.array(z.string()),
});
const Server = z.object({
  name: z.string(),
  type: z.string(),
  host: z.string(),
  method: z.string(),
  forGui: z.boolean(),
});

export default defineTool({
  name: 'pf_user_list',
  title: 'Users',
  description:
    'Local users with groups, effective privileges, shell access, expiry, and how many SSH keys and certificates each has; groups; authentication servers. Never passwords, keys or secrets.',
  toolset: 'system',
  effect: 'read',
  complexity: 'simple',
  isOpenWorld: false,
  input: z.strictObject({
    text: z.string().max(100).optional().describe('Part of a name or description; a privilege'),
    state: z.enum(['active', 'disabled', 'expired']).optional(),
    ...pageInput,
  }),
  output: z.object({ users: z.array(User), groups: z.array(Group), authServers: z.array(Server), ...pageOutput }),
  async run(args, { box }) {
    const facts = await box.call(userList, {});
    const text = args.text?.toLowerCase();
    const found = facts.users
      .map((user) => readUser(user, facts.groups))
      .filter(
        (user) =>
          (args.state === undefined || user.state === args.state) &&
          (text === undefined ||
            [user.name, user.description, ...user.privileges, ...user.groups].some((field) =>
              field.toLowerCase().includes(text),
            )),
      );
    const { part, facts: page } = fittingPage(found, args);
    return {
      users: part,
      groups: facts.groups.map((group) => readGroup(group, facts.users)),
      authServers: facts.servers.map((server) => readServer(server, facts.authmode)),
      ...page,
    };
  },
});

function texts(tree: ConfigTree, path: string): string[] {
  return listAt(tree, path).flatMap((item) => (typeof item === 'string' && item !== '' ? [item] : []));
}

function readUser(user: ConfigTree, groups: readonly ConfigTree[]): User {
  const text = (key: string): string => textAt(user, key) ?? '';
  const mine = groups.filter((group) => texts(group, 'member').includes(text('uid')));
  // The group `all` holds every user without listing them.
  const effective = groups.filter((group) => mine.includes(group) || textAt(group, 'name') === 'all');
  const privileges = [...new Set([user, ...effective].flatMap((owner) => texts(owner, 'priv')))];
  const isFirst = text('uid') === '0';
  const state = isFirst ? 'active' : stateOf(user, text('expires'));
  const isAdministrator = isFirst || privileges.includes('page-all');
  return {
    name: text('name'),
    description: text('descr'),
    state,
    expires: text('expires') || null,
    groups: mine.map((group) => textAt(group, 'name') ?? ''),
    privileges,
    shell: state === 'active' && (isAdministrator || privileges.includes('user-shell-access')),
    isAdministrator,
    authorizedKeys: Number.parseInt(text('keys'), 10) || 0,
    certificates: texts(user, 'cert').length,
    ipsecKey: text('hasIpsecKey') === 'yes',
  };
}

/** pfSense writes `12/31/2030`; the account ends with that day. */
function stateOf(user: ConfigTree, expires: string): User['state'] {
  if (treeAt(user, 'disabled') !== undefined) return 'disabled';
  const [, month, day, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(expires) ?? [];
  const end =
    year === undefined ? Number.POSITIVE_INFINITY : Date.UTC(Number(year), Number(month) - 1, Number(day) + 1);
  return end <= wallMs() ? 'expired' : 'active';
}

function readGroup(group: ConfigTree, users: readonly ConfigTree[]): z.output<typeof Group> {
  const name = textAt(group, 'name') ?? '';
  const members = users.filter((user) => texts(group, 'member').includes(textAt(user, 'uid') ?? '-'));
  return {
    name,
    description: textAt(group, 'description') ?? '',
    members: name === 'all' ? ['every user'] : members.map((user) => textAt(user, 'name') ?? ''),
    privileges: texts(group, 'priv'),
  };
}

function readServer(server: ConfigTree, authmode: string): z.output<typeof Server> {
  const text = (key: string): string => textAt(server, key) ?? '';
  const method =
    text('type') === 'ldap'
      ? `${text('ldap_urltype')} ${text('ldap_port')}`
      : `${text('radius_protocol')} ${text('radius_auth_port')}`;
  return {
    name: text('name'),
    type: text('type'),
    host: text('host'),
    method: method.trim(),
    forGui: authmode === text('name'),
  };
}
