import { readFileSync } from 'node:fs';
import { type Candidate, candidateOf } from '../../../src/changes/candidate.ts';
import type { Occasion } from '../../../src/changes/kind.ts';
import { KINDS } from '../../../src/changes/kinds/index.ts';
import { type ConfigTree, isList, listAt, textAt, treeAt } from '../../../src/config/model.ts';
import { withTree } from '../../../src/config/update.ts';
import { parseConfigXml } from '../../../src/config/xml.ts';

const LAB = parseConfigXml(
  readFileSync(new URL('../../../fixtures/lab/root/cf/conf/config.xml', import.meta.url), 'utf8'),
);

/** Of the revision that tests take things from. */
export const REVISION = '1794000000';
/** A revision that another version of pfSense wrote. */
export const OTHER_VERSION = '1600000000';

export const OCCASION: Occasion = {
  now: 1_795_000_100,
  by: 'claude (ticket 7)',
  supplies: {
    accounts: {
      privileges: ['user-shell-access', 'page-all', 'page-dashboard-all', 'page-status-services'],
      users: ['root', 'sshd', 'alice'],
      groups: ['wheel', 'sshd', 'support'],
    },
    revisions: new Map([
      [REVISION, past()],
      [OTHER_VERSION, withTree(sample(), ['version'], '9.9')],
    ]),
  },
};

/** The sample before somebody worked on it: rules in another order, aliases that are gone, other settings. */
export function past(): ConfigTree {
  const now = sample();
  const rules = listAt(now, 'filter/rule');
  const extra = { name: 'old_hosts', type: 'host', address: '192.0.2.50', descr: 'Gone since', detail: 'Old' };
  const changes: [string, ConfigTree][] = [
    ['aliases/alias', [extra, ...listAt(now, 'aliases/alias').slice(0, 3)]],
    ['filter/rule', rules.map((rule, index) => (index % 3 === 0 ? { ...Object(rule), descr: 'As it was' } : rule))],
    ['nat/outbound/rule', listAt(now, 'nat/outbound/rule').toReversed()],
    ['syslog/nentries', '77'],
    ['system/hostname', 'before'],
    ['revision/time', REVISION],
  ];
  return changes.reduce((tree, [path, value]) => withTree(tree, path.split('/'), value), now);
}

/** The lab's firewall with a group, more separators, a traffic shaper and aliases in places that pfSense forgets. */
export function sample(): ConfigTree {
  const additions: [string, ConfigTree][] = [
    ['ifgroups/ifgroupentry', [{ ifname: 'Guests', members: 'opt1 opt2', descr: '' }]],
    ['interfaces/opt3/enable', ''],
    ['interfaces/lan/ipaddrv6', '2001:db8:1::1'],
    ['shaper/queue', [{ name: 'wan', queue: [{ name: 'qDefault' }, { name: 'qAck' }] }]],
    [
      'dnshaper/queue',
      [
        { name: 'Down', queue: [{ name: 'DownQ' }], bandwidth: { item: [{ bw: '10', bwsched: 'none' }] } },
        { name: 'Up', queue: [{ name: 'UpQ' }], bandwidth: { item: [{ bw: '10', bwsched: 'opening_hours' }] } },
      ],
    ],
    ['openvpn/openvpn-csc', [{ common_name: 'branch', remote_network: '10.99.0.0/24, trusted' }]],
    [
      'filter/rule',
      [
        ...listAt(LAB, 'filter/rule'),
        ...['1700000101', '1700000102', '1700000103'].map((tracker) => ({
          id: '',
          tracker,
          type: 'pass',
          interface: 'Guests',
          ipprotocol: 'inet',
          source: { any: '' },
          destination: { address: 'trusted' },
          descr: `Group rule ${tracker}`,
          // Written by a later version, or by a package.
          label: 'kept',
        })),
      ],
    ],
    [
      'filter/separator/guests',
      { sep0: separator(0, 'First'), sep1: separator(2, 'Third'), sep2: separator(3, 'End') },
    ],
    ['filter/separator/lan', { sep0: separator(1, 'Below the first'), sep1: separator(2, 'Below the second') }],
  ];
  return additions.reduce((tree, [path, value]) => withTree(tree, path.split('/'), value), LAB);
}

function separator(row: number, text: string): ConfigTree {
  return { row: [`fr${row}`], text, color: 'bg-info', if: 'lan' };
}

export function change(config: ConfigTree, kind: string, args: Record<string, unknown>): ConfigTree {
  return candidate(config, kind, args).config;
}

export function candidate(config: ConfigTree, kind: string, args: Record<string, unknown>): Candidate {
  return candidateOf(config, [{ kind, args }], KINDS, OCCASION);
}

export function ruleWith(config: ConfigTree, key: string, value: string, list = 'filter/rule'): ConfigTree | undefined {
  return listAt(config, list).find((rule) => textAt(rule, key) === value);
}

/** Trackers of a tab in its order. */
export function trackersOn(config: ConfigTree, tab: string): string[] {
  return listAt(config, 'filter/rule')
    .filter((rule) => (treeAt(rule, 'floating') === undefined ? textAt(rule, 'interface') : 'floating') === tab)
    .map((rule) => textAt(rule, 'tracker') ?? '');
}

/** Rules and separators of a tab, as the GUI shows them. */
export function pageOf(config: ConfigTree, tab: string): string[] {
  const key = tab === 'floating' ? 'floatingrules' : tab.toLowerCase();
  const section = treeAt(config, `filter/separator/${key}`) ?? '';
  const separators = typeof section === 'string' || isList(section) ? [] : Object.values(section);
  const trackers = trackersOn(config, tab);
  const rows = [...trackers, ''].flatMap((tracker, place) => [
    ...separators.filter((one) => textAt(one, 'row/0') === `fr${place}`).map((one) => `# ${textAt(one, 'text')}`),
    tracker,
  ]);
  return rows.filter((row) => row !== '');
}
