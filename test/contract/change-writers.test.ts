import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plan } from '../../src/changes/plan.ts';
import { listAt, textAt } from '../../src/config/model.ts';
import { wallMs } from '../../src/core/clock.ts';
import { PfsenseError } from '../../src/core/errors.ts';
import { ALIAS_KINDS } from './alias-kinds.ts';
import { configOf } from './asking.ts';
import { type ForeignWriter, markOf, startForeignWriter } from './foreign-writer.ts';
import { HAS_PROCESSES, openTarget, type Target } from './target.ts';
import { startTrials, type Trials } from './trials.ts';

/** A lab without processes of its own takes too long for so many, and for what has to happen at a given moment. */
const WRITERS = 32;
const PATIENCE_MS = 900_000;
/** Longest wait of one whose turn it is not, in milliseconds: on a small machine tries keep others from coming through. */
const MAX_WAIT_MS = 15_000;
const RUN = wallMs().toString(36);
const TIERS = ['volatile', 'durable'] as const;
type Tier = (typeof TIERS)[number];

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

async function aliases(): Promise<(string | undefined)[]> {
  return listAt(await configOf(target), 'aliases/alias').map((alias) => textAt(alias, 'name'));
}

const request = (tier: Tier, name: string) => [{ kind: `test.alias_${tier}`, args: { name } }];

const TURNS = ['plan_stale', 'change_pending', 'change_over', 'switch_dead', 'channel_refused', 'circuit_open'];

/** Whether another try is all it takes: somebody else was faster, or a small machine has no room for one more login. */
function isOthersTurn(error: unknown): boolean {
  return error instanceof PfsenseError && (TURNS.includes(error.code) || error.kind.outage);
}

/** Takes back what may be on trial after a failure, so that nobody has to wait for its switch; whether it stands. */
async function isPermanent(trials: Trials, plan: Plan): Promise<boolean> {
  const trial = await trials.end(plan).catch(() => trials.look(plan).catch(() => undefined));
  return trial?.state === 'confirmed';
}

/** Plans, applies and confirms, again until it is done; the revision that it became. */
async function write(trials: Trials, tier: Tier, name: string, until: number): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    let plan: Plan | undefined;
    try {
      plan = await trials.plan(request(tier, name), 300);
      await trials.begin(plan);
      return (await trials.confirm(plan)).revision;
    } catch (error) {
      if (!isOthersTurn(error) || performance.now() > until) throw error;
      const isWaiting = error instanceof PfsenseError && error.code === 'change_pending';
      if (plan && !isWaiting && (await isPermanent(trials, plan))) return plan.id;
      await sleep(300 + Math.random() * Math.min(MAX_WAIT_MS, 1_000 * 1.6 ** tries));
    }
  }
}

test.runIf(HAS_PROCESSES)(
  'as many writers of ours as there are at once lose nothing to each other',
  async () => {
    const until = performance.now() + PATIENCE_MS - 40_000;
    const names = Array.from({ length: WRITERS }, (_, n) => `writer_${RUN}_${n}`);
    const writers = names.map(() => startTrials(target.users['root'], ALIAS_KINDS));
    const revisions = await Promise.all(
      writers.map((trials, n) => write(trials, TIERS[n % 2] ?? 'volatile', names[n] ?? '', until)),
    ).finally(() => Promise.all(writers.map((trials) => trials.close())));
    expect(await aliases()).toEqual(expect.arrayContaining(names));
    // Each is a revision of its own, so none was overwritten by another in what pfSense keeps either.
    expect(new Set(revisions).size).toBe(WRITERS);
  },
  PATIENCE_MS,
);

describe.runIf(HAS_PROCESSES).each(TIERS)('a change that is %s, beside somebody else who saves', (tier) => {
  let trials: Trials;
  let colleague: ForeignWriter;
  let count = 0;
  beforeAll(async () => {
    trials = startTrials(target.users['root'], ALIAS_KINDS);
    colleague = await startForeignWriter(target);
  });
  afterAll(async () => {
    await trials.close();
    await colleague.close();
  });

  const next = (): { name: string; mark: string } => {
    count += 1;
    return { name: `beside_${RUN}_${tier}_${count}`, mark: `${RUN} ${tier} ${count}` };
  };
  const saved = async () => textAt(await configOf(target), 'system/mcptest');
  const later = async (ms: number, mark: string): Promise<void> => {
    await sleep(ms);
    await colleague.save(markOf(mark));
  };

  test.each([0, 150, 400, 800, 1_300, 2_000, 3_000])(
    'is whole or gone when that happens %d ms after it began',
    async (ms) => {
      const { name, mark } = next();
      const plan = await trials.plan(request(tier, name), 120);
      const foreign = later(ms, mark);
      const isKept = await trials
        .begin(plan)
        .then(() => trials.confirm(plan))
        .then(
          () => true,
          () => false,
        );
      await foreign;
      // A colleague who waited for pfSense's lock had read what was there before.
      const trial = await trials.look(plan).catch(() => undefined);
      expect(await saved()).toBe(mark);
      expect((await aliases()).includes(name)).toBe(isKept && trial?.overwritten === null);
      if (trial?.state === 'armed') await trials.end(plan);
      expect((await aliases()).includes(name)).toBe(isKept && trial?.overwritten === null);
    },
    120_000,
  );

  test.each([0, 150, 400, 800, 1_300, 2_000])(
    'is gone when that happens %d ms after it is undone',
    async (ms) => {
      const { name, mark } = next();
      const plan = await trials.plan(request(tier, name), 120);
      await trials.begin(plan);
      const foreign = later(ms, mark);
      await trials.end(plan);
      await foreign;
      const { state, overwritten } = await trials.look(plan);
      expect(state).toBe('reverted');
      expect(await saved()).toBe(mark);
      expect((await aliases()).includes(name)).toBe(overwritten?.what === 'back');
    },
    120_000,
  );
});
