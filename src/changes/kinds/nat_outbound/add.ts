import { z } from 'zod';
import { defineKind, refused } from '../../kind.ts';
import { checkInterface } from '../nat/interfaces.ts';
import { insertNatRule, isThere, NatPosition } from '../nat/list.ts';
import { stampOf } from '../stamp.ts';
import { outboundFields } from './arguments.ts';
import { checkOutbound } from './check.ts';
import { outboundFieldsOf, outboundOf } from './fields.ts';

const { family, protocol, source, destination, target, targetPort, poolOptions, staticPort, noTranslation } =
  outboundFields;
const { description, disabled, noConfigSync } = outboundFields;

export default defineKind({
  id: 'nat_outbound.add',
  summary: 'Add an outbound NAT rule. It works in the modes hybrid and manual.',
  tier: 'volatile',
  input: z.strictObject({
    interface: outboundFields.interface.default('wan'),
    family: family.default('inet46'),
    protocol: protocol.default('any'),
    source,
    destination: destination.prefault({}),
    target: target.optional().describe('New source; the address of the interface when not given'),
    targetPort: targetPort.default(''),
    poolOptions: poolOptions.default(''),
    staticPort: staticPort.default(false),
    noTranslation: noTranslation.default(false),
    description: description.default(''),
    disabled: disabled.default(false),
    noConfigSync: noConfigSync.default(false),
    position: NatPosition.default('bottom'),
  }),
  example: { interface: 'wan', source: { address: '192.0.2.0/24' }, description: 'Branch network' },
  apply(config, { position, target: wanted, ...args }, occasion) {
    checkInterface(config, args.interface);
    if (args.noTranslation && wanted !== undefined) throw refused('target: packets that are exempt get none.');
    const rule = outboundOf({
      ...outboundFieldsOf(config, {
        ...args,
        ...(args.noTranslation ? {} : { target: wanted ?? `${args.interface}ip` }),
      }),
      source_hash_key: '',
      created: stampOf(occasion),
      updated: stampOf(occasion),
    });
    if (isThere(config, 'outbound', rule)) return config;
    checkOutbound(config, rule);
    return insertNatRule(config, 'outbound', rule, position);
  },
});
