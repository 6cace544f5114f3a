import type { ConfigTree } from '../../../src/config/model.ts';
import { deletion, idOf } from './nat-row.ts';
import type { Row } from './row.ts';

/** Port forwards with a filter rule of their own and without; `p` begins all names. */
export function forwardRows(p: string): Row[] {
  const [LIST, EDIT, PAGE] = ['nat/rule', 'firewall_nat_edit.php', 'firewall_nat.php'];
  const [nets, ports, web, ssh] = [`${p}nets`, `${p}ports`, `${p} web`, `${p} ssh`];
  const FORM = {
    ...{ save: 'Save', interface: 'wan', ipprotocol: 'inet', proto: 'tcp', srctype: 'any', src: '', srcmask: '32' },
    ...{ srcbeginport: 'any', srcendport: 'any', dsttype: 'wanip', dst: '', dstmask: '32', localtype: 'single' },
    ...{ natreflection: 'default', descr: '', 'associated-rule-id': '' },
  };
  const webForm = {
    ...{ srctype: 'single', src: nets, dstbeginport: '', dstbeginport_cust: ports, dstendport: '' },
    ...{ dstendport_cust: ports, localip: '192.168.1.60', localbeginport: '', localbeginport_cust: ports },
  };
  const stamps = { created: 'STAMP', updated: 'STAMP' };
  const webRule: Record<string, ConfigTree> = {
    ...{ interface: 'wan', ipprotocol: 'inet', protocol: 'tcp', source: { address: nets } },
    ...{ destination: { network: 'wanip', port: ports }, target: '192.168.1.60', 'local-port': ports },
    ...{ 'associated-rule-id': 'LINK', ...stamps },
  };
  const sshRule: Record<string, ConfigTree> = {
    ...{ interface: 'wan', ipprotocol: 'inet', protocol: 'tcp', source: { any: '' }, target: '192.168.1.61' },
    ...{ destination: { network: 'wanip', port: '2222-2224' }, 'local-port': '22', natreflection: 'purenat' },
    ...{ 'associated-rule-id': '', descr: ssh, ...stamps },
  };
  const toggled = (enabled: boolean): Row => ({
    kind: 'nat_port_forward.toggle',
    args: (here) => ({ id: here.nat('port_forward', `${web} 2`), enabled }),
    touches: [LIST, 'filter/rule'],
    entry: [LIST, 'descr', `${web} 2`],
    becomes: { ...webRule, target: '192.168.1.62', descr: `${web} 2`, ...(enabled ? {} : { disabled: '' }) },
    page: [PAGE, (here) => ({ act: 'toggle', id: idOf(here, 'port_forward', `${web} 2`) })],
    rules: { [enabled ? 'hold' : 'lack']: [/^rdr .*-> +192\.168\.1\.62\b/m, new RegExp(`^pass .*NAT ${web} 2`, 'm')] },
  });
  return [
    {
      kind: 'nat_port_forward.add',
      args: () => ({
        ...{ protocol: 'tcp', source: { address: nets }, destination: { address: 'wanip', port: ports } },
        ...{ target: '192.168.1.60', targetPort: ports, description: web },
      }),
      touches: [LIST, 'filter/rule'],
      entry: [LIST, 'descr', web],
      becomes: { ...webRule, descr: web },
      page: [EDIT, () => ({ ...FORM, ...webForm, descr: web, 'filter-rule-association': 'add-associated' })],
      rules: {
        hold: [
          new RegExp(`^rdr .*(?:<|\\$)${nets}\\b.*port +\\$${ports}\\b.*-> +192\\.168\\.1\\.60\\b`, 'm'),
          new RegExp(`^pass .*(?:<|\\$)${nets}\\b.*192\\.168\\.1\\.60 +port +\\$${ports}\\b.*NAT ${web}`, 'm'),
        ],
      },
      list: [PAGE, {}, web, true],
    },
    {
      kind: 'nat_port_forward.add',
      args: (here) => ({
        ...{ destination: { address: 'wanip', port: '2222-2224' }, target: '192.168.1.61', targetPort: 22 },
        ...{ description: ssh, filterRule: 'none', reflection: 'purenat' },
        position: { before: here.nat('port_forward', web) },
      }),
      touches: [LIST],
      entry: [LIST, 'descr', ssh],
      becomes: sshRule,
      page: [
        EDIT,
        (here) => ({
          ...{ ...FORM, dstbeginport: '2222', dstendport: '2224', localip: '192.168.1.61', localbeginport: '22' },
          ...{ descr: ssh, natreflection: 'purenat', 'filter-rule-association': '' },
          after: String(Number(idOf(here, 'port_forward', web)) - 1),
        }),
      ],
      rules: { hold: [/^rdr .*2222:2224 .*-> +192\.168\.1\.61 +port +22/m] },
      list: [PAGE, {}, ssh, true],
    },
    {
      kind: 'nat_port_forward.update',
      args: (here) => ({ id: here.nat('port_forward', web), target: '192.168.1.62', description: `${web} 2` }),
      touches: [LIST, 'filter/rule'],
      entry: [LIST, 'descr', `${web} 2`],
      becomes: { ...webRule, target: '192.168.1.62', descr: `${web} 2` },
      page: [
        EDIT,
        (here) => ({
          ...{ ...FORM, ...webForm, localip: '192.168.1.62', descr: `${web} 2`, id: idOf(here, 'port_forward', web) },
          'associated-rule-id': here.link(web),
        }),
      ],
      rules: {
        hold: [/^rdr .*-> +192\.168\.1\.62\b/m, new RegExp(`^pass .*192\\.168\\.1\\.62 .*NAT ${web} 2`, 'm')],
        lack: [/192\.168\.1\.60\b/],
      },
      list: [PAGE, {}, `${web} 2`, true],
    },
    {
      kind: 'nat_port_forward.move',
      args: (here) => ({ id: here.nat('port_forward', ssh), position: 'bottom' }),
      touches: [LIST],
      entry: [LIST, 'descr', ssh],
      becomes: sshRule,
      page: [
        PAGE,
        (here) => {
          const [last, all] = [idOf(here, 'port_forward', ssh), here.all(LIST)];
          return { 'order-store': 'Save', rule: [...all.filter((one) => one !== last), last], separator: [] };
        },
      ],
      rules: { hold: [/^rdr [^\n]*192\.168\.1\.62\b(?:.|\n)*^rdr [^\n]*192\.168\.1\.61\b/m] },
    },
    toggled(false),
    toggled(true),
    { ...deletion('port_forward', PAGE, ssh, [LIST]), rules: { lack: [/192\.168\.1\.61\b/] } },
  ];
}

/** The port forward that the alias is renamed in, gone with its rule. */
export function forwardEndRow(p: string): Row {
  const row = deletion('port_forward', 'firewall_nat.php', `${p} web 2`, ['nat/rule', 'filter/rule']);
  return { ...row, rules: { lack: [/192\.168\.1\.62\b/, new RegExp(`NAT ${p} web`)] } };
}
