import { z } from 'zod';
import { parseAddress } from '../../config/address.ts';
import { readBlock } from '../../config/address-block.ts';
import { type ConfigSection, type ConfigTree, textAt, treeAt } from '../../config/model.ts';
import { refused } from '../kind.ts';
import { isAddressAlias } from './aliases.ts';
import { type Token, tokenOf } from './interfaces.ts';
import { RESERVED_TABLES } from './object-name.ts';
import { readPort } from './port.ts';
import { isSince28 } from './release.ts';
import { plainText } from './text.ts';

/** Where packets come from or go to, as somebody asks for it. */
export const Endpoint = z.strictObject({
  address: plainText(64)
    .trim()
    .min(1)
    .default('any')
    .describe("'any', address, network (CIDR), alias, 'lan' (its subnets), 'lanip' (its address), '(self)'"),
  not: z.boolean().default(false).describe('All but this address'),
  port: z
    .union([z.int().min(1).max(65_535).transform(String), plainText(40).trim().min(1)])
    .optional()
    .describe("Port, '80-90' or port alias"),
});
export type Endpoint = z.output<typeof Endpoint>;

/** What of an endpoint the page of a kind accepts, and the argument that errors name. */
export interface EndpointRule {
  readonly argument: string;
  readonly tokens: readonly Token[];
}

/**
 * An endpoint as rules hold it: `{network: 'lan', port: '443'}`.
 * @throws PfsenseError `bad_input`
 */
export function endpointSection(config: ConfigTree, endpoint: Endpoint, rule: EndpointRule): ConfigSection {
  const place = addressSection(config, endpoint.address, rule);
  if (endpoint.not && 'any' in place) throw refused(`${rule.argument}.not: 'any' cannot be inverted.`);
  return {
    ...place,
    ...(endpoint.not ? { not: '' } : {}),
    ...(endpoint.port === undefined ? {} : { port: readPort(config, endpoint.port, `${rule.argument}.port`) }),
  };
}

function addressSection(config: ConfigTree, text: string, rule: EndpointRule): ConfigSection {
  const token = tokenOf(config, text);
  if (token === 'any') return { any: '' };
  if (token !== undefined) {
    if (!rule.tokens.includes(token)) throw refused(`${rule.argument}.address: this name cannot be used here.`);
    return { network: text };
  }
  return { address: readHost(config, text, `${rule.argument}.address`) };
}

/**
 * An address, network or alias; a network of a single address is written as the address.
 * @throws PfsenseError `bad_input`
 */
export function readHost(config: ConfigTree, text: string, argument: string): string {
  const network = readNetwork(text);
  if (network !== undefined) return network;
  if (isAddressAlias(config, text) || (isSince28(config) && RESERVED_TABLES.has(text))) return text;
  throw refused(
    `${argument}: neither an address or network, nor an interface, nor an alias of hosts or networks.`,
    'Interfaces go by their keys, such as lan or opt1 (pf_interface_list); aliases by their names (pf_alias_search).',
  );
}

/** An address or network as pfSense writes it; undefined for anything else. */
export function readNetwork(text: string): string | undefined {
  const [address = '', length] = text.split('/');
  const isPlain = /^[\da-fA-F.:]+(?:%[\w.]+)?$/.test(address) && !text.includes('-');
  if (!isPlain || readBlock(text) === undefined) return undefined;
  const isSingle = length === undefined || Number(length) === (familyOf(address) === 'inet' ? 32 : 128);
  return address.toLowerCase() + (isSingle ? '' : `/${Number(length)}`);
}

export type Family = 'inet' | 'inet6';

/** The family of an address or network; undefined for anything else. */
export function familyOf(text: string): Family | undefined {
  const kind = parseAddress(text.split('/')[0] ?? '')?.kind();
  return kind === undefined ? undefined : kind === 'ipv4' ? 'inet' : 'inet6';
}

/** The family that the literal address of an endpoint in the configuration has. */
export function familyOfEndpoint(endpoint: ConfigTree | undefined): Family | undefined {
  return familyOf((endpoint && textAt(endpoint, 'address')) ?? '');
}

export function hasPort(endpoint: ConfigTree | undefined): boolean {
  return endpoint !== undefined && (treeAt(endpoint, 'port') ?? '') !== '';
}
