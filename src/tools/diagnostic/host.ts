import { z } from 'zod';
import { isAddress } from '../../config/address.ts';

const LABELS =
  /^(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\.?$/;

/** An address or a host name: never something that a program could take for an option. */
export function isHost(text: string): boolean {
  return /^[A-Za-z0-9_:][A-Za-z0-9_.:%-]*$/.test(text) && (isAddress(text) || LABELS.test(text));
}

export const Host = z.string().max(253).refine(isHost, 'an address or a host name');
export const Address = z
  .string()
  .max(60)
  .refine((text) => isHost(text) && isAddress(text), 'an IPv4 or IPv6 address');
const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i;

export const HostOrMac = z
  .string()
  .max(253)
  .refine((text) => isHost(text) || MAC.test(text), 'an address, a MAC or a host name');
