import type { Here, Row } from './row.ts';

const LIST = 'aliases/alias';
const EDIT = 'firewall_aliases_edit.php';
const SHOWN = ['firewall_aliases.php', { tab: 'all' }] as const;

/** A form for an alias; members as the page has them, with a length and a description. */
function form(name: string, type: string, members: readonly (readonly [string, string, string])[], more = {}) {
  const rows = members.flatMap(([value, length, detail], index) => [
    [`address${index}`, value],
    [`address_subnet${index}`, length],
    [`detail${index}`, detail],
  ]);
  return { save: 'Save', name, type, descr: '', origname: '', ...Object.fromEntries(rows), ...more };
}

const idOf = (here: Here, name: string) => here.place(LIST, 'name', name);

/** Aliases of every kind, one inside another; `p` begins their names. */
export function aliasRows(p: string): Row[] {
  const [hosts, ports, nets] = [`${p}hosts`, `${p}ports`, `${p}nets`];
  const first = ['192.0.2.10', '', ''] as const;
  const second = ['192.0.2.11', '', 'The second'] as const;
  return [
    {
      kind: 'alias.create',
      args: () => ({
        name: hosts,
        type: 'host',
        description: 'One & two',
        members: ['192.0.2.10', { value: '192.0.2.11', description: 'The second' }],
      }),
      touches: [LIST],
      entry: [LIST, 'name', hosts],
      becomes: {
        ...{ name: hosts, type: 'host', address: '192.0.2.10 192.0.2.11', descr: 'One & two' },
        detail: 'ADDED||The second',
      },
      page: [EDIT, () => form(hosts, 'host', [first, second], { descr: 'One & two' })],
      rules: { hold: [new RegExp(`^table <${hosts}> \\{ +192\\.0\\.2\\.10 +192\\.0\\.2\\.11 +\\}`, 'm')] },
      list: [...SHOWN, hosts, true],
    },
    {
      kind: 'alias.create',
      args: () => ({ name: ports, type: 'port', members: ['8080', '9000-9010'] }),
      touches: [LIST],
      entry: [LIST, 'name', ports],
      becomes: { name: ports, type: 'port', address: '8080 9000:9010', descr: '', detail: 'ADDED||ADDED' },
      page: [
        EDIT,
        () =>
          form(ports, 'port', [
            ['8080', '', ''],
            ['9000:9010', '', ''],
          ]),
      ],
      rules: { hold: [new RegExp(`^${ports} = "\\{ +8080 +9000:9010 +\\}"`, 'm')] },
      list: [...SHOWN, ports, true],
    },
    {
      kind: 'alias.create',
      args: () => ({ name: nets, type: 'network', members: ['198.18.4.0/24', '198.18.5.9', hosts] }),
      touches: [LIST],
      entry: [LIST, 'name', nets],
      becomes: {
        ...{ name: nets, type: 'network', address: `198.18.4.0/24 198.18.5.9/32 ${hosts}`, descr: '' },
        detail: 'ADDED||ADDED||ADDED',
      },
      page: [
        EDIT,
        () =>
          form(nets, 'network', [
            ['198.18.4.0', '24', ''],
            ['198.18.5.9', '32', ''],
            [hosts, '', ''],
          ]),
      ],
      rules: {
        hold: [
          new RegExp(`^table <${nets}> \\{ +198\\.18\\.4\\.0/24 +198\\.18\\.5\\.9/32 +192\\.0\\.2\\.10 .*\\}`, 'm'),
        ],
      },
      list: [...SHOWN, nets, true],
    },
    {
      kind: 'alias.add_members',
      args: () => ({ name: hosts, members: ['192.0.2.11', { value: '192.0.2.12', description: 'The third' }] }),
      touches: [LIST],
      entry: [LIST, 'name', hosts],
      becomes: {
        ...{ name: hosts, type: 'host', address: '192.0.2.10 192.0.2.11 192.0.2.12', descr: 'One & two' },
        detail: 'ADDED||The second||The third',
      },
      page: [
        EDIT,
        (here) => ({
          ...form(hosts, 'host', [first, second, ['192.0.2.12', '', 'The third']], { descr: 'One & two' }),
          ...{ id: idOf(here, hosts), origname: hosts },
        }),
      ],
      // The alias around it has the new member as well.
      rules: { hold: [hosts, nets].map((name) => new RegExp(`^table <${name}> .*192\\.0\\.2\\.12\\b`, 'm')) },
    },
    {
      kind: 'alias.remove_members',
      args: () => ({ name: hosts, members: ['192.0.2.11'] }),
      touches: [LIST],
      entry: [LIST, 'name', hosts],
      becomes: {
        ...{ name: hosts, type: 'host', address: '192.0.2.10 192.0.2.12', descr: 'One & two' },
        detail: 'ADDED||The third',
      },
      page: [
        EDIT,
        (here) => ({
          ...form(hosts, 'host', [first, ['192.0.2.12', '', 'The third']], { descr: 'One & two' }),
          ...{ id: idOf(here, hosts), origname: hosts },
        }),
      ],
      rules: { lack: [hosts, nets].map((name) => new RegExp(`^table <${name}> .*192\\.0\\.2\\.11\\b`, 'm')) },
    },
    {
      kind: 'alias.update',
      args: () => ({ name: ports, description: `${p} changed`, members: ['8080', '8443'] }),
      touches: [LIST],
      entry: [LIST, 'name', ports],
      becomes: { name: ports, type: 'port', address: '8080 8443', descr: `${p} changed`, detail: 'ADDED||ADDED' },
      page: [
        EDIT,
        (here) => ({
          ...form(ports, 'port', [
            ['8080', '', ''],
            ['8443', '', ''],
          ]),
          ...{ id: idOf(here, ports), origname: ports, descr: `${p} changed` },
        }),
      ],
      rules: { hold: [new RegExp(`^${ports} = "\\{ +8080 +8443 +\\}"`, 'm')] },
      list: [...SHOWN, `${p} changed`, true],
    },
  ];
}

/** What the other tables leave: an alias that goes by another name, and all of them gone. */
export function aliasEndRows(p: string): Row[] {
  const [hosts, ports, named] = [`${p}hosts`, `${p}ports`, `${p}named`];
  return [named, hosts, ports].map((name) => ({
    kind: 'alias.delete',
    args: () => ({ name }),
    touches: [LIST],
    entry: [LIST, 'name', name],
    becomes: null,
    page: ['firewall_aliases.php', (here) => ({ act: 'del', id: idOf(here, name), tab: 'all' })],
    rules: { lack: [new RegExp(`\\b${name}\\b`)] },
    list: [...SHOWN, name, false],
  }));
}

/** Renames an alias that rules of every kind use. */
export function aliasRenameRow(p: string): Row {
  const [nets, named, hosts] = [`${p}nets`, `${p}named`, `${p}hosts`];
  return {
    kind: 'alias.rename',
    args: () => ({ name: nets, newName: named }),
    touches: [LIST, 'filter/rule', 'nat/rule', 'nat/outbound/rule', 'nat/onetoone'],
    entry: [LIST, 'name', named],
    becomes: {
      ...{ name: named, type: 'network', address: `198.18.4.0/24 198.18.5.9/32 ${hosts}`, descr: '' },
      detail: 'ADDED||ADDED||ADDED',
    },
    page: [
      EDIT,
      (here) => ({
        ...form(named, 'network', [
          ['198.18.4.0', '24', ''],
          ['198.18.5.9', '32', ''],
          [hosts, '', ''],
        ]),
        ...{ id: idOf(here, nets), origname: nets },
      }),
    ],
    rules: { hold: [new RegExp(`^pass .*(?:<|\\$)${named}\\b`, 'm')], lack: [new RegExp(`\\b${nets}\\b`)] },
    list: [...SHOWN, named, true],
  };
}
