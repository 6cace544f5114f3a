import fc from 'fast-check';
import type { ConfigSection } from '../../src/config/model.ts';
import { flag, type Stage, section, sometimes } from './gen-network.ts';

/** Port forwards, with the filter rules that belong to them. */
export interface Nat {
  readonly nat: ConfigSection;
  readonly rules: readonly ConfigSection[];
}

export function nat(stage: Stage): fc.Arbitrary<Nat> {
  return fc
    .record({
      forwards: fc.array(forward(stage), { maxLength: 4 }),
      onetoone: fc.array(oneToOne(stage), { maxLength: 2 }),
      mode: fc.constantFrom('automatic', 'hybrid', 'advanced', 'disabled'),
      outbound: fc.array(outbound(stage), { maxLength: 3 }),
    })
    .map(({ forwards, onetoone, mode, outbound }) => ({
      nat: section({
        rule: forwards.map(({ rule }) => rule),
        onetoone,
        outbound: section({ mode, rule: outbound }),
      }),
      rules: forwards.flatMap(({ own }) => own),
    }));
}

interface Forward {
  readonly rule: ConfigSection;
  readonly own: ConfigSection[];
}

const destinations = fc.constantFrom<ConfigSection>(
  { network: 'wanip' },
  { address: '198.51.100.10' },
  { network: '(self)' },
  { any: '' },
  { network: 'lanip' },
);

function forward({ interfaces }: Stage): fc.Arbitrary<Forward> {
  return fc
    .record({
      interface: fc.constantFrom('wan', 'wan', ...interfaces),
      protocol: fc.constantFrom('tcp', 'udp', 'tcp/udp'),
      source: fc.constantFrom<ConfigSection>(
        { any: '' },
        { any: '' },
        { address: 'hosts4' },
        { address: '203.0.113.0/24', not: '' },
      ),
      destination: fc.tuple(destinations, fc.constantFrom('80', '443', '8000-8010', 'web', '1-1000')),
      target: fc.constantFrom('192.168.1.10', '10.10.0.5', '192.168.1.63'),
      localPort: fc.constantFrom('80', '8443', '9000'),
      kind: fc.constantFrom('pass', 'rule', 'rule', 'none'),
      disabled: flag(8),
      nordr: flag(8),
      natreflection: sometimes(30, fc.constantFrom('disable', 'purenat')),
      id: fc.integer({ min: 1, max: 0xffffffff }),
    })
    .map(({ destination: [where, port], localPort, kind, id, ...rest }) => {
      const associated = kind === 'rule' ? `nat_${id.toString(16).padStart(22, '0')}` : kind;
      const own = kind === 'rule' && rest.nordr === undefined ? [ownRule(rest, localPort, associated)] : [];
      const rule = section({
        ...rest,
        ipprotocol: 'inet',
        destination: { ...where, port },
        'local-port': localPort,
        'associated-rule-id': kind === 'none' ? '' : associated,
        descr: '',
      });
      return { rule, own };
    });
}

function ownRule(
  rest: { interface: string; protocol: string; source: ConfigSection; target: string; disabled: '' | undefined },
  localPort: string,
  associated: string,
): ConfigSection {
  return section({
    interface: rest.interface,
    protocol: rest.protocol,
    source: rest.source,
    destination: { address: rest.target, port: localPort },
    ipprotocol: 'inet',
    disabled: rest.disabled,
    'associated-rule-id': associated,
    descr: '',
  });
}

function oneToOne({ interfaces }: Stage): fc.Arbitrary<ConfigSection> {
  return fc
    .record({
      interface: fc.constantFrom('wan', 'wan', interfaces.at(-1) ?? 'wan'),
      external: fc.constantFrom('198.51.100.10', '198.51.100.64', '203.0.113.0'),
      source: fc.constantFrom<ConfigSection>(
        { address: '192.168.1.10' },
        { address: '10.10.0.0/29' },
        { network: 'lan' },
      ),
      destination: fc.constantFrom<ConfigSection>({ any: '' }, { any: '' }, { address: '203.0.113.0/24' }),
      ipprotocol: fc.constant('inet'),
      disabled: flag(10),
      nobinat: flag(10),
      natreflection: fc.constant('disable'),
    })
    .map((found) => section({ ...found, descr: '' }));
}

function outbound({ interfaces }: Stage): fc.Arbitrary<ConfigSection> {
  return fc
    .record({
      interface: fc.constantFrom('wan', 'wan', ...interfaces),
      source: fc.constantFrom<ConfigSection>(
        { network: '192.168.1.0/24' },
        { network: 'any' },
        { network: '10.10.0.0/23' },
        { network: 'hosts4' },
      ),
      destination: fc.constantFrom<ConfigSection>(
        { any: '' },
        { any: '' },
        { address: '203.0.113.0/24' },
        { address: '203.0.113.0/24', not: '' },
      ),
      protocol: sometimes(40, fc.constantFrom('tcp', 'udp', 'tcp/udp')),
      target: fc.constantFrom('', '', '198.51.100.10'),
      nonat: flag(15),
      staticnatport: flag(15),
      disabled: flag(8),
    })
    .map((found) =>
      section({ ...found, ipprotocol: 'inet', sourceport: '', dstport: '', natport: '', poolopts: '', descr: '' }),
    );
}
