import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { checkInterface } from '../nat/interfaces.ts';
import { insertNatRule, isThere, NatPosition } from '../nat/list.ts';
import { oneToOneFields } from './arguments.ts';
import { checkOneToOne, oneToOneFieldsOf, oneToOneOf } from './fields.ts';

const { family, external, source, destination, reflection, noTranslation, description, disabled } = oneToOneFields;

export default defineKind({
  id: 'nat_one_to_one.add',
  summary: 'Map an address outside to one inside, both ways. Filter rules decide what passes.',
  tier: 'volatile',
  input: z.strictObject({
    interface: oneToOneFields.interface.default('wan'),
    family: family.default('inet'),
    external,
    source,
    destination: destination.prefault({}),
    reflection: reflection.default('default'),
    noTranslation: noTranslation.default(false),
    description: description.default(''),
    disabled: disabled.default(false),
    position: NatPosition.default('bottom'),
  }),
  example: { interface: 'wan', external: '198.51.100.20', source: { address: '192.0.2.20' }, description: 'Mail' },
  apply(config, { position, ...args }) {
    checkInterface(config, args.interface);
    const rule = oneToOneOf(oneToOneFieldsOf(config, args));
    if (isThere(config, 'one_to_one', rule)) return config;
    checkOneToOne(config, rule);
    return insertNatRule(config, 'one_to_one', rule, position);
  },
});
