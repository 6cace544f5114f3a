import fc from 'fast-check';
import type { ConfigSection } from '../../src/config/model.ts';
import { flag, PORTS, type Stage, section, sometimes } from './gen-network.ts';

export function system({ has6 }: Stage): fc.Arbitrary<ConfigSection> {
  return fc
    .record({
      ipv6allow: has6 ? flag(85) : flag(50),
      disablefilter: flag(2),
      disablereplyto: flag(10),
      skip_rules_gw_down: flag(30),
      disablenegate: flag(20),
      disablenatreflection: fc.constantFrom('yes', 'yes', undefined),
      webgui: webgui,
      ssh: sometimes(60, fc.record({ enable: fc.constant('enabled'), port: fc.constantFrom('', '2222') })),
    })
    .map(({ disablenatreflection, ...rest }) =>
      section({
        optimization: 'normal',
        hostname: 'fw',
        domain: 'example.net',
        timezone: 'Etc/UTC',
        maximumtableentries: '400000',
        disablenatreflection,
        enablenatreflectionpurenat: disablenatreflection === undefined ? 'yes' : undefined,
        ...rest,
      }),
    );
}

const webgui = fc
  .record({
    protocol: fc.constantFrom('http', 'https'),
    port: fc.constantFrom('', '8443'),
    noantilockout: flag(40),
    disablehttpredirect: flag(30),
  })
  .map(section);

export function interfaces({ interfaces, has6 }: Stage): fc.Arbitrary<ConfigSection> {
  const each = interfaces.map((name) => one(name, has6));
  return fc.tuple(...each).map((found) => Object.fromEntries(found));
}

function one(name: string, has6: boolean): fc.Arbitrary<[string, ConfigSection]> {
  const port = PORTS[name];
  if (!port) throw new Error(`unknown interface ${name}`);
  const isWan = name === 'wan';
  return fc
    .record({
      enable: name === 'opt2' ? flag(80) : fc.constant(''),
      blockpriv: flag(isWan ? 60 : 5),
      blockbogons: flag(isWan ? 50 : 5),
    })
    .map((flags) => [
      name,
      section({
        ...flags,
        if: port.device,
        descr: port.description,
        ipaddr: port.address,
        subnet: String(port.bits),
        ipaddrv6: has6 ? port.address6 : undefined,
        subnetv6: has6 ? '64' : undefined,
        gateway: isWan ? 'WANGW' : undefined,
        gatewayv6: isWan && has6 ? 'WANGW6' : undefined,
      }),
    ]);
}

export function gateways({ has6 }: Stage): ConfigSection {
  const group = { name: 'BOTH', item: ['WANGW|1|address', 'DMZGW|1|address'], trigger: 'down', descr: '' };
  return {
    gateway_item: [
      gateway('WANGW', 'wan', '198.51.100.1'),
      gateway('DMZGW', 'lan', '192.168.1.254'),
      { ...gateway('DOWNGW', 'lan', '192.168.1.253'), force_down: '' },
      ...(has6 ? [{ ...gateway('WANGW6', 'wan', '2001:db8:a::1'), ipprotocol: 'inet6' }] : []),
    ],
    gateway_group: [group],
    defaultgw4: 'WANGW',
    defaultgw6: has6 ? 'WANGW6' : '',
  };
}

function gateway(name: string, port: string, address: string): ConfigSection {
  return section({
    interface: port,
    gateway: address,
    name,
    weight: '1',
    ipprotocol: 'inet',
    monitor_disable: '',
    descr: '',
  });
}

/** Addresses that the firewall has beyond those of its interfaces. */
export const virtualIps: fc.Arbitrary<ConfigSection[]> = fc.subarray([
  vip('ipalias', 'wan', '198.51.100.10', '32'),
  vip('ipalias', 'lan', '192.168.2.1', '24'),
  vip('other', 'wan', '198.51.100.64', '32'),
  { ...vip('carp', 'lan', '192.168.1.250', '24'), vhid: '3', advskew: '0', advbase: '1', password: 'x' },
]);

function vip(mode: string, port: string, address: string, bits: string): ConfigSection {
  return section({
    mode,
    interface: port,
    uniqid: `5f${address.replaceAll('.', '')}`,
    descr: '',
    type: 'single',
    subnet_bits: bits,
    subnet: address,
  });
}

/** One schedule that holds at all times, and one that does not in the month of `now`. */
export function schedules(now: Date): ConfigSection {
  const other = ((now.getUTCMonth() + 6) % 12) + 1;
  const week = { position: '1,2,3,4,5,6,7', hour: '0:00-23:59' };
  const never = { month: String(other), day: '1,15', hour: '0:00-23:59' };
  return {
    schedule: [
      { name: 'always', descr: '', timerange: [week], schedlabel: '5f0000000001' },
      { name: 'never', descr: '', timerange: [never], schedlabel: '5f0000000002' },
    ],
  };
}
