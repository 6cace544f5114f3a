import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { flag, withFields } from '../fields.ts';
import { InterfaceKey, needInterface, withInterface } from './store.ts';

export default defineKind({
  id: 'interface.toggle',
  summary: 'Enable or disable an interface.',
  tier: 'durable',
  input: z.strictObject({ interface: InterfaceKey, enabled: z.boolean() }),
  example: { interface: 'opt1', enabled: false },
  apply(config, { interface: key, enabled }) {
    const old = needInterface(config, key);
    const entry = withFields(old, flag('enable', enabled));
    return entry === old ? config : withInterface(config, key, entry);
  },
});
