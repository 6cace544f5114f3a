import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PfsenseError } from '../../src/core/errors.ts';
import { HANG_UP_POINTS, HangUpBudget, NO_AGREEMENT_POINTS } from '../../src/ssh/hang-ups.ts';
import { login, startServer } from './server.ts';

const MINUTE = 60_000;

/** Points spent by somebody who breaks off every login that is allowed, at these times in minutes. */
function spend(times: readonly number[], points: number): { at: number; points: number }[] {
  let now = 0;
  const budget = new HangUpBudget(() => now);
  const spent: { at: number; points: number }[] = [];
  for (const at of times) {
    now = at * MINUTE;
    try {
      budget.check('fw');
    } catch {
      continue;
    }
    budget.spend(points);
    spent.push({ at, points });
  }
  return spent;
}

describe('the budget of hang-ups', () => {
  test('allows five in a row and then says how long to wait', () => {
    let now = 0;
    const budget = new HangUpBudget(() => now);
    for (let i = 0; i < 5; i += 1) {
      budget.check('fw');
      budget.spend(HANG_UP_POINTS);
    }
    const refused = expect.objectContaining({
      code: 'circuit_open',
      facts: { phase: 'tcp', retryAfterMs: 6 * MINUTE },
    });
    expect(() => budget.check('fw')).toThrow(refused);
    now = 6 * MINUTE;
    expect(() => budget.check('fw')).not.toThrow();
  });

  test('stays below the block of sshguard whatever the times are', () => {
    const times = fc
      .array(fc.integer({ min: 0, max: 240 }), { maxLength: 300 })
      .map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(times, fc.constantFrom(HANG_UP_POINTS, NO_AGREEMENT_POINTS), (list, points) => {
        const spent = spend(list, points);
        for (const { at: end } of spent) {
          const window = spent.filter(({ at }) => at <= end && at > end - 30);
          expect(window.length * points).toBeLessThan(30);
        }
      }),
    );
  });

  test('is spent by a login that was broken off, and then no connection is made', async () => {
    const server = await startServer();
    const hangUps = new HangUpBudget();
    const changed = { ...server.settings, hostKey: `SHA256:${'A'.repeat(43)}` };
    const codes: unknown[] = [];
    for (let i = 0; i < 7; i += 1) {
      codes.push(await login(changed, { hangUps }).catch((error: unknown) => (error as PfsenseError).code));
    }
    expect(codes).toEqual([...Array(5).fill('host_key_changed'), 'circuit_open', 'circuit_open']);
    expect(server.connections()).toBe(5);
    await server.close();
  });

  test('is not spent by logins that succeed', async () => {
    const server = await startServer();
    const hangUps = new HangUpBudget();
    for (let i = 0; i < 8; i += 1) await (await login(server.settings, { hangUps })).close();
    expect(server.connections()).toBe(8);
    await server.close();
  });
});
