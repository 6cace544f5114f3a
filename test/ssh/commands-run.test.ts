import type { ServerChannel } from 'ssh2';
import { afterEach, describe, expect, test } from 'vitest';
import { runCommand } from '../../src/ssh/run.ts';
import { login, type ServerBehaviour, startServer, type TestServer } from './server.ts';

let server: TestServer;
afterEach(() => server.close());

async function run(behaviour: ServerBehaviour, ms = 4_000) {
  server = await startServer(behaviour);
  const connection = await login(server.settings);
  const options = { lane: 'health', signal: AbortSignal.timeout(ms), maxBytes: 1_000_000 } as const;
  return runCommand(connection, 'probe', options).finally(() => connection.destroy());
}

const exec = (work: (channel: ServerChannel) => void): ServerBehaviour => ({ exec: work });
const later = (ms: number, work: () => void): void => void setTimeout(work, ms);

describe('a remote command', () => {
  test('is complete although its last output comes after its exit status', async () => {
    const { stdout } = await run(
      exec((channel) => {
        channel.write('one ');
        channel.exit(0);
        later(300, () => channel.write('two '));
        later(600, () => channel.end('three'));
      }),
    );
    expect(stdout.toString()).toBe('one two three');
  });

  test('ends although a background child keeps its outputs open', async () => {
    const began = performance.now();
    const { stdout, code } = await run(
      exec((channel) => {
        channel.write('started');
        channel.exit(0);
      }),
    );
    expect([stdout.toString(), code]).toEqual(['started', 0]);
    expect(performance.now() - began).toBeLessThan(2_500);
  });

  test('that was cut off without an exit status is no answer', async () => {
    const cut = run(exec((channel) => channel.end('half of the tru')));
    await expect(cut).rejects.toMatchObject({ code: 'connection_lost' });
  });

  test('that floods stderr does not stall', async () => {
    const { code } = await run(
      exec((channel) => {
        channel.stderr.write(Buffer.alloc(4_000_000), () => {
          channel.exit(3);
          channel.end();
        });
      }),
    );
    expect(code).toBe(3);
  });

  test('that never ends costs no more than the caller allows', async () => {
    await expect(
      run(
        exec(() => undefined),
        200,
      ),
    ).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('that the server will not start says so', async () => {
    await expect(run({ refusesExec: true })).rejects.toMatchObject({
      code: 'shell_unusable',
      facts: { phase: 'channel' },
    });
  });
});
