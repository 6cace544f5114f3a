import { z } from 'zod';
import { withTree } from '../../../config/update.ts';
import { defineKind } from '../../kind.ts';
import { InterfaceKey, MappingId } from './arguments.ts';
import { findMapping, mappingsOf } from './store.ts';

export default defineKind({
  id: 'dhcp_mapping.delete',
  summary: 'Delete a static mapping.',
  tier: 'durable',
  input: z.strictObject({ interface: InterfaceKey, mapping: MappingId }),
  example: { interface: 'lan', mapping: '00:11:22:33:44:55' },
  apply(config, { interface: key, mapping: id }) {
    const found = findMapping(config, key, id);
    if (found === undefined) return config;
    return withTree(config, ['dhcpd', key, 'staticmap'], mappingsOf(config, key).toSpliced(found.index, 1));
  },
});
