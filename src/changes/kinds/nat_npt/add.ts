import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { checkInterface } from '../nat/interfaces.ts';
import { insertNatRule, isThere, NatPosition } from '../nat/list.ts';
import { nptFields } from './arguments.ts';
import { checkNpt, nptFieldsOf, nptOf } from './fields.ts';

export default defineKind({
  id: 'nat_npt.add',
  summary: 'Translate an IPv6 prefix inside to one outside (NPt).',
  tier: 'volatile',
  input: z.strictObject({
    interface: nptFields.interface.default('wan'),
    source: nptFields.source,
    destination: nptFields.destination,
    description: nptFields.description.default(''),
    disabled: nptFields.disabled.default(false),
    position: NatPosition.default('bottom'),
  }),
  example: { interface: 'wan', source: 'fd00:1::/64', destination: '2001:db8:1::/64' },
  apply(config, { position, ...args }) {
    checkInterface(config, args.interface);
    const rule = nptOf(nptFieldsOf(args));
    if (isThere(config, 'npt', rule)) return config;
    checkNpt(config, rule);
    return insertNatRule(config, 'npt', rule, position);
  },
});
