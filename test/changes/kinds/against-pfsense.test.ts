import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { candidateOf } from '../../../src/changes/candidate.ts';
import { inOrder, rulesOf } from '../../../src/changes/kinds/firewall_rule/list.ts';
import { KINDS } from '../../../src/changes/kinds/index.ts';
import { type ConfigTree, isList, listAt, textAt, treeAt } from '../../../src/config/model.ts';
import { type NatKind, natIds, natPath } from '../../../src/config/nat-identity.ts';
import { withTree } from '../../../src/config/update.ts';
import { parseConfigXml } from '../../../src/config/xml.ts';
import { afterOf, aliasPost, forwardPost, indexIn, nptPost, oneToOnePost, outboundPost } from './pfsense-posts.ts';
import { type Request, requestsOn } from './requests.ts';
import { OCCASION, sample } from './sample.ts';

/** A firewall with pfSense's own code: the file names the command that runs another one on it. */
const TARGET = process.env['PFSENSE_TARGET'];
const RUNS = Number(process.env['KINDS_RUNS'] ?? 25);
const SECTIONS = ['aliases', 'filter', 'nat', 'schedules', 'staticroutes', 'openvpn'] as const;
const PROGRAM = readFileSync(new URL('pfsense-functions.php', import.meta.url), 'utf8');

interface Call {
  readonly request: Request;
  readonly ours: ConfigTree;
  readonly case: Record<string, unknown>;
}

describe.skipIf(TARGET === undefined)("pfSense's own functions come to the same", () => {
  const command: string[] = TARGET === undefined ? [] : JSON.parse(readFileSync(TARGET, 'utf8')).inspect;

  test.each([
    ['rules', ['alias.create', 'alias.update', 'alias.rename', 'alias.delete', 'schedule.delete']],
    ['rules', ['firewall_rule.add', 'firewall_rule.delete']],
    [
      'rules',
      ['nat_port_forward.add', 'nat_port_forward.update', 'nat_port_forward.delete', 'nat_port_forward.toggle'],
    ],
    ['outbound', ['nat_outbound.add', 'nat_outbound.update']],
    ['one_to_one', ['nat_one_to_one.add', 'nat_one_to_one.update']],
    ['npt', ['nat_npt.add', 'nat_npt.update']],
  ])(
    '%s: %j',
    async (group, kinds) => {
      const base = await baseOf(command);
      const calls = kinds.flatMap((kind) => callsFor(base, kind));
      const cases = calls.map((call) => call.case);
      const input = { group, base, cases: cases.map((one) => ({ before: {}, ...one })) };
      const program = PROGRAM.replace('(INPUT)', `('${Buffer.from(JSON.stringify(input)).toString('base64')}')`);
      const output = await run([...command, '/usr/local/bin/php'], program);
      const line = output.split('\n').find((one) => one.startsWith('ANSWER '));
      expect(line, output.slice(-2000)).toBeDefined();
      const answers: { errors: string[]; after: Record<string, ConfigTree> }[] = JSON.parse(line?.slice(7) ?? '[]');
      const differing = calls.flatMap(({ request, ours }, index) => {
        const { errors = [], after = {} } = answers[index] ?? {};
        const [wanted, own] = [sorted(after), sorted(ours)].map((tree) =>
          Object.fromEntries(SECTIONS.map((name) => [name, plain(treeAt(tree, name) ?? '')])),
        );
        return errors.length === 0 && JSON.stringify(wanted) === JSON.stringify(own)
          ? []
          : [{ request, errors, wanted, own }];
      });
      process.stdout.write(`${kinds.join(', ')}: ${calls.length} cases, ${differing.length} differ\n`);
      for (const { request, errors, wanted, own } of differing.slice(0, 3)) {
        expect({ request, errors: [], sections: own }).toEqual({ request, errors, sections: wanted });
      }
      expect(calls.length).toBeGreaterThan(kinds.length * 4);
    },
    300_000,
  );
});

async function baseOf(command: readonly string[]): Promise<ConfigTree> {
  const box = parseConfigXml(await run([...command, '/bin/cat', '/cf/conf/config.xml'], ''));
  const ours = sample();
  const own = [
    'aliases',
    'filter',
    'nat',
    'schedules',
    'ifgroups',
    'openvpn',
    'staticroutes',
    'virtualip',
    'dnshaper',
  ].reduce((tree, name) => withTree(tree, [name], treeAt(ours, name) ?? ''), box);
  const wired = ['opt1', 'opt2', 'opt3'].reduce(
    (tree, key, index) =>
      withTree(tree, ['interfaces', key], {
        enable: '',
        if: `vtnet${index + 2}`,
        descr: key.toUpperCase(),
        ipaddr: `203.0.113.${index * 64 + 1}`,
        subnet: '26',
      }),
    own,
  );
  const addressed = withTree(
    wired,
    ['virtualip', 'vip'],
    [
      ...listAt(wired, 'virtualip/vip'),
      {
        mode: 'ipalias',
        interface: 'opt3',
        uniqid: '65f0a1b2c3a02',
        type: 'single',
        subnet: '203.0.113.11',
        subnet_bits: '32',
      },
    ],
  );
  // pfSense's pages complete what older versions left out whenever they save a rule.
  const complete = withTree(
    withTree(
      addressed,
      ['nat', 'rule'],
      listAt(addressed, 'nat/rule').map((rule) => ({ ...Object(rule), ipprotocol: 'inet' })),
    ),
    ['nat', 'outbound', 'rule', 1, 'destination', 'network'],
    '198.51.100.200/32',
  );
  // pfSense renames no alias among several networks of a VPN.
  const plainVpn = withTree(
    complete,
    ['openvpn', 'openvpn-csc'],
    [{ common_name: 'branch', remote_network: 'trusted' }],
  );
  // With this entry loading the rules makes pfSense write nothing, so that no other process writes meanwhile.
  const cron = {
    minute: '0,15,30,45',
    hour: '*',
    mday: '*',
    month: '*',
    wday: '*',
    who: 'root',
    command: '/etc/rc.filter_configure_sync',
  };
  const scheduled = withTree(plainVpn, ['cron', 'item'], [...listAt(plainVpn, 'cron/item'), cron]);
  const gateways = withTree(scheduled, ['gateways'], treeAt(ours, 'gateways') ?? '');
  return withTree(
    withTree(gateways, ['system', 'enablenatreflectionpurenat'], 'yes'),
    ['filter', 'rule'],
    inOrder(rulesOf(gateways)),
  );
}

/** Requests that we accept and that change something, with the call that makes pfSense do the same. */
function callsFor(base: ConfigTree, kind: string): Call[] {
  return fc
    .sample(requestsOn(base, kind), { numRuns: RUNS * 4, seed: 7 })
    .flatMap((request) => {
      try {
        const ours = candidateOf(base, [request], KINDS, OCCASION).config;
        const call = ours === base ? undefined : callOf(base, ours, request);
        return call === undefined ? [] : [{ request, ours, case: call }];
      } catch {
        return [];
      }
    })
    .slice(0, RUNS);
}

function callOf(base: ConfigTree, ours: ConfigTree, { kind, args }: Request): Record<string, unknown> | undefined {
  const [family = '', verb = ''] = kind.split('.');
  const natKind = (
    {
      nat_port_forward: 'port_forward',
      nat_outbound: 'outbound',
      nat_one_to_one: 'one_to_one',
      nat_npt: 'npt',
    } as const
  )[family];
  if (natKind !== undefined) return natCall(base, ours, natKind, verb, args);
  if (family === 'alias') return aliasCall(base, ours, verb, args);
  if (family === 'schedule')
    return { call: 'deleteSchedule', id: indexIn(base, 'schedules/schedule', 'name', args['name']) };
  const index = (tracker: unknown): number => indexIn(base, 'filter/rule', 'tracker', tracker);
  if (verb === 'delete') {
    const rule = listAt(base, 'filter/rule')[index(args['tracker'])] ?? '';
    // The page's own function that blanks the forward cannot be called, and this version's bug with groups is known.
    if ((textAt(rule, 'associated-rule-id') ?? '') !== '' || textAt(rule, 'interface') === 'Guests') return undefined;
    return { call: 'deleteRule', id: index(args['tracker']), tab: tabOf(rule) };
  }
  const rule = listAt(ours, 'filter/rule').find((one) => textAt(one, 'tracker') === String(OCCASION.now)) ?? '';
  if (textAt(rule, 'interface') === 'Guests') return undefined;
  const after = afterOf(args['position'], index);
  // In front of the first rule of a tab is its top.
  const above =
    after === undefined || after < 0
      ? after
      : tabOf(listAt(base, 'filter/rule')[after] ?? '') === tabOf(rule)
        ? after
        : -1;
  return { call: 'insertRule', post: rule, after: above ?? null, tab: tabOf(rule) };
}

function tabOf(rule: ConfigTree): string {
  return treeAt(rule, 'floating') === undefined ? (textAt(rule, 'interface') ?? '') : 'floatingrules';
}

function aliasCall(
  base: ConfigTree,
  ours: ConfigTree,
  verb: string,
  args: Record<string, unknown>,
): Record<string, unknown> | undefined {
  const index = indexIn(base, 'aliases/alias', 'name', args['name']);
  if (verb === 'delete') return { call: 'deleteAlias', id: index };
  const alias =
    listAt(ours, 'aliases/alias').find((one) => textAt(one, 'name') === (args['newName'] ?? args['name'])) ?? '';
  // Lists are fetched by the page when it saves.
  if (textAt(alias, 'type')?.startsWith('url')) return undefined;
  const details = (textAt(alias, 'detail') ?? '').split('||');
  const stored = (textAt(alias, 'address') ?? '')
    .split(' ')
    .map((value, at) => ({ value, description: details[at] ?? '' }));
  const isPlain = verb === 'create' && listAt(Object(args), 'members').length > 0;
  const members = isPlain ? listAt(Object(args), 'members') : stored;
  const post = aliasPost(alias, members, verb === 'create' ? '' : String(args['name']));
  return { call: 'saveAlias', post, id: index < 0 ? null : index };
}

function natCall(
  base: ConfigTree,
  ours: ConfigTree,
  kind: NatKind,
  verb: string,
  args: Record<string, unknown>,
): Record<string, unknown> {
  const [before, after] = [listAt(base, natPath(kind)), listAt(ours, natPath(kind))];
  const index = natIds(base, kind).indexOf(String(args['id']));
  const save = {
    port_forward: 'saveNATrule',
    outbound: 'saveoutNATrule',
    one_to_one: 'save1to1NATrule',
    npt: 'savenptNATrule',
  }[kind];
  if (verb === 'delete') return { call: 'deleteNATrule', id: index };
  if (verb === 'toggle') return { call: 'toggleNATrule', id: index };
  const isNew = verb === 'add';
  const rule = isNew ? (after.find((one) => !before.includes(one)) ?? '') : (after[index] ?? '');
  const post = {
    port_forward: () => forwardPost(rule, isNew ? undefined : before[index]),
    outbound: () => outboundPost(rule),
    one_to_one: () => oneToOnePost(rule),
    npt: () => nptPost(rule),
  }[kind]();
  const place = afterOf(args['position'], (id) => natIds(base, kind).indexOf(id));
  return {
    call: save,
    post: isNew && place !== undefined ? { ...post, after: place } : post,
    id: isNew ? null : index,
  };
}

/** Without stamps, trackers, ids and empty values; `Entry added` is the time of saving. */
function plain(tree: ConfigTree): unknown {
  if (typeof tree !== 'object' || tree === null) return String(tree ?? '').replace(/Entry added [^|]*/g, 'ADDED');
  if (isList(tree)) return tree.map(plain);
  return Object.fromEntries(
    Object.entries(tree)
      .filter(([key]) => !['created', 'updated', 'tracker', 'id', 'statetype'].includes(key))
      .map(([key, value]): [string, unknown] => [
        key,
        key === 'detail'
          ? details(String(value))
          : key === 'associated-rule-id'
            ? String(value).replace(/^nat_.*/, 'LINK')
            : isFlag(key)
              ? 'set'
              : plain(value),
      ])
      .filter(([, value]) => value !== '' && JSON.stringify(value) !== '{}' && JSON.stringify(value) !== '[]')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Saving an alias anew, pfSense writes the time to members without a description. */
function details(text: string): string {
  const parts = text.split('||').map((one) => (one === '' || one.startsWith('Entry added') ? 'ADDED' : one));
  return parts.every((one) => one === 'ADDED') ? 'ADDED' : parts.join('||');
}

/** 2.7 puts rules of port forwards at the very end and sorts when somebody opens the page. */
function sorted(tree: ConfigTree): ConfigTree {
  return withTree(tree, ['filter', 'rule'], inOrder(rulesOf(tree)));
}

function isFlag(key: string): boolean {
  return [
    'any',
    'not',
    'disabled',
    'log',
    'nordr',
    'nonat',
    'staticnatport',
    'quick',
    'nobinat',
    'allowopts',
    'nosync',
  ].includes(key);
}

function run([program = '', ...args]: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(String(chunk)));
    child.on('error', reject);
    child.on('close', () => resolve(chunks.join('')));
    child.stdin.end(input);
  });
}
