import { readBlock } from '../../../config/address-block.ts';
import { type ConfigSection, type ConfigTree, listAt, textAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { aliasType } from '../aliases.ts';
import { type Endpoint, familyOf, readHost } from '../endpoint.ts';
import { type Fields, flag, given, optionalText, sectionIn } from '../fields.ts';
import { type Token, tokenOf } from '../interfaces.ts';
import { interfaceOfToken } from '../nat/interfaces.ts';
import { readPort } from '../port.ts';
import type { OutboundChanges } from './arguments.ts';
import { networkText } from './network.ts';

const ORDER =
  'source sourceport descr target target_subnet interface poolopts source_hash_key staticnatport disabled nonat ipprotocol protocol destination natport dstport nosync created updated'.split(
    ' ',
  );

/**
 * The keys that the given arguments are about.
 * @throws PfsenseError `bad_input`
 */
export function outboundFieldsOf(config: ConfigTree, args: OutboundChanges): Fields {
  const { source, destination, target, targetPort } = args;
  return {
    ...(source === undefined
      ? {}
      : { source: sourceOf(config, source), sourceport: portOf(config, source, 'source') ?? '' }),
    ...given('descr', args.description),
    ...(target === undefined ? {} : targetFields(config, target)),
    ...given('interface', args.interface),
    ...given('poolopts', args.poolOptions),
    ...flag('staticnatport', args.staticPort),
    ...flag('disabled', args.disabled),
    ...flag('nonat', args.noTranslation),
    ...(args.family === undefined ? {} : { ipprotocol: args.family === 'inet46' ? undefined : args.family }),
    ...(args.protocol === undefined ? {} : { protocol: args.protocol === 'any' ? undefined : args.protocol }),
    ...(destination === undefined
      ? {}
      : { destination: destinationOf(config, destination), dstport: portOf(config, destination, 'destination') }),
    ...(targetPort === undefined
      ? {}
      : optionalText('natport', targetPort && withColon(readPort(config, targetPort, 'targetPort')))),
    ...flag('nosync', args.noConfigSync),
    ...(args.noTranslation === true
      ? { target: '', target_subnet: '', staticnatport: undefined, natport: undefined }
      : {}),
  };
}

/** An outbound rule, its keys in pfSense's order. */
export function outboundOf(fields: Fields): ConfigSection {
  return sectionIn(ORDER, fields);
}

function sourceOf(config: ConfigTree, { address }: Pick<Endpoint, 'address'>): ConfigSection {
  return {
    network: addressOf(config, address, { argument: 'source', tokens: ['any', 'self', 'interface-net', 'group'] }),
  };
}

function destinationOf(config: ConfigTree, { address, not }: Endpoint): ConfigSection {
  const place = addressOf(config, address, { argument: 'destination', tokens: ['any', 'interface-net', 'group'] });
  if (place === 'any' && not) throw refused("destination.not: 'any' cannot be inverted.");
  return { ...(place === 'any' ? { any: '' } : { network: place }), ...(not ? { not: '' } : {}) };
}

function addressOf(config: ConfigTree, text: string, rule: { argument: string; tokens: readonly Token[] }): string {
  const token = tokenOf(config, text);
  if (token !== undefined) {
    if (!rule.tokens.includes(token)) throw refused(`${rule.argument}.address: this name cannot be used here.`);
    return text;
  }
  return networkText(readHost(config, text, `${rule.argument}.address`));
}

function portOf(config: ConfigTree, { port }: Pick<Endpoint, 'port'>, argument: string): string | undefined {
  return port === undefined ? undefined : withColon(readPort(config, port, `${argument}.port`));
}

/** Ranges of outbound rules are written with a colon. */
function withColon(port: string): string {
  return /^\d/.test(port) ? port.replace('-', ':') : port;
}

/** Addresses of interfaces and virtual IPs stand alone, everything else has a length. */
function targetFields(config: ConfigTree, target: string): Fields {
  const isVirtual = listAt(config, 'virtualip/vip').some((vip) => textAt(vip, 'subnet') === target);
  if (isVirtual || interfaceOfToken(config, target) !== undefined) return { target, target_subnet: '' };
  const host = readHost(config, target, 'target');
  if (aliasType(config, host) !== undefined) return { target: host, target_subnet: '32' };
  const [address = '', length] = host.split('/');
  if (readBlock(host) === undefined) throw refused('target: this table cannot be used here.');
  return { target: address, target_subnet: length ?? (familyOf(address) === 'inet' ? '32' : '128') };
}
