import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FaultProxy } from './proxy.ts';
import { pause } from './stage.ts';

/** Answers every chunk with itself. */
let echo: Server;
let proxy: FaultProxy;
const open: Socket[] = [];

beforeEach(async () => {
  echo = createServer((socket) => socket.pipe(socket).on('error', () => undefined));
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const address = echo.address();
  proxy = await FaultProxy.open(typeof address === 'object' && address ? address.port : 0);
});

afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  await proxy.close();
  await new Promise((resolve) => echo.close(resolve));
});

interface Seen {
  readonly socket: Socket;
  text: string;
  end: string | undefined;
}

function dial(): Promise<Seen> {
  const socket = connect(proxy.port, '127.0.0.1');
  const seen: Seen = { socket, text: '', end: undefined };
  open.push(socket);
  socket.on('data', (chunk: Buffer) => {
    seen.text += chunk.toString('latin1');
  });
  socket.on('end', () => {
    seen.end ??= 'FIN';
  });
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(seen));
    socket.on('error', (error) => {
      seen.end = 'code' in error ? String(error.code) : error.message;
      resolve(seen);
    });
    setTimeout(() => resolve(seen), 400);
  });
}

async function say(seen: Seen, text: string): Promise<string> {
  seen.text = '';
  seen.socket.write(text);
  await pause(60);
  return seen.text;
}

describe('the fault proxy', () => {
  test('passes bytes on while nothing is wrong', async () => {
    expect(await say(await dial(), 'hello')).toBe('hello');
  });

  test('refuses, and accepts again when it is healed', async () => {
    await proxy.meet('refused');
    expect((await dial()).end).toBe('ECONNREFUSED');
    await proxy.heal();
    expect(await say(await dial(), 'hello')).toBe('hello');
  });

  test('swallows SYNs, so that a connect neither succeeds nor fails', async () => {
    await proxy.meet('blackhole');
    const { socket, end } = await dial();
    expect(end).toBeUndefined();
    expect(socket.connecting).toBe(true);
  });

  test('ends a connection by FIN and by RST', async () => {
    const [first, second] = [await dial(), await dial()];
    await say(first, 'a');
    proxy.strike('fin');
    await pause(50);
    expect(first.end).toBe('FIN');
    expect(second.end).toBe('FIN');
    const third = await dial();
    await say(third, 'a');
    proxy.strike('rst');
    await pause(50);
    expect(third.end).toBe('ECONNRESET');
  });

  test('flips one bit once', async () => {
    const seen = await dial();
    await say(seen, 'a');
    proxy.strike('corrupt');
    expect(await say(seen, 'hello')).not.toBe('hello');
    expect(await say(seen, 'hello')).toBe('hello');
  });

  test.each(['stall', 'drop replies', 'drop requests'] as const)('lets nothing through: %s', async (fault) => {
    const seen = await dial();
    await say(seen, 'a');
    proxy.strike(fault);
    expect(await say(seen, 'hello')).toBe('');
    expect(seen.end).toBeUndefined();
  });

  test('drips one byte a second', async () => {
    const seen = await dial();
    await say(seen, 'a');
    proxy.strike('drip');
    await say(seen, 'hello');
    await pause(2_100);
    expect(seen.text).toBe('he');
  });

  test('speaks no SSH where a web server answers', async () => {
    await proxy.meet('web server');
    const seen = await dial();
    await pause(50);
    expect(seen.text).toMatch(/^HTTP\/1\.1 400/);
  });
});
