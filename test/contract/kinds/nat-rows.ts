import type { ConfigTree } from '../../../src/config/model.ts';
import { forwardRows } from './forward-rows.ts';
import { deletion, idOf } from './nat-row.ts';
import type { Row } from './row.ts';

/** Port forwards, outbound, 1:1 and NPt rules; `p` begins all names. */
export function natRows(p: string): Row[] {
  return [...forwardRows(p), ...outboundRows(p), ...oneToOneRows(p), ...nptRows(p)];
}

function outboundRows(p: string): Row[] {
  const [LIST, EDIT, PAGE] = ['nat/outbound/rule', 'firewall_nat_out_edit.php', 'firewall_nat_out.php'];
  const out = `${p} out`;
  const form = {
    ...{ save: 'Save', interface: 'wan', ipprotocol: 'inet', protocol: 'tcp', source_type: 'network', descr: out },
    ...{ source: '10.55.0.0', source_subnet: '16', sourceport: '', destination_type: 'network', dstport: '443' },
    ...{ destination: `${p}nets`, destination_subnet: '32', target_type: 'wanip', target: '', target_subnet: '32' },
    ...{ natport: '', poolopts: '', source_hash_key: '' },
  };
  const rule: Record<string, ConfigTree> = {
    ...{ source: { network: '10.55.0.0/16' }, sourceport: '', descr: out, target: 'wanip', target_subnet: '' },
    ...{ interface: 'wan', poolopts: '', source_hash_key: '', ipprotocol: 'inet', protocol: 'tcp' },
    ...{ destination: { network: `${p}nets` }, dstport: '443', created: 'STAMP', updated: 'STAMP' },
  };
  return [
    modeRow('disabled'),
    modeRow('hybrid'),
    {
      kind: 'nat_outbound.add',
      args: () => ({
        ...{ family: 'inet', protocol: 'tcp', source: { address: '10.55.0.0/16' }, description: out },
        destination: { address: `${p}nets`, port: 443 },
      }),
      touches: [LIST],
      entry: [LIST, 'descr', out],
      becomes: rule,
      page: [EDIT, () => form],
      rules: { hold: [new RegExp(`^nat .*10\\.55\\.0\\.0/16 .*(?:<|\\$)${p}nets\\b.* port +443 .*->`, 'm')] },
      list: [PAGE, {}, out, true],
    },
    {
      kind: 'nat_outbound.update',
      args: (here) => ({ id: here.nat('outbound', out), staticPort: true, source: { address: '10.56.0.0/16' } }),
      touches: [LIST],
      entry: [LIST, 'descr', out],
      becomes: { ...rule, source: { network: '10.56.0.0/16' }, staticnatport: '' },
      page: [EDIT, (here) => ({ ...form, source: '10.56.0.0', staticnatport: 'yes', id: idOf(here, 'outbound', out) })],
      rules: { hold: [/^nat .*10\.56\.0\.0\/16 .*static-port/m], lack: [/^nat .*10\.55\.0\.0\/16/m] },
    },
  ];
}

/** The outbound rule gone and the mode as pfSense has it first. */
export function outboundEndRows(p: string): Row[] {
  const page = 'firewall_nat_out.php';
  return [
    { ...deletion('outbound', page, `${p} out`, ['nat/outbound/rule']), rules: { lack: [/^nat .*10\.56\.0\.0\/16/m] } },
    modeRow('automatic'),
  ];
}

function modeRow(mode: string): Row {
  return {
    kind: 'nat_outbound.set_mode',
    args: () => ({ mode }),
    touches: ['nat/outbound/mode'],
    entry: ['nat/outbound/rule', 'descr', ''],
    becomes: null,
    page: ['firewall_nat_out.php', () => ({ save: 'Save', mode })],
  };
}

function oneToOneRows(p: string): Row[] {
  const [LIST, EDIT, PAGE] = ['nat/onetoone', 'firewall_nat_1to1_edit.php', 'firewall_nat_1to1.php'];
  const mail = `${p} mail`;
  const form = {
    ...{ save: 'Save', interface: 'wan', ipprotocol: 'inet', exttype: 'single', external: '198.51.100.77' },
    ...{ srctype: 'single', src: '192.168.1.70', srcmask: '32', dsttype: 'single', dst: `${p}nets`, dstmask: '32' },
    ...{ descr: mail, natreflection: 'default' },
  };
  const rule: Record<string, ConfigTree> = {
    ...{ external: '198.51.100.77', descr: mail, interface: 'wan', ipprotocol: 'inet' },
    ...{ source: { address: '192.168.1.70' }, destination: { address: `${p}nets` } },
  };
  return [
    {
      kind: 'nat_one_to_one.add',
      args: () => ({
        ...{ external: '198.51.100.77', source: { address: '192.168.1.70' }, destination: { address: `${p}nets` } },
        description: mail,
      }),
      touches: [LIST],
      entry: [LIST, 'descr', mail],
      becomes: rule,
      page: [EDIT, () => form],
      rules: { hold: [new RegExp(`^binat .*192\\.168\\.1\\.70\\b.*(?:<|\\$)${p}nets\\b.*198\\.51\\.100\\.77`, 'm')] },
      list: [PAGE, {}, mail, true],
    },
    {
      kind: 'nat_one_to_one.update',
      args: (here) => ({ id: here.nat('one_to_one', mail), external: '198.51.100.78', reflection: 'enable' }),
      touches: [LIST],
      entry: [LIST, 'descr', mail],
      becomes: { ...rule, external: '198.51.100.78', natreflection: 'enable' },
      page: [
        EDIT,
        (here) => ({ ...form, external: '198.51.100.78', natreflection: 'enable', id: idOf(here, 'one_to_one', mail) }),
      ],
      rules: { hold: [/^binat .*198\.51\.100\.78/m], lack: [/198\.51\.100\.77/] },
      list: [PAGE, {}, '198.51.100.78', true],
    },
  ];
}

/** The 1:1 rule gone. */
export function oneToOneEndRow(p: string): Row {
  const row = deletion('one_to_one', 'firewall_nat_1to1.php', `${p} mail`, ['nat/onetoone']);
  return { ...row, rules: { lack: [/198\.51\.100\.78/] } };
}

function nptRows(p: string): Row[] {
  const [LIST, EDIT, PAGE] = ['nat/npt', 'firewall_nat_npt_edit.php', 'firewall_nat_npt.php'];
  const prefix = `${p} prefix`;
  const form = {
    ...{ save: 'Save', interface: 'wan', src: 'fd00:55::', srcmask: '64', dsttype: 'network', dst: '2001:db8:55::' },
    ...{ dstmask: '64', descr: prefix },
  };
  const rule: Record<string, ConfigTree> = {
    ...{ descr: prefix, interface: 'wan', source: { address: 'fd00:55::/64' } },
    destination: { address: '2001:db8:55::/64' },
  };
  return [
    {
      kind: 'nat_npt.add',
      args: () => ({ source: 'fd00:55::/64', destination: '2001:db8:55::/64', description: prefix }),
      touches: [LIST],
      entry: [LIST, 'descr', prefix],
      becomes: rule,
      page: [EDIT, () => form],
      rules: { hold: [/^binat .*fd00:55::\/64 .*2001:db8:55::\/64/m] },
      list: [PAGE, {}, prefix, true],
    },
    {
      kind: 'nat_npt.update',
      args: (here) => ({ id: here.nat('npt', prefix), destination: '2001:db8:56::/64' }),
      touches: [LIST],
      entry: [LIST, 'descr', prefix],
      becomes: { ...rule, destination: { address: '2001:db8:56::/64' } },
      page: [EDIT, (here) => ({ ...form, dst: '2001:db8:56::', id: idOf(here, 'npt', prefix) })],
      rules: { hold: [/^binat .*fd00:55::\/64 .*2001:db8:56::\/64/m], lack: [/2001:db8:55::/] },
      list: [PAGE, {}, '2001:db8:56::', true],
    },
    { ...deletion('npt', PAGE, prefix, [LIST]), rules: { lack: [/fd00:55::/] } },
  ];
}
