import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { ConfigTree } from '../config/model.ts';
import { PfsenseError } from '../core/errors.ts';
import { blanked } from './blanked.ts';
import { ChangeRequest } from './candidate.ts';
import type { Plan } from './plan.ts';
import { Seal } from './seal.ts';

/** Who allowed which step of a plan; never the assistant. */
export const Approval = z.strictObject({
  step: z.enum(['apply', 'confirm']),
  channel: z.enum(['terminal', 'client', 'policy']),
  /** As far as the channel knows it. */
  person: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  /** Of the plan that was shown. */
  hash: z.string(),
});
export type Approval = z.output<typeof Approval>;

const PlanShape: z.ZodType<Plan> = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  order: z.strictObject({
    target: z.strictObject({ firewall: z.string(), hostKey: z.string(), base: z.string() }),
    changes: z.array(ChangeRequest),
    occasion: z.strictObject({ now: z.int(), by: z.string() }),
    reason: z.string(),
    windowSeconds: z.int(),
  }),
  hash: z.string(),
  expiresAt: z.number(),
});

/** A plan with what a person was shown of it and what became of it. */
export const PlanRecord = z.strictObject({
  plan: PlanShape,
  /** What was shown, line by line, without secrets. */
  text: z.array(z.string()),
  approvals: z.array(Approval),
  /** Milliseconds since the epoch. */
  appliedAt: z.number().nullable(),
  confirmedAt: z.number().nullable(),
  /** Of a plan whose one order is no change of the configuration, and is not undone by itself. */
  purpose: z.literal('action').optional(),
});
export type PlanRecord = z.output<typeof PlanRecord>;

/** Plans over and expired are dropped after this long, in milliseconds. */
const KEEP_MS = 30 * 24 * 3_600_000;

/** Read by the one who wrote it, and only to be shown. */
const KeptBase = z.custom<ConfigTree>((value) => typeof value === 'object' && value !== null);

const Sealed = z.strictObject({ record: PlanRecord, seal: z.string() });

/** The plans of this user, one sealed file each below the state directory, readable by nobody else. */
export class PlanStore {
  readonly #folder: string;
  readonly #seal: Seal;

  constructor(stateDir: string) {
    this.#folder = join(stateDir, 'plans');
    this.#seal = new Seal(join(stateDir, 'plans.key'));
  }

  save(record: PlanRecord): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const file = this.#file(record.plan.id);
    // As it will be read, so that the seal fits.
    const written = PlanRecord.parse(JSON.parse(JSON.stringify(record)));
    const sealed = { record: written, seal: this.#seal.of(written) };
    writeFileSync(`${file}.new`, JSON.stringify(sealed), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  /** Keeps the configuration that a plan was made for, without its secrets. */
  keepBase(id: string, base: ConfigTree): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    writeFileSync(this.#baseFile(id), gzipSync(JSON.stringify(blanked(base))), { mode: 0o600 });
  }

  /** That configuration as `blanked`; undefined when it is not there, or is no configuration. */
  keptBase(id: string): ConfigTree | undefined {
    try {
      return KeptBase.parse(JSON.parse(gunzipSync(readFileSync(this.#baseFile(id))).toString('utf8')));
    } catch {
      return undefined;
    }
  }

  /** The plan whose id begins like this; undefined when there is none, or more than one. */
  find(id: string): PlanRecord | undefined {
    const [found, ...more] = /^[0-9a-f]{8,32}$/.test(id) ? this.#ids().filter((one) => one.startsWith(id)) : [];
    return found === undefined || more.length > 0 ? undefined : this.#read(found);
  }

  /** @throws PfsenseError `plan_unknown` */
  load(id: string): PlanRecord {
    const record = this.find(id);
    if (record) return record;
    throw new PfsenseError('plan_unknown', 'There is no plan with this id.', { phase: 'input' });
  }

  /** All plans, the newest first; drops those that nobody will ask for any more. */
  list(nowMs: number): PlanRecord[] {
    const records = this.#ids().flatMap((id) => this.#read(id) ?? []);
    const [kept, old] = [records.filter((one) => nowMs - one.plan.expiresAt < KEEP_MS), records];
    for (const { plan } of old.filter((one) => !kept.includes(one)))
      for (const file of [this.#file(plan.id), this.#baseFile(plan.id)]) rmSync(file, { force: true });
    return kept.sort((a, b) => b.plan.expiresAt - a.plan.expiresAt);
  }

  #ids(): string[] {
    try {
      return readdirSync(this.#folder).flatMap((name) => /^([0-9a-f]{32})\.json$/.exec(name)?.[1] ?? []);
    } catch {
      return [];
    }
  }

  #read(id: string): PlanRecord | undefined {
    try {
      const { record, seal } = Sealed.parse(JSON.parse(readFileSync(this.#file(id), 'utf8')));
      return record.plan.id === id && this.#seal.fits(record, seal) ? record : undefined;
    } catch {
      return undefined;
    }
  }

  #baseFile(id: string): string {
    return join(this.#folder, `${id}.base`);
  }

  #file(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}
