import { z } from 'zod';
import { redactText } from '../../core/redact.ts';

/** Control characters, and those that turn the direction of a line: a plan has to look like what it does. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** Free text for a field that pfSense wraps in CDATA, where every character survives. */
export function freeText(maxChars: number): z.ZodString {
  return z
    .string()
    .max(maxChars)
    .refine((text) => !HIDDEN.test(text) && !/\p{Cs}/u.test(text), 'must be one line without control characters')
    .refine((text) => redactText(text) === text, 'looks as if it held a secret; leave that out');
}

/** Text for any other field: what is not printable ASCII can make the document unreadable to pfSense. */
export function plainText(maxChars: number): z.ZodString {
  return z
    .string()
    .max(maxChars)
    .regex(/^[\x20-\x7e]*$/, 'must consist of printable ASCII characters');
}

export const Description = freeText(1000).trim();
