import type { ConfigTree } from '../../config/model.ts';
import { refused } from '../kind.ts';
import { isPortAlias } from './aliases.ts';
import { SERVICE_NAMES } from './service-names.ts';

const MAX_PORT = 65_535;

/** The number that a text of digits is, when it is a port. */
export function portNumber(text: string): number | undefined {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= MAX_PORT ? number : undefined;
}

/**
 * A port, range or port alias as rules hold it. `80:90` and `90-80` become `80-90`, as on pfSense's pages.
 * @throws PfsenseError `bad_input` naming the argument
 */
export function readPort(config: ConfigTree, value: string, argument: string): string {
  const [from = '', to, ...more] = value.trim().split(/\s*[-:]\s*/);
  const [first, last] = [portNumber(from), portNumber(to ?? from)];
  if (first !== undefined && last !== undefined && more.length === 0)
    return first === last ? String(first) : `${Math.min(first, last)}-${Math.max(first, last)}`;
  if (isPortAlias(config, value) || SERVICE_NAMES.has(value)) return value;
  throw refused(`${argument}: neither a port from 1 to ${MAX_PORT}, nor a range of two, nor an alias of ports.`);
}
