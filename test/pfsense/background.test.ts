import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sleep } from '../../src/core/clock.ts';
import { Background, type BackgroundJob } from '../../src/pfsense/background.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const job: BackgroundJob = {
  name: 'a test',
  complexity: 'simple',
  firstMs: 1_000,
  everyMs: 60_000,
  run: async () => undefined,
};

function started(run: () => Promise<void>) {
  const calls: number[] = [];
  const background = new Background([job], async () => {
    calls.push(Date.now());
    await run();
  });
  background.start();
  background.start();
  return { background, calls };
}

test('runs a while after the first answer, then from time to time, however often it is started', async () => {
  const { calls } = started(async () => undefined);
  await vi.advanceTimersByTimeAsync(900);
  expect(calls).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(200);
  expect(calls).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(calls).toHaveLength(3);
});

test('goes on after a failure', async () => {
  const { calls } = started(() => Promise.reject(new Error('made to fail')));
  await vi.advanceTimersByTimeAsync(61_001);
  expect(calls).toHaveLength(2);
});

test('is over when stopped, also in the middle of a run', async () => {
  const { background, calls } = started(() => sleep(10_000));
  await vi.advanceTimersByTimeAsync(1_001);
  background.stop();
  await vi.advanceTimersByTimeAsync(200_000);
  expect(calls).toHaveLength(1);
});
