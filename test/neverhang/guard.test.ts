import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { memoryStore } from '../../src/alan/memory-store.ts';
import type { Store } from '../../src/alan/open.ts';
import { PfsenseError } from '../../src/core/errors.ts';
import { Settings } from '../../src/core/settings.ts';
import { type CallEvent, Guard, type Job } from '../../src/neverhang/guard.ts';

const read: Job = { tool: 'pf_test', firewall: 'fw', complexity: 'simple', effect: 'read', preview: '{}' };
const write: Job = { ...read, effect: 'config', complexity: 'config' };
const lost = () => new PfsenseError('connection_lost', 'gone', { phase: 'run' });
const never = () => new Promise<never>(() => undefined);

let store: Store;
let events: CallEvent[];
function guard(): Guard {
  const settings = Settings.parse({ breaker: { failures: 3, openMs: 1_000 } });
  return new Guard({
    firewall: 'fw',
    settings,
    history: store,
    breakerStore: store,
    onCall: (event) => void events.push(event),
  });
}

/** Runs timers until the promise settles, and gives its outcome and the time it took. */
async function settle<T>(promise: Promise<T>) {
  const began = performance.now();
  const outcome = promise.then(
    (value) => ({ value, error: undefined }),
    (error: unknown) => ({ value: undefined, error }),
  );
  let result: Awaited<typeof outcome> | undefined;
  void outcome.then((settled) => {
    result = settled;
  });
  while (!result) await vi.advanceTimersByTimeAsync(10);
  return { ...result, ms: performance.now() - began };
}

beforeEach(() => {
  vi.useFakeTimers();
  store = memoryStore('a test');
  events = [];
});
afterEach(() => void vi.useRealTimers());

describe('the guard', () => {
  test('ends a call at its deadline although the work never settles, and names the phase', async () => {
    const call = guard().run(read, (deadline) => {
      deadline.phase = 'channel';
      return never();
    });
    const { error, ms } = await settle(call);
    expect(error).toMatchObject({ code: 'timeout', facts: { phase: 'channel' } });
    expect(ms).toBeLessThanOrEqual(5_500);
    expect(events).toMatchObject([{ errorType: 'timeout', isCensored: true, success: false }]);
  });

  test('answers a cancel at once and tells the work', async () => {
    const leave = new AbortController();
    let told: AbortSignal | undefined;
    const call = guard().run(
      read,
      (deadline) => {
        told = deadline.signal;
        return never();
      },
      leave.signal,
    );
    setTimeout(() => leave.abort(), 100);
    const { error, ms } = await settle(call);
    expect(error).toMatchObject({ code: 'cancelled' });
    expect(ms).toBeLessThanOrEqual(350);
    expect(told?.aborted).toBe(true);
  });

  test('repeats a read after a passing failure, within the same deadline', async () => {
    let attempts = 0;
    const { value } = await settle(
      guard().run(read, async (_deadline, { number }) => {
        attempts = number;
        if (number < 3) throw lost();
        return 'well';
      }),
    );
    expect(value).toBe('well');
    expect(attempts).toBe(3);
    expect(events).toHaveLength(1);
  });

  test.each([
    ['a write', write, lost()],
    ['a wrong argument', read, new PfsenseError('bad_input', 'x', { phase: 'input' })],
    ['a refused login', read, new PfsenseError('auth_failed', 'x', { phase: 'auth' })],
    [
      'a failed handshake, which sshguard counts',
      read,
      new PfsenseError('handshake_failed', 'x', { phase: 'handshake' }),
    ],
    [
      'a failure with a side effect',
      read,
      new PfsenseError('connection_lost', 'x', { phase: 'run', sideEffect: 'unknown' }),
    ],
  ])('never repeats %s', async (_name, job, error) => {
    const work = vi.fn(() => Promise.reject(error));
    await settle(guard().run(job, work));
    expect(work).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['times out', never],
    ['loses its connection', () => Promise.reject(lost())],
    ['fails in a way nobody foresaw', () => Promise.reject(new TypeError('x'))],
  ])('a write that %s may have changed something and is not called retryable', async (_name, work) => {
    const { error } = await settle(guard().run(write, work));
    expect(error).toBeInstanceOf(PfsenseError);
    expect((error as PfsenseError).report()).toMatchObject({ sideEffect: 'unknown', retryable: false });
  });

  test('a write that knows it has changed nothing says so', async () => {
    const harmless = new PfsenseError('connection_lost', 'x', { phase: 'auth', sideEffect: 'none' });
    const { error } = await settle(guard().run(write, () => Promise.reject(harmless)));
    expect(error).toMatchObject({ code: 'connection_lost', sideEffect: 'none' });
  });

  test('a write that gave up waiting in the queue has changed nothing', async () => {
    const one = guard();
    const running = one.run(write, never).catch(() => undefined);
    const { error } = await settle(one.run(write, never, AbortSignal.timeout(0)));
    expect(error).toMatchObject({ code: 'cancelled', sideEffect: 'none', facts: { phase: 'queue' } });
    await settle(running);
  });

  test('no write starts while a cancelled one may still be at work', async () => {
    const one = guard();
    const leave = new AbortController();
    let finish = (): void => undefined;
    const stuck = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const first = one.run(write, () => stuck, leave.signal).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10);
    leave.abort();
    expect(await first).toMatchObject({ code: 'cancelled', sideEffect: 'unknown' });
    const second = vi.fn(async () => 'done');
    const next = one.run(write, second);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(second).not.toHaveBeenCalled();
    finish();
    expect((await settle(next)).value).toBe('done');
  });

  test('a read that ignores its deadline does not keep its place in the queue', async () => {
    const one = guard();
    await settle(Promise.allSettled([1, 2, 3].map(() => one.run(read, never))));
    expect(one.state().running).toBe(0);
  });

  test('lets three reads run side by side and one write', async () => {
    const running = { now: 0, most: 0 };
    const work = async (): Promise<void> => {
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      await new Promise((resolve) => setTimeout(resolve, 50));
      running.now -= 1;
    };
    const one = guard();
    await settle(Promise.all(Array.from({ length: 9 }, () => one.run(read, work))));
    expect(running.most).toBe(3);
    running.most = 0;
    await settle(Promise.all(Array.from({ length: 4 }, () => one.run(write, work))));
    expect(running.most).toBe(1);
  });

  test('refuses more waiting calls than it can remember', async () => {
    const one = guard();
    const calls = Array.from({ length: 80 }, () => one.run(read, never));
    const outcomes = await settle(Promise.allSettled(calls));
    const codes = outcomes.value?.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'ok'));
    expect(codes).toContain('busy');
  });

  test('wraps what is no PfsenseError', async () => {
    const { error } = await settle(guard().run(read, () => Promise.reject(new TypeError('x'))));
    expect(error).toMatchObject({ code: 'internal' });
  });
});

describe('the breaker', () => {
  async function fail(one: Guard, times: number): Promise<void> {
    for (let n = 0; n < times; n += 1) await settle(one.run(write, () => Promise.reject(lost())));
  }

  test('opens after outages and then refuses at once, saying when to come back', async () => {
    const one = guard();
    await fail(one, 3);
    const work = vi.fn(never);
    const { error, ms } = await settle(one.run(read, work));
    expect(error).toMatchObject({ code: 'circuit_open', facts: { retryAfterMs: expect.any(Number) } });
    expect(ms).toBeLessThanOrEqual(15);
    expect(work).not.toHaveBeenCalled();
    expect(one.state().breaker.state).toBe('open');
  });

  test.each(['bad_input', 'auth_failed', 'host_key_changed', 'snippet_failed', 'box_timeout', 'refused'] as const)(
    'is not moved by %s',
    async (code) => {
      const one = guard();
      for (let n = 0; n < 6; n += 1) {
        await settle(one.run(write, () => Promise.reject(new PfsenseError(code, 'x', { phase: 'run' }))));
      }
      expect(one.state().breaker.state).toBe('closed');
    },
  );

  test('lets one probe through when the time has come, and closes when it is well', async () => {
    const one = guard();
    await fail(one, 3);
    await vi.advanceTimersByTimeAsync(1_100);
    const probes: boolean[] = [];
    const { value } = await settle(
      one.run(read, async (_deadline, { isProbe }) => {
        probes.push(isProbe);
        return 'back';
      }),
    );
    expect(value).toBe('back');
    expect(probes).toEqual([true]);
    expect(one.state().breaker.state).toBe('closed');
  });

  test('stays open twice as long after each failed probe', async () => {
    const one = guard();
    await fail(one, 3);
    await vi.advanceTimersByTimeAsync(1_100);
    await fail(one, 1);
    expect(one.state().breaker.retryAfterMs).toBeGreaterThan(1_500);
  });

  test('does not close because a probe was cancelled', async () => {
    const one = guard();
    await fail(one, 3);
    await vi.advanceTimersByTimeAsync(1_100);
    await settle(one.run(read, never, AbortSignal.abort()));
    expect(one.state().breaker.state).toBe('open');
  });

  test('is still open after a restart, and forgotten after an hour', async () => {
    await fail(guard(), 3);
    expect(guard().state().breaker.state).toBe('open');
    await vi.advanceTimersByTimeAsync(3_700_000);
    expect(guard().state().breaker.state).toBe('closed');
  });

  test('outages of several short-lived processes add up', async () => {
    await fail(guard(), 1);
    await fail(guard(), 1);
    await fail(guard(), 1);
    expect(guard().state().breaker.state).toBe('open');
  });
});
