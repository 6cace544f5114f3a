import { defineKind } from '../../kind.ts';
import { withFields } from '../fields.ts';
import { InterfaceKey, Mac, MappingContent, MappingId } from './arguments.ts';
import { checkOptions } from './options.ts';
import { checkMapping, mappingFields, mappingsOf, needMapping, withMappings } from './store.ts';

export default defineKind({
  id: 'dhcp_mapping.update',
  summary: 'Change parts of a static mapping; what is not given stays.',
  tier: 'durable',
  input: MappingContent.partial().extend({ interface: InterfaceKey, mapping: MappingId, mac: Mac.optional() }),
  example: { interface: 'lan', mapping: '00:11:22:33:44:55', ip: '192.168.1.21' },
  apply(config, { interface: key, mapping: id, ...args }) {
    const fields = mappingFields(args);
    const { mapping: old, index } = needMapping(config, key, id, fields);
    const mapping = withFields(old, fields);
    if (mapping === old) return config;
    checkMapping(config, key, mapping, index);
    checkOptions(config, key, mapping, args);
    return withMappings(config, key, mappingsOf(config, key).with(index, mapping));
  },
});
