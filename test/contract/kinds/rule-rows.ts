import type { ConfigTree } from '../../../src/config/model.ts';
import type { Here, Row } from './row.ts';
import { scheduleEndRow, scheduleRows } from './schedule-rows.ts';

const LIST = 'filter/rule';
const EDIT = 'firewall_rules_edit.php';
const PAGE = 'firewall_rules.php';
const TAB = { if: 'lan' };

const idOf = (here: Here, description: string) => here.place(LIST, 'descr', description);

/** The form of a rule on LAN as the page has it before anything is chosen. */
const FORM = {
  ...{ save: 'Save', if: 'lan', interface: 'lan', type: 'pass', ipprotocol: 'inet', proto: 'tcp', descr: '' },
  ...{ srctype: 'any', src: '', srcmask: '32', srcbeginport: 'any', srcendport: 'any' },
  ...{ dsttype: 'any', dst: '', dstmask: '32', dstbeginport: 'any', dstendport: 'any' },
  ...{ tag: '', tagged: '', max: '', 'max-src-nodes': '', 'max-src-conn': '', 'max-src-states': '', statetimeout: '' },
  ...{ statetype: 'keep state', statepolicy: '', os: '', gateway: '', sched: '', dscp: '', vlanprio: '' },
  ...{ vlanprioset: '', defaultqueue: '', ackqueue: '', dnpipe: '', pdnpipe: '', 'max-src-conn-rate': '' },
  'max-src-conn-rates': '',
};

/** A rule as it is written, with the texts that stay empty. */
function rule(more: Record<string, ConfigTree>): ConfigTree {
  return {
    ...{ id: '', tracker: 'TRACKER', type: 'pass', interface: 'lan', ipprotocol: 'inet', tag: '', tagged: '' },
    ...{ max: '', 'max-src-nodes': '', 'max-src-conn': '', 'max-src-states': '', statetimeout: '' },
    ...{ statetype: 'keep state', statepolicy: '', os: '', source: { any: '' }, destination: { any: '' } },
    ...{ created: 'STAMP', updated: 'STAMP', ...more },
  };
}

/** Schedules, rules and separators; `p` begins all names. */
export function ruleRows(p: string): Row[] {
  const [nets, ports, hours, main, other] = [`${p}nets`, `${p}ports`, `${p}hours`, `${p} main`, `${p} other`];
  const logged = `${p} main logged`;
  const line = (text: string) => new RegExp(`^pass .*${text}`, 'm');
  const ends = {
    protocol: 'tcp',
    source: { network: 'lan' },
    destination: { address: nets, port: ports },
  };
  const endForm = {
    ...{ srctype: 'lan', dsttype: 'single', dst: nets },
    ...{ dstbeginport: '', dstbeginport_cust: ports, dstendport: '', dstendport_cust: ports },
  };
  return [
    ...scheduleRows(hours),
    {
      kind: 'firewall_rule.add',
      args: () => ({
        ...{ interface: 'lan', protocol: 'tcp', source: { address: 'lan' }, description: main },
        destination: { address: nets, port: ports },
      }),
      touches: [LIST],
      entry: [LIST, 'descr', main],
      becomes: rule({ ...ends, descr: main }),
      page: [EDIT, () => ({ ...FORM, ...endForm, descr: main })],
      rules: { hold: [line(`(?:<|\\$)${nets}\\b.*port +\\$${ports}\\b.*${main}`)] },
      list: [PAGE, TAB, main, true],
    },
    {
      kind: 'firewall_rule.add',
      args: (here) => ({
        ...{ type: 'block', interface: 'lan', protocol: 'udp', description: other, log: true },
        ...{ source: { address: '192.168.1.77' }, destination: { address: '198.18.7.0/24', port: '500-600' } },
        position: { before: here.tracker(main) },
      }),
      touches: [LIST],
      entry: [LIST, 'descr', other],
      becomes: rule({
        ...{ type: 'block', protocol: 'udp', log: '', descr: other },
        ...{ source: { address: '192.168.1.77' }, destination: { address: '198.18.7.0/24', port: '500-600' } },
      }),
      page: [
        EDIT,
        (here) => ({
          ...{ ...FORM, type: 'block', proto: 'udp', descr: other, log: 'yes', srctype: 'single', src: '192.168.1.77' },
          ...{ dsttype: 'network', dst: '198.18.7.0', dstmask: '24', dstbeginport: '500', dstendport: '600' },
          after: String(Number(idOf(here, main)) - 1),
        }),
      ],
      rules: { hold: [new RegExp(`^block .*198\\.18\\.7\\.0/24 .*(?:500:600|499 >< 601).*${other}`, 'm')] },
      list: [PAGE, TAB, other, true],
    },
    {
      kind: 'firewall_rule.update',
      args: (here) => ({
        ...{
          tracker: here.tracker(main),
          description: logged,
          log: true,
          schedule: hours,
          advanced: { maxStates: 77 },
        },
      }),
      // pfSense looks at schedules by a job of cron.
      touches: [LIST, 'cron'],
      entry: [LIST, 'descr', logged],
      becomes: rule({ ...ends, descr: logged, log: '', sched: hours, max: '77' }),
      page: [
        EDIT,
        (here) => ({
          ...{ ...FORM, ...endForm, id: idOf(here, main), tracker: here.tracker(main) },
          ...{ descr: logged, log: 'yes', sched: hours, max: '77' },
        }),
      ],
      rules: { hold: [line(`(?:<|\\$)${nets}\\b.*${logged}`)] },
      list: [PAGE, TAB, logged, true],
    },
    {
      kind: 'firewall_rule.move',
      args: (here) => ({ tracker: here.tracker(other), position: 'bottom' }),
      touches: [LIST],
      entry: [LIST, 'descr', other],
      becomes: rule({
        ...{ type: 'block', protocol: 'udp', log: '', descr: other },
        ...{ source: { address: '192.168.1.77' }, destination: { address: '198.18.7.0/24', port: '500-600' } },
      }),
      page: [
        PAGE,
        (here) => {
          const moved = idOf(here, other);
          const rest = here.places('lan').filter((one) => one !== moved);
          return { ...TAB, 'order-store': 'Save', rule: [...rest, moved], separator: [] };
        },
      ],
      rules: { hold: [new RegExp(`^pass [^\\n]*${logged}[^]*^block [^\\n]*${other}`, 'm')] },
    },
    ...[false, true].map(
      (enabled): Row => ({
        kind: 'firewall_rule.toggle',
        args: (here) => ({ tracker: here.tracker(other), enabled }),
        touches: [LIST],
        entry: [LIST, 'descr', other],
        becomes: rule({
          ...{ type: 'block', protocol: 'udp', log: '', descr: other, ...(enabled ? {} : { disabled: '' }) },
          ...{ source: { address: '192.168.1.77' }, destination: { address: '198.18.7.0/24', port: '500-600' } },
        }),
        page: [PAGE, (here) => ({ ...TAB, act: 'toggle', id: idOf(here, other) })],
        rules: { [enabled ? 'hold' : 'lack']: [new RegExp(`^block .*${other}`, 'm')] },
      }),
    ),
    ...separatorRows(`${p} heading`, logged),
  ];
}

function separatorRows(text: string, above: string): Row[] {
  const at = 'filter/separator/lan';
  const row = (here: Here) => here.places('lan').indexOf(idOf(here, above));
  const order = (here: Here, separator: readonly Record<string, unknown>[]) => ({
    ...{ ...TAB, 'order-store': 'Save', rule: here.places('lan'), separator },
  });
  return [
    {
      kind: 'firewall_separator.add',
      args: (here) => ({ tab: 'lan', text, color: 'warning', above: here.tracker(above) }),
      touches: ['filter/separator'],
      entry: [at, 'text', text],
      becomes: null,
      page: [PAGE, (here) => order(here, [{ row: [`fr${row(here)}`], text, color: 'bg-warning', if: 'lan' }])],
      list: [PAGE, TAB, text, true],
    },
    {
      kind: 'firewall_separator.delete',
      args: () => ({ tab: 'lan', text }),
      touches: ['filter/separator'],
      entry: [at, 'text', text],
      becomes: null,
      page: [PAGE, (here) => order(here, [])],
      list: [PAGE, TAB, text, false],
    },
  ];
}

/** Rules and schedules gone. */
export function ruleEndRows(p: string): Row[] {
  const [hours, other, logged] = [`${p}hours`, `${p} other`, `${p} main logged`];
  return [
    ...[other, logged].map(
      (description): Row => ({
        kind: 'firewall_rule.delete',
        args: (here) => ({ tracker: here.tracker(description) }),
        touches: [LIST, 'cron'],
        entry: [LIST, 'descr', description],
        becomes: null,
        page: [PAGE, (here) => ({ ...TAB, act: 'del', id: idOf(here, description) })],
        rules: { lack: [new RegExp(description)] },
        list: [PAGE, TAB, description, false],
      }),
    ),
    scheduleEndRow(hours),
  ];
}
