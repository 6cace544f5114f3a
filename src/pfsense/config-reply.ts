import { z } from 'zod';
import type { ConfigTree } from '../config/model.ts';

/** No configuration is nested deeper; a box that lies may send anything. */
const MAX_DEPTH = 64;

/** A piece of the configuration in a reply: texts, lists and sections all the way down. */
export const ConfigReply = z.custom<ConfigTree>((value) => isTree(value, MAX_DEPTH), 'is no piece of a configuration');

function isTree(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return true;
  if (typeof value !== 'object' || value === null || depth === 0) return false;
  return Object.values(value).every((child) => isTree(child, depth - 1));
}
