import { describe, expect, test, vi } from 'vitest';
import { PfsenseError, type Phase } from '../../src/core/errors.ts';
import { type Connector, Link, type Waiter } from '../../src/pfsense/link.ts';
import type { SshConnection } from '../../src/ssh/connection.ts';

function fakeConnection() {
  let closed = (): void => undefined;
  const connection = {
    isOpen: true,
    onClose: (listener: () => void) => {
      closed = listener;
    },
    close: async () => undefined,
    destroy: () => {
      connection.isOpen = false;
      closed();
    },
  };
  return connection as unknown as SshConnection;
}

const waiter = (signal = new AbortController().signal): Waiter => ({ signal, phase: 'queue' as Phase });

/** A connector that is driven by hand. */
function manual() {
  const attempts: {
    resolve: (connection: SshConnection) => void;
    reject: (error: unknown) => void;
    signal: AbortSignal;
    announce: (phase: Phase) => void;
  }[] = [];
  const connector: Connector = (signal, announce) =>
    new Promise((resolve, reject) => {
      attempts.push({ resolve, reject, signal, announce });
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  return { attempts, connector };
}

describe('the link', () => {
  test('makes one connection for all who ask at once', async () => {
    const { attempts, connector } = manual();
    const link = new Link(connector, 1_000);
    const asked = [link.connection(waiter()), link.connection(waiter()), link.connection(waiter())];
    attempts[0]?.resolve(fakeConnection());
    const got = await Promise.all(asked);
    expect(new Set(got).size).toBe(1);
    expect(attempts).toHaveLength(1);
    expect(link.handshakes).toBe(1);
  });

  test('tells every caller the phase that was reached', async () => {
    const { attempts, connector } = manual();
    const link = new Link(connector, 1_000);
    const waiters = [waiter(), waiter()];
    const asked = waiters.map((each) => link.connection(each));
    attempts[0]?.announce('host_key');
    expect(waiters.map(({ phase }) => phase)).toEqual(['host_key', 'host_key']);
    attempts[0]?.resolve(fakeConnection());
    await Promise.all(asked);
  });

  test('goes on with an attempt whose caller has left, for the next one', async () => {
    const { attempts, connector } = manual();
    const link = new Link(connector, 1_000);
    const leave = new AbortController();
    const first = link.connection(waiter(leave.signal));
    const reason = new Error('left');
    leave.abort(reason);
    await expect(first).rejects.toBe(reason);
    expect(attempts[0]?.signal.aborted).toBe(false);
    const second = link.connection(waiter());
    attempts[0]?.resolve(fakeConnection());
    await second;
    expect(attempts).toHaveLength(1);
  });

  test('forgets a failed attempt at once', async () => {
    const { attempts, connector } = manual();
    const link = new Link(connector, 1_000);
    const first = link.connection(waiter());
    attempts[0]?.reject(new PfsenseError('unreachable', 'x', { phase: 'tcp' }));
    await expect(first).rejects.toMatchObject({ code: 'unreachable' });
    await Promise.resolve();
    const second = link.connection(waiter());
    await vi.waitFor(() => expect(attempts).toHaveLength(2));
    attempts[1]?.resolve(fakeConnection());
    await second;
  });

  test('ends an attempt that takes too long, naming its phase', async () => {
    const { attempts, connector } = manual();
    const link = new Link(connector, 30);
    const asked = link.connection(waiter());
    attempts[0]?.announce('auth');
    await expect(asked).rejects.toMatchObject({ code: 'timeout', facts: { phase: 'auth' } });
  });

  test('ends an attempt with a typed error when it is closed', async () => {
    const { connector } = manual();
    const link = new Link(connector, 1_000);
    const asked = expect(link.connection(waiter())).rejects.toMatchObject({ code: 'cancelled' });
    await link.close();
    await asked;
  });

  test('makes a new connection when the old one is gone', async () => {
    const { attempts, connector } = manual();
    const link = new Link(connector, 1_000);
    const first = link.connection(waiter());
    attempts[0]?.resolve(fakeConnection());
    (await first).destroy();
    expect(link.isOpen).toBe(false);
    const second = link.connection(waiter());
    attempts[1]?.resolve(fakeConnection());
    await second;
    expect(link.handshakes).toBe(2);
  });
});
