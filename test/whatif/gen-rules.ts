import fc from 'fast-check';
import type { ConfigSection } from '../../src/config/model.ts';
import { endpoint, type IpProtocol, port } from './gen-endpoint.ts';
import { flag, type Stage, section, sometimes } from './gen-network.ts';

interface Frame {
  readonly floating: boolean;
  readonly ipprotocol: IpProtocol;
  readonly protocol: string | undefined;
}

/** Rules of all tabs, without trackers. */
export function rules(stage: Stage): fc.Arbitrary<ConfigSection[]> {
  const ordinary = frame(fc.constant(false)).chain((found) => rule(stage, found));
  const floating = frame(fc.constant(true)).chain((found) => rule(stage, found));
  return fc
    .tuple(fc.array(floating, { maxLength: 6 }), fc.array(ordinary, { minLength: 3, maxLength: 14 }))
    .map((found) => found.flat());
}

function frame(floating: fc.Arbitrary<boolean>): fc.Arbitrary<Frame> {
  return fc.record({
    floating,
    ipprotocol: fc.constantFrom<IpProtocol>('inet', 'inet', 'inet', 'inet6', 'inet46', undefined),
    protocol: fc.constantFrom(
      'tcp',
      'tcp',
      'udp',
      'tcp/udp',
      'tcp/udp',
      'icmp',
      'any',
      undefined,
      'esp',
      'gre',
      'igmp',
    ),
  });
}

function rule(stage: Stage, { floating, ipprotocol, protocol }: Frame): fc.Arbitrary<ConfigSection> {
  const ports = protocol === undefined || !/tcp|udp/.test(protocol) ? fc.constant(undefined) : port;
  const rarePorts = sometimes(15, fc.constantFrom('1024-65535', '53')).filter(
    (found) => found === undefined || (protocol !== undefined && /tcp|udp/.test(protocol)),
  );
  return fc
    .record({
      place: floating ? floatingPlace(stage) : ordinaryPlace(stage),
      source: endpoint(stage, ipprotocol, rarePorts),
      destination: endpoint(stage, ipprotocol, ports),
      extras: extras(ipprotocol, protocol),
    })
    .map(({ place, source, destination, extras }) =>
      section({ ...place, ipprotocol, protocol, source, destination, ...extras, descr: '' }),
    );
}

function ordinaryPlace({ interfaces, groups }: Stage): fc.Arbitrary<ConfigSection> {
  return fc
    .record({
      type: fc.constantFrom('pass', 'pass', 'pass', 'block', 'reject', undefined),
      interface: fc.constantFrom(...interfaces, ...groups, 'wan', 'lan', 'lan'),
    })
    .map(section);
}

function floatingPlace({ interfaces, groups }: Stage): fc.Arbitrary<ConfigSection> {
  const names = [...interfaces, ...groups];
  return fc
    .record({
      type: fc.constantFrom('pass', 'pass', 'block', 'block', 'reject', 'match', 'match'),
      interface: fc.oneof(
        fc.constantFrom('', 'any'),
        fc
          .uniqueArray(fc.constantFrom(...names, 'opt9'), { minLength: 1, maxLength: 3 })
          .map((found) => found.join(',')),
      ),
      direction: fc.constantFrom('any', 'in', 'in', 'out', 'out'),
      quick: fc.constantFrom('yes', undefined),
    })
    .map((found) => section({ floating: 'yes', ...found }));
}

/** Options of a rule, each of them rare, so that rules stay readable. */
function extras(ipprotocol: IpProtocol, protocol: string | undefined): fc.Arbitrary<ConfigSection> {
  const icmp =
    ipprotocol === 'inet6' ? ['echoreq', 'echoreq,unreach', 'routeradv'] : ['echoreq', 'echoreq,echorep', 'unreach'];
  const isIcmp = protocol === 'icmp' && ipprotocol !== 'inet46';
  const isTcp = protocol === 'tcp';
  return fc
    .record({
      disabled: flag(8),
      log: flag(20),
      icmptype: isIcmp ? sometimes(60, fc.constantFrom(...icmp, 'any')) : fc.constant(undefined),
      tcpflags_any: isTcp ? flag(5) : fc.constant(undefined),
      flags: isTcp
        ? sometimes(8, fc.constantFrom('syn|syn,ack', '|syn,ack', 'syn|syn', 'ack|ack'))
        : fc.constant(undefined),
      statetype: sometimes(20, fc.constantFrom('keep state', 'sloppy state', 'none', 'synproxy state')),
      gateway: sometimes(20, fc.constantFrom('WANGW', 'DOWNGW', 'BOTH', 'NOSUCHGW')),
      sched: sometimes(12, fc.constantFrom('always', 'never', 'nosuch')),
      tag: sometimes(15, fc.constantFrom('red', 'blue')),
      tagged: sometimes(12, fc.constantFrom('red', 'blue')),
      nottagged: flag(3),
      os: isTcp ? sometimes(2, fc.constant('Linux')) : fc.constant(undefined),
      disablereplyto: flag(8),
    })
    .map(({ flags, gateway, ...rest }) => {
      const [tcpflags1, tcpflags2] = flags?.split('|') ?? [];
      const routes = ipprotocol === 'inet' || ipprotocol === undefined ? gateway : undefined;
      return section({ ...rest, gateway: routes, tcpflags1, tcpflags2 });
    });
}
