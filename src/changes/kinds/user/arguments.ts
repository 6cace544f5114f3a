import { z } from 'zod';
import type { Fields } from '../fields.ts';
import { freeText, plainText } from '../text.ts';
import { AuthorizedKeys, keysField } from './keys.ts';

export const UserName = plainText(32)
  .regex(/^[a-zA-Z0-9._][a-zA-Z0-9._-]*$/, 'must consist of letters, digits, dots, hyphens and underscores')
  .describe('Login name');

const BCRYPT = /^\$2[aby]\$1[0-5]\$[./A-Za-z0-9]{53}$/;
const SHA512 = /^\$6\$(?:rounds=\d{4,9}\$)?[./A-Za-z0-9]{8,16}\$[./A-Za-z0-9]{86}$/;

const PasswordHash = z
  .string()
  .max(200)
  .refine((text) => BCRYPT.test(text) || SHA512.test(text), 'must be a hash (bcrypt or SHA-512); never the password')
  .describe('bcrypt ($2y$, cost 10 or more) or SHA-512 ($6$), made by `htpasswd -nBC 12 NAME` or `openssl passwd -6`');

/** What an account has besides its name; each may be left out. */
export const accountFields = {
  fullName: freeText(200).trim().optional(),
  passwordHash: PasswordHash.nullable().optional().describe('null: nobody can log in by password'),
  authorizedKeys: AuthorizedKeys.optional(),
  privileges: z
    .array(plainText(100).min(1))
    .max(500)
    .optional()
    .describe('All that it is to have itself, such as page-status-services'),
  groups: z.array(plainText(100).min(1)).max(100).optional().describe('All that it is to be in; `all` has everybody'),
  expires: z
    .string()
    .refine(isDateOrNone, "must be a date such as 2027-12-31, or ''")
    .optional()
    .describe("Last day of the account, 2027-12-31; '' for never"),
  disabled: z.boolean().optional(),
} as const;

const Account = z.strictObject(accountFields);
export type Account = z.output<typeof Account>;

function isDateOrNone(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year === undefined) return text === '';
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
}

/** Nobody's password has this hash. */
const NO_PASSWORD = '*';

/** The fields of `system/user` that hold these arguments; groups and privileges are not among them. */
export function fieldsOf(account: Account, oldKeys: string): Fields {
  const { fullName, passwordHash, authorizedKeys, expires, disabled } = account;
  const [year, month, day] = (expires ?? '').split('-');
  return {
    ...(passwordHash === undefined ? {} : hashFields(passwordHash)),
    ...(fullName === undefined ? {} : { descr: fullName }),
    ...(expires === undefined ? {} : { expires: expires === '' ? '' : `${month}/${day}/${year}` }),
    ...(authorizedKeys === undefined ? {} : { authorizedkeys: keysField(authorizedKeys, oldKeys) }),
    ...(disabled === undefined ? {} : { disabled: disabled ? '' : undefined }),
  };
}

/** One hash at a time, whatever there was; pfSense looks for bcrypt first. */
export function hashFields(hash: string | null): Fields {
  const name = hash?.startsWith('$6$') ? 'sha512-hash' : 'bcrypt-hash';
  const none = { password: undefined, 'md5-hash': undefined, 'sha512-hash': undefined, 'bcrypt-hash': undefined };
  return { ...none, [name]: hash ?? NO_PASSWORD };
}
