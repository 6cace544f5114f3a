import { z } from 'zod';

/** What the runner says about itself and the firewall when a session begins. */
export const Hello = z.object({
  pid: z.int(),
  pgid: z.int(),
  uid: z.int(),
  php: z.string().max(40),
  sapi: z.string().max(40),
  /** Content of /etc/version. */
  version: z.string().max(80),
  /** Version of the configuration's data model, such as 23.3. */
  configVersion: z.string().max(20),
  /** Probed with function_exists, never concluded from a version string. */
  capabilities: z.record(z.string(), z.union([z.boolean(), z.number(), z.string()])),
});
export type Hello = z.infer<typeof Hello>;

export const HelloFrame = z.object({ hello: Hello });

const Failure = z.object({ code: z.string(), message: z.string(), detail: z.string().default('') });

/** The runner keeps a few; more are left out, as a box that lies can send any number. */
const MAX_WARNINGS = 100;
const Warnings = z.array(z.string()).transform((warnings) => warnings.slice(0, MAX_WARNINGS));

/** A reply of the runner. */
export const ReplyFrame = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    id: z.int(),
    value: z.unknown(),
    warnings: Warnings,
    /** Marks of changes that are saved and not applied; null when nobody could look. */
    pending: Warnings.nullable(),
    ms: z.number(),
  }),
  z.object({
    ok: z.literal(false),
    id: z.int().nullable(),
    error: Failure,
    warnings: Warnings.default([]),
    ms: z.number().default(0),
    /** The process ends after this reply. */
    final: z.boolean().default(false),
  }),
]);
export type ReplyFrame = z.infer<typeof ReplyFrame>;
