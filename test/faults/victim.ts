import { z } from 'zod';
import { FirewallSettings } from '../../src/core/settings.ts';
import { commandLine } from '../../src/ssh/commands.ts';
import { answer } from './rpc.ts';
import { openConnection, openEndless, underDeadline } from './subject.ts';

/** What the victim is doing when it dies. */
export const STATES = ['idle', 'spinning', 'blocked', 'accepted'] as const;
export type State = (typeof STATES)[number];

const Order = z.object({ login: FirewallSettings, state: z.enum(STATES), deadlineMs: z.int() });

/** A process that uses the driver, to be killed: resolves when it is in the state that was asked for. */
answer({
  async enter(order) {
    const { login, state, deadlineMs } = Order.parse(order);
    if (state === 'accepted') return acceptOnly(login);
    const call = await openEndless(login, state === 'blocked' ? 'blocked' : 'spinning', deadlineMs);
    if (state === 'idle') return;
    call.run(new AbortController().signal).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
  },
});

/** The command runs, and not a byte of the first line was sent. */
async function acceptOnly(login: FirewallSettings): Promise<void> {
  const connection = await underDeadline(10_000, (signal) => openConnection(login, signal));
  const signal = AbortSignal.timeout(10_000);
  await connection.exec(commandLine('pfSsh', connection.target.privilege), { lane: 'read', signal });
}
