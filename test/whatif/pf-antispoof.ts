import { prefixOf, WIDTH } from './pf-address.ts';
import { addressesOf, type DeviceAddress, type Facts, MissingFact } from './pf-facts.ts';
import type { Antispoof, DeviceName, FilterRule, Host } from './pf-syntax.ts';

/**
 * The rules that pfctl makes of `antispoof for X` when it loads them: a packet from X's networks may come in by X
 * only, and none may come from X's own addresses.
 */
export function expandAntispoof(rule: Antispoof, facts: Facts): FilterRule[] {
  return rule.devices.flatMap((device) => {
    const found = facts.devices[device.name];
    if (!found) throw new MissingFact(`device ${device.name} of antispoof is not known`);
    const addresses = addressesOf(found).filter(({ address }) => (rule.family ?? address.family) === address.family);
    const elsewhere = addresses.filter(({ linkLocal }) => !linkLocal).map(({ network }) => network);
    return [
      ...elsewhere.map((prefix) =>
        block(rule, [{ name: device.name, not: true }], { kind: 'prefix', not: false, prefix }),
      ),
      ...(found.loopback ? [] : addresses.map((address) => fromOwnAddress(rule, device.name, address))),
    ];
  });
}

function fromOwnAddress(rule: Antispoof, name: string, { address, linkLocal }: DeviceAddress): FilterRule {
  const prefix = prefixOf(address, WIDTH[address.family]);
  return block(rule, linkLocal ? [{ name, not: false }] : [], { kind: 'prefix', not: false, prefix });
}

function block(rule: Antispoof, devices: readonly DeviceName[], host: Host): FilterRule {
  const { line, quick, ridentifier, labels } = rule;
  const anywhere = { hosts: [], ports: [] };
  return {
    ...{ kind: 'filter', line, action: 'block', answers: false, direction: 'in', quick, devices, ridentifier, labels },
    ...{ family: undefined, protocols: [], from: { hosts: [host], ports: [] }, to: anywhere },
    ...{ tag: undefined, tagged: undefined, icmpTypes: [], flags: undefined, keepsState: false },
    ...{ routeTo: undefined, replyTo: undefined, unknownConditions: [] },
  };
}
