import type { ConfigSection, ConfigTree } from '../../../config/model.ts';
import { endpointSection, readHost } from '../endpoint.ts';
import { type Fields, flag, given, sectionIn } from '../fields.ts';
import { interfaceOfToken } from '../nat/interfaces.ts';
import { readPort } from '../port.ts';
import type { ForwardChanges } from './arguments.ts';

const ORDER =
  'disabled nordr source destination ipprotocol protocol target local-port interface descr associated-rule-id nosync natreflection updated created'.split(
    ' ',
  );

/**
 * The keys that the given arguments are about; the filter rule is seen to elsewhere.
 * @throws PfsenseError `bad_input`
 */
export function forwardFieldsOf(config: ConfigTree, args: ForwardChanges): Fields {
  const { source, destination, target, targetPort, noRedirect } = args;
  return {
    ...flag('disabled', args.disabled),
    ...flag('nordr', noRedirect),
    ...given(
      'source',
      source &&
        endpointSection(config, source, {
          argument: 'source',
          tokens: ['any', 'clients', 'interface-address', 'interface-net'],
        }),
    ),
    ...given(
      'destination',
      destination &&
        endpointSection(config, destination, {
          argument: 'destination',
          tokens: ['any', 'self', 'clients', 'interface-address', 'interface-net'],
        }),
    ),
    ...given('ipprotocol', args.family),
    ...given('protocol', args.protocol),
    ...given('target', target === undefined ? undefined : targetOf(config, target)),
    ...given('local-port', targetPort === undefined ? undefined : readPort(config, targetPort, 'targetPort')),
    ...given('interface', args.interface),
    ...given('descr', args.description),
    ...flag('nosync', args.noConfigSync),
    ...(args.reflection === undefined
      ? {}
      : { natreflection: args.reflection === 'default' ? undefined : args.reflection }),
    ...(noRedirect === true ? { target: undefined, 'local-port': undefined } : {}),
  };
}

function targetOf(config: ConfigTree, target: string): string {
  return interfaceOfToken(config, target) === undefined ? readHost(config, target, 'target') : target;
}

/** A port forward, its keys in pfSense's order. */
export function forwardOf(fields: Fields): ConfigSection {
  return sectionIn(ORDER, fields);
}
