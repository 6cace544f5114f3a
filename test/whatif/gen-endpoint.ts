import fc from 'fast-check';
import type { ConfigSection } from '../../src/config/model.ts';
import { HOST_ALIASES, HOST_ALIASES6, PORT_ALIASES, RARE_ALIASES } from './gen-aliases.ts';
import { flag, HOSTS, HOSTS6, NETWORKS, NETWORKS6, type Stage, section, sometimes } from './gen-network.ts';

export type IpProtocol = 'inet' | 'inet6' | 'inet46' | undefined;

/** What the source or the destination of a rule may be, such as pfSense's pages let through for a family. */
export function endpoint(stage: Stage, family: IpProtocol, ports: fc.Arbitrary<string | undefined>) {
  return fc
    .tuple(
      fc.oneof({ weight: 4, arbitrary: fc.constant({ any: '' }) }, { weight: 7, arbitrary: place(stage, family) }),
      ports,
    )
    .map(([where, port]): ConfigSection => section({ ...where, port }));
}

function place(stage: Stage, family: IpProtocol): fc.Arbitrary<ConfigSection> {
  const address = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...addresses(family)) },
    { weight: 1, arbitrary: fc.constantFrom(...RARE_ALIASES) },
  );
  return fc
    .tuple(
      fc.oneof(
        address.map((found) => ({ address: found })),
        network(stage),
      ),
      flag(20),
    )
    .map(([where, not]) => section({ ...where, not }));
}

/** pfSense's pages allow an address of one family only where the rule has one. */
function addresses(family: IpProtocol): readonly string[] {
  if (family === 'inet46') return ['mixed46'];
  return family === 'inet6' ? [...HOSTS6, ...NETWORKS6, ...HOST_ALIASES6] : [...HOSTS, ...NETWORKS, ...HOST_ALIASES];
}

function network({ interfaces, groups }: Stage): fc.Arbitrary<{ network: string }> {
  const tokens = [...interfaces, ...interfaces.map((name) => `${name}ip`), ...groups, '(self)', '(self)'];
  return fc.constantFrom(...tokens).map((token) => ({ network: token }));
}

/** Single ports, ranges with every kind of end, aliases. */
export const port: fc.Arbitrary<string | undefined> = sometimes(
  70,
  fc.oneof(
    fc.constantFrom('22', '53', '80', '443', '8080'),
    fc.constantFrom('20-22', '1-1023', '1024-65535', '1-65535', '443-443', '8000-8010', '65534-65535'),
    fc.constantFrom<string>(...PORT_ALIASES),
  ),
);
