import { type ConfigTree, listAt, textAt } from '../../../src/config/model.ts';
import { withTree } from '../../../src/config/update.ts';
import { alias, rule, rulesOf, type Scene, schedule } from './scenes.ts';

/** What somebody may do to a firewall; undefined where it is nothing there. */
export type Edit = (scene: Scene) => ConfigTree | undefined;
type Fields = Readonly<Record<string, ConfigTree>>;

const withRules = (config: ConfigTree, rules: readonly ConfigTree[]): ConfigTree =>
  withTree(config, ['filter', 'rule'], rules);
const withAliases = (config: ConfigTree, ...more: ConfigTree[]): ConfigTree =>
  withTree(config, ['aliases', 'alias'], [...listAt(config, 'aliases/alias'), ...more]);
const has = (tracker: string | undefined) => (one: ConfigTree) => textAt(one, 'tracker') === tracker;

function onRule(tracker: string | undefined, edit: (one: ConfigTree) => ConfigTree[]): Edit {
  return ({ base }) => {
    if (!rulesOf(base).some(has(tracker))) return undefined;
    return withRules(
      base,
      rulesOf(base).flatMap((one) => (has(tracker)(one) ? edit(one) : [one])),
    );
  };
}
const onDoor = (fields: Fields | ((scene: Scene) => Fields)): Edit => {
  return (scene) =>
    onRule(scene.door, (one) => [{ ...(one as Fields), ...(typeof fields === 'function' ? fields(scene) : fields) }])(
      scene,
    );
};
const onAlias =
  (name: string, fields: Fields): Edit =>
  ({ base }) =>
    withTree(
      base,
      ['aliases', 'alias'],
      listAt(base, 'aliases/alias').map((one) =>
        textAt(one, 'name') === name ? { ...(one as Fields), ...fields } : one,
      ),
    );
const withoutAlias =
  (name: string): Edit =>
  ({ base }) =>
    withTree(
      base,
      ['aliases', 'alias'],
      listAt(base, 'aliases/alias').filter((one) => textAt(one, 'name') !== name),
    );

type Made = (scene: Scene) => Fields;
/** A new rule on top of the tab by which we come; the anti-lockout rule stands before all of them. */
const onTop =
  (made: Made, ...aliases: ((scene: Scene) => ConfigTree)[]): Edit =>
  (scene) => {
    const fields = { interface: scene.tab, ...made(scene) };
    if (scene.door === undefined) return undefined;
    const config = withAliases(scene.base, ...aliases.map((one) => one(scene)));
    return withRules(config, [rule(fields), ...rulesOf(config)]);
  };
const floating = { floating: 'yes', quick: 'yes', direction: 'in' };
const forward =
  (made: Made, place: 'top' | 'end' = 'top', tab?: string): Edit =>
  (scene) => {
    const usual = { interface: tab ?? scene.tab, ipprotocol: 'inet', protocol: 'tcp', source: { any: '' }, descr: '' };
    const one = { ...usual, target: '10.20.0.7', 'local-port': '22', 'associated-rule-id': '', ...made(scene) };
    const old = listAt(scene.base, 'nat/rule');
    return withTree(scene.base, ['nat', 'rule'], place === 'top' ? [one, ...old] : [...old, one]);
  };

/** Networks, addresses and aliases that we are in. */
const US: readonly [string, Made, ((scene: Scene) => ConfigTree)?][] = [
  ['anybody', () => ({ any: '' })],
  ['our address', ({ client }) => ({ address: client })],
  ['our network', ({ client }) => ({ address: client.replace(/\d+$/, '0/24') })],
  ['a host alias', () => ({ address: 'Hosts' }), ({ client }) => alias('Hosts', `192.0.2.1 ${client}`)],
  [
    'a network alias',
    () => ({ address: 'Nets' }),
    ({ client }) => alias('Nets', client.replace(/\d+$/, '0/25'), 'network'),
  ],
  ['all but others', () => ({ address: '192.0.2.0/24', not: '' })],
  [
    'a table from elsewhere',
    () => ({ address: 'Far' }),
    () => alias('Far', 'https://a.example/x', 'urltable', { url: 'https://a.example/x' }),
  ],
];
const DOORS: readonly [string, Made][] = [
  ['everything', () => ({ protocol: 'any', destination: { any: '' } })],
  ['SSH to the firewall', () => ({ destination: { network: '(self)', port: '22' } })],
  [
    'low ports of this address',
    ({ server }) => ({ protocol: 'tcp/udp', destination: { address: server, port: '1-1024' } }),
  ],
  ['a port alias', () => ({ destination: { any: '', port: 'Ssh' } })],
];

const blocks = US.flatMap(([who, source, more]) =>
  DOORS.flatMap(([what, made]): [string, Edit][] =>
    (['block', 'reject'] as const).map((type) => [
      `${type} ${what} from ${who}`,
      onTop((scene) => ({ type, source: source(scene), ...made(scene) }), ...(more ? [more] : [])),
    ]),
  ),
);

/** Edits that end our session, or may. */
export const CUTS: readonly (readonly [string, Edit])[] = [
  ...blocks.filter((_, index) => index % 3 === 0),
  ['floating block', onTop(() => ({ ...floating, type: 'block', interface: 'wan,lan,openvpn' }))],
  ['floating block of both directions', onTop(() => ({ ...floating, type: 'block', direction: 'any', interface: '' }))],
  [
    'floating reject of us',
    onTop(({ client }) => ({ ...floating, type: 'reject', interface: '', source: { address: client } })),
  ],
  ['block in both families', onTop(() => ({ type: 'block', ipprotocol: 'inet46', protocol: 'any' }))],
  ['door deleted', (scene) => onRule(scene.door, () => [])(scene)],
  ['door disabled', onDoor({ disabled: '' })],
  ['door blocks', onDoor({ type: 'block' })],
  ['door rejects', onDoor({ type: 'reject' })],
  ['door for UDP', onDoor({ protocol: 'udp' })],
  ['door for IPv6', onDoor({ ipprotocol: 'inet6' })],
  ['door elsewhere', onDoor({ interface: 'opt1' })],
  ['door to another port', onDoor({ destination: { network: '(self)', port: '2222' } })],
  ['door to another address', onDoor({ destination: { address: '10.20.0.5', port: '22' } })],
  ['door from others', onDoor({ source: { address: 'Printers' } })],
  ['door from all but us', onDoor(({ client }) => ({ source: { address: client, not: '' } }))],
  ['door from another source port', onDoor({ source: { any: '', port: '1000' } })],
  ['door asleep', onDoor({ sched: 'Never' })],
  ['door through an alias that is not there', onDoor({ source: { address: 'Nothing' } })],
  ['all rules gone', ({ base, door }) => (door ? withRules(base, []) : undefined)],
  [
    'door below the last reject',
    (scene) => {
      const own = rulesOf(scene.base).filter(has(scene.door));
      return own.length === 0
        ? undefined
        : withRules(scene.base, [...rulesOf(scene.base).filter((one) => !own.includes(one)), ...own]);
    },
  ],
  [
    'Printers grow by us',
    (scene) => (scene.door ? onAlias('Printers', { address: `192.168.1.200 ${scene.client}` })(scene) : undefined),
  ],
  [
    'Bad grows by our network',
    (scene) => (scene.door ? onAlias('Bad', { address: scene.client.replace(/\d+$/, '0/24') })(scene) : undefined),
  ],
  [
    'Printers from elsewhere',
    (scene) =>
      scene.door
        ? onAlias('Printers', { type: 'urltable', address: 'https://a.example/y', url: 'https://a.example/y' })(scene)
        : undefined,
  ],
  ...(['Admins', 'Inner', 'Outer', 'Ssh'] as const).flatMap((name): [string, Edit][] => {
    const isUsed = ({ base, door }: Scene): boolean => {
      const text = JSON.stringify(rulesOf(base).filter(has(door)));
      return door !== undefined && (text.includes(`"${name}"`) || (name === 'Inner' && text.includes('"Outer"')));
    };
    const where =
      (edit: Edit): Edit =>
      (scene) =>
        isUsed(scene) ? edit(scene) : undefined;
    return [
      [`${name} deleted`, where(withoutAlias(name))],
      [`${name} emptied`, where(onAlias(name, { address: '' }))],
      [`${name} without us`, where(onAlias(name, { address: name === 'Ssh' ? '2222' : '192.0.2.9' }))],
      [`${name} renamed`, where(onAlias(name, { name: `${name}2` }))],
    ];
  }),
  ['port forward of SSH', forward(({ server }) => ({ destination: { address: server, port: '22' } }))],
  ['port forward of everything', forward(() => ({ destination: { any: '', port: '22' } }))],
  ['port forward of low ports', forward(() => ({ destination: { any: '', port: '20-25' } }))],
  ['port forward of an alias', forward(({ server }) => ({ destination: { address: server, port: 'Ssh' } }))],
  [
    'port forward that passes',
    forward(({ server }) => ({ destination: { address: server, port: '22' }, 'associated-rule-id': 'pass' })),
  ],
  [
    'port forward for us alone',
    forward(({ client }) => ({ source: { address: client }, destination: { any: '', port: '22' } })),
  ],
  ['port forward at the end', forward(({ server }) => ({ destination: { address: server, port: '22' } }), 'end')],
  [
    'anti-lockout off',
    ({ base, door }) => (door ? undefined : withTree(base, ['system', 'webgui', 'noantilockout'], '')),
  ],
  [
    'anti-lockout off, rules gone',
    ({ base, door }) => (door ? undefined : withRules(withTree(base, ['system', 'webgui', 'noantilockout'], ''), [])),
  ],
];

const below =
  (made: Made): Edit =>
  (scene) => {
    const rules = rulesOf(scene.base);
    return withRules(scene.base, [...rules, rule({ interface: scene.tab, ...made(scene) })]);
  };
const elsewhere =
  (fields: Fields): Edit =>
  ({ base, tab }) =>
    withRules(base, [rule({ interface: tab === 'opt1' ? 'wan' : 'opt1', ...fields }), ...rulesOf(base)]);
const set =
  (path: string, value: ConfigTree): Edit =>
  ({ base }) =>
    withTree(base, path.split('/'), value);

/** Edits that our session does not notice. */
export const HARMLESS: readonly (readonly [string, Edit])[] = [
  ['nothing', ({ base }) => base],
  ['a block below', below(() => ({ type: 'block' }))],
  ['a pass below', below(() => ({ destination: { address: '10.20.0.5', port: '443' } }))],
  ['a reject of us below', below(({ client }) => ({ type: 'reject', source: { address: client } }))],
  ['a block on another interface', elsewhere({ type: 'block', protocol: 'any' })],
  ['a pass on another interface', elsewhere({})],
  ['a block from a table on another interface', elsewhere({ type: 'block', source: { address: 'Bad' } })],
  ['a block of another port on top', onTop(() => ({ type: 'block', destination: { any: '', port: '445' } }))],
  ['a block of ports that miss it on top', onTop(() => ({ type: 'block', destination: { any: '', port: '23-1024' } }))],
  ['a block of Web on top', onTop(() => ({ type: 'block', destination: { any: '', port: 'Web' } }))],
  ['a block of UDP on top', onTop(() => ({ type: 'block', protocol: 'udp' }))],
  ['a block of IPv6 on top', onTop(() => ({ type: 'block', ipprotocol: 'inet6' }))],
  ['a block of another source on top', onTop(() => ({ type: 'block', source: { address: '192.168.1.200' } }))],
  ['a block of Printers on top', onTop(() => ({ type: 'block', source: { address: 'Printers' } }))],
  ['a block to another address on top', onTop(() => ({ type: 'block', destination: { address: '10.20.0.5' } }))],
  ['a block of all but us on top', onTop(({ client }) => ({ type: 'block', source: { address: client, not: '' } }))],
  ['a block that sleeps on top', onTop(() => ({ type: 'block', sched: 'Never' }))],
  ['a disabled block on top', onTop(() => ({ type: 'block', disabled: '' }))],
  ['a floating block elsewhere', onTop(() => ({ ...floating, type: 'block', interface: 'opt1' }))],
  [
    'a floating block of what leaves',
    onTop(() => ({ ...floating, type: 'block', direction: 'out', interface: 'opt1' })),
  ],
  [
    'a floating block that is not quick',
    ({ base, door, tab }) =>
      door
        ? withRules(base, [rule({ type: 'block', floating: 'yes', direction: 'in', interface: tab }), ...rulesOf(base)])
        : undefined,
  ],
  ['a pass of everything on top', onTop(() => ({ protocol: 'any' }))],
  ['a pass of us on top', onTop(({ client }) => ({ source: { address: client } }))],
  ['a pass from an alias on top', onTop(() => ({ source: { address: 'Outer' } }))],
  ['door wider', onDoor({ source: { any: '' } })],
  ['door to all ports', onDoor({ destination: { network: '(self)' } })],
  ['door with another description', onDoor({ descr: 'another' })],
  ['door with a log', onDoor({ log: '' })],
  ['door awake', onDoor({ sched: 'Always' })],
  ['block of Printers deleted', onRule('1700000011', () => [])],
  ['block of Bad disabled', onRule('1700000010', (one) => [{ ...(one as Fields), disabled: '' }])],
  [
    'blocks swapped',
    ({ base }) => {
      const rules = rulesOf(base);
      const at = rules.findIndex(has('1700000010'));
      return withRules(base, [...rules.slice(0, at), ...rules.slice(at, at + 2).reverse(), ...rules.slice(at + 2)]);
    },
  ],
  ['last reject deleted', onRule('1700000021', () => [])],
  ['last reject blocks', onRule('1700000021', (one) => [{ ...(one as Fields), type: 'block' }])],
  ['rule of another interface deleted', onRule('1700000030', () => [])],
  ['rule of another interface turned', onRule('1700000031', (one) => [{ ...(one as Fields), type: 'pass' }])],
  ['a new alias', ({ base }) => withAliases(base, alias('New', '192.0.2.5'))],
  [
    'a new URL table',
    ({ base }) =>
      withAliases(base, alias('NewTable', 'https://a.example/z', 'urltable', { url: 'https://a.example/z' })),
  ],
  ['Printers grow', onAlias('Printers', { address: '192.168.1.200 192.168.1.202' })],
  ['Bad grows', onAlias('Bad', { address: '45.9.148.0/24 185.220.101.0/24' })],
  ['Admins grow', onAlias('Admins', { address: '192.168.1.10 198.51.100.77 10.8.0.6 192.0.2.7' })],
  ['Outer grows', onAlias('Outer', { address: 'Inner 10.99.0.0/24 10.98.0.0/24' })],
  ['Ssh grows', onAlias('Ssh', { address: '22 2222 22222' })],
  ['Admins described', onAlias('Admins', { descr: 'people', detail: 'a||b||c' })],
  ['Web shrinks', onAlias('Web', { address: '443' })],
  ['a port forward of another port', forward(() => ({ destination: { any: '', port: '8080' } }))],
  ['a port forward of UDP', forward(() => ({ protocol: 'udp', destination: { any: '', port: '22' } }))],
  [
    'a port forward for others',
    forward(() => ({ source: { address: '192.168.1.200' }, destination: { any: '', port: '22' } })),
  ],
  ['a port forward to another address', forward(() => ({ destination: { address: '203.0.113.99', port: '22' } }))],
  ['a port forward on another interface', forward(() => ({ destination: { any: '', port: '22' } }), 'top', 'opt1')],
  ['no port forward', set('nat/rule', [])],
  [
    'outbound NAT by hand',
    set('nat/outbound', {
      mode: 'hybrid',
      rule: [
        {
          interface: 'wan',
          source: { network: '192.168.1.0/24' },
          destination: { any: '' },
          target: '203.0.113.9',
          descr: '',
        },
      ],
    }),
  ],
  ['no outbound NAT', set('nat/outbound', { mode: 'disabled' })],
  [
    '1:1 NAT of another address',
    set('nat/onetoone', [
      {
        interface: 'wan',
        ipprotocol: 'inet',
        external: '203.0.113.80',
        source: { address: '10.20.0.8' },
        destination: { any: '' },
        descr: '',
      },
    ]),
  ],
  [
    'a new schedule',
    ({ base }) =>
      withTree(base, ['schedules', 'schedule'], [...listAt(base, 'schedules/schedule'), schedule('More', 'always')]),
  ],
  [
    'rules that the anti-lockout rule stands before',
    ({ base, door }) =>
      door === undefined
        ? withRules(base, [rule({ ...floating, type: 'block', interface: '' }), rule({ type: 'block' })])
        : undefined,
  ],
  ['a host name', set('system/hostname', 'fw2')],
  ['a separator', set('filter/separator', { lan: { sep0: { text: 'x', color: 'bg-info', row: 'fr0' } } })],
];
