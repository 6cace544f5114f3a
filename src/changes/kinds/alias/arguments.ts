import { z } from 'zod';
import { Description, freeText, plainText } from '../text.ts';

const Detail = freeText(200)
  .trim()
  .refine((text) => !/^\||\|\||\|$/.test(text), 'must not begin or end with | or hold ||');

/** Names of hosts may hold any letter; they are stored in their ASCII form. */
export const Value = freeText(255).trim().min(1);

export const AliasName = plainText(31).min(1).describe('Letters, digits and underscores');

/** A member, alone or with what it is. */
export const Member = z.union([Value, z.strictObject({ value: Value, description: Detail.optional() })]);
export type Member = z.output<typeof Member>;

export const Members = z
  .array(Member)
  .max(5000)
  .describe('Addresses, networks, host names, ports (80, 8000:8010) or aliases, as strings or {value, description}');

export const Url = plainText(1000)
  .regex(/^https?:\/\/[^\s/?#:@]+(?::\d{1,5})?(?:[/?#]\S*)?$/, 'must be an http or https URL without a password')
  .describe('List to download, for the urltable types');

export const UpdateDays = z.int().min(1).max(128).describe('Days between downloads, for the urltable types');

export { Description };
