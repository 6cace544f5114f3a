import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCatalogue } from '../../src/pfsense/catalogue.ts';
import { encodeRequest, FrameDecoder } from '../../src/ssh/frames.ts';
import { runnerLine } from '../../src/ssh/runner-line.ts';

const RUNNER = openCatalogue().runner();
const NONCE = 'c0ffee';
const hasPhp = spawnSync('php', ['-r', 'exit(function_exists("pcntl_alarm") ? 0 : 1);']).status === 0;

interface Reply {
  readonly ok?: boolean;
  readonly value?: unknown;
  readonly error?: unknown;
  readonly ms?: number;
}

let php: ChildProcessWithoutNullStreams;
let replies: Reply[];
let requests: number;

beforeEach(async () => {
  if (!hasPhp) return;
  php = spawn('php', ['-r', 'eval(fgets(STDIN));']);
  php.stdin.on('error', () => undefined);
  replies = [];
  requests = 0;
  const decoder = new FrameDecoder(NONCE);
  php.stdout.on('data', (chunk: Buffer) => replies.push(...decoder.push(chunk).map((json) => JSON.parse(json))));
  php.stdin.write(`${runnerLine(RUNNER, NONCE)}\n`);
  await reply(0);
});
afterEach(() => void php?.kill('SIGKILL'));

async function reply(index: number): Promise<Reply> {
  await expect.poll(() => replies.length, { timeout: 8_000 }).toBeGreaterThan(index);
  return replies[index] ?? {};
}

/** Runs the body of a snippet; resolves with the whole reply. */
function ask(body: string, deadlineMs = 5_000): Promise<Reply> {
  requests += 1;
  const source = `<?php\nreturn static function (array $in): array { ${body} };\n`;
  const sha256 = createHash('sha256').update(source).digest('hex');
  php.stdin.write(encodeRequest({ id: requests, snippet: 'test/made', sha256, source, input: {}, deadlineMs }));
  return reply(requests);
}

/** A daemon at a Unix socket. */
async function listening(path: string, answer: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    answer(socket);
  });
  server.listen(path);
  await once(server, 'listening');
  return server;
}

test('the line that starts the runner fits into the line reader of pfSsh.php', () => {
  expect(runnerLine(RUNNER, NONCE).length).toBeLessThan(32_000);
});

describe.runIf(hasPhp)('the runner', () => {
  test('waits for a program that closes its outputs and works on', async () => {
    const { value } = await ask('return McpBox::run(["/bin/sh", "-c", "exec >&- 2>&-; sleep 1.5; exit 7"]);');
    expect(value).toMatchObject({ code: 7, timedOut: false });
  });

  test('does not wait for a background child that keeps the outputs', async () => {
    const { value, ms } = await ask('return McpBox::run(["/bin/sh", "-c", "sleep 3 & echo started"]);');
    expect(value).toMatchObject({ code: 0, stdout: 'started\n' });
    expect(ms).toBeLessThan(2_000);
  });

  test('gives a program less time than the call has, so that the snippet can still answer', async () => {
    const { value } = await ask('return McpBox::run(["/bin/sleep", "30"]);', 1_900);
    expect(value).toMatchObject({ timedOut: true, truncated: false });
  });

  test('ends a program that says too much', async () => {
    const { value } = await ask('return ["stdout" => ""] + McpBox::run(["/usr/bin/yes"]);');
    expect(value).toMatchObject({ truncated: true, timedOut: false });
  });

  test('hands on line by line what would not fit into memory', async () => {
    const { value } = await ask(
      '$n = $last = 0; foreach (McpBox::lines(["/usr/bin/seq", "2000000"], $ok) as $line) { $n++; $last = $line; } return [$n, $last, $ok, memory_get_peak_usage() < 64000000];',
    );
    expect(value).toEqual([2_000_000, '2000000', true, true]);
  });

  test('ends a program whose lines nobody wants any more, and says that it failed or is missing', async () => {
    const { value, ms } = await ask(
      'foreach (McpBox::lines(["/usr/bin/yes"]) as $line) { break; } foreach (McpBox::lines(["/bin/sh", "-c", "echo a; exit 3"], $ok) as $line); foreach (McpBox::lines(["/no/such"], $none) as $line); return [$line, $ok, $none];',
    );
    expect(value).toEqual(['a', false, false]);
    expect(ms).toBeLessThan(2_000);
  });

  test('feeds a program more than a pipe holds', async () => {
    const { value } = await ask(
      'return [md5(McpBox::run(["/bin/cat"], str_repeat("x", 1000000))["stdout"]) === md5(str_repeat("x", 1000000))];',
    );
    expect(value).toEqual([true]);
  });

  test('says what is saved and not applied yet, in the reply to every call', async () => {
    expect(await ask('return ["well"];')).toHaveProperty('pending', expect.any(Array));
  });

  test('does not wait for monitors that hang, however many, and tells the others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
    const silent = await listening(join(folder, 'silent'), () => undefined);
    const fresh = await listening(join(folder, 'fresh'), (socket) => socket.end('FRESH 0 0 0\n'));
    const well = await listening(join(folder, 'well'), (socket) => socket.end('WELL 8100 400 0\n'));
    const { value, ms } = await ask(
      `function get_gateways() { return array_fill_keys(['FRESH', 'WELL', 'A', 'B', 'C', 'D', 'E', 'F'], []); }
      function running_dpinger_processes() {
        return array_map(fn ($name) => ['targetip' => '', 'socket' => '${folder}/' . ($name === 'FRESH' || $name === 'WELL' ? strtolower($name) : 'silent')],
          array_combine($names = array_keys(get_gateways()), $names));
      }
      function get_dpinger_status($gateway, $proc) {
        return ['status' => 'online', 'substatus' => 'none', 'targetip' => '', 'latency_avg' => 8.1, 'latency_stddev' => 0.4, 'loss' => '0'];
      }
      define('GW_CACHE_DISABLED', 1);
      define('GW_CACHE_INACTIVE', 4);
      return array_column(array_map(fn ($row) => [$row['gateway']['name'], $row['state']['status'] ?? null], McpBox::gateways()), 1, 0);`,
      20_000,
    );
    for (const server of [silent, fresh, well]) server.close();
    rmSync(folder, { recursive: true });
    const unknown = Object.fromEntries(['A', 'B', 'C', 'D', 'E', 'F'].map((name) => [name, null]));
    expect(value).toEqual({ FRESH: 'pending', WELL: 'online', ...unknown });
    expect(ms).toBeLessThan(3_500);
  });

  test('ends a call that swallowed the first alarm, and answers the next', async () => {
    const { error } = await ask('try { while (true) {} } catch (Throwable $e) {} while (true) {}', 1_000);
    expect(error).toMatchObject({ code: 'box_timeout' });
    expect((await ask('return ["well"];')).value).toEqual(['well']);
  });

  test('has a last word when the memory is used up', async () => {
    const last = await ask('ini_set("memory_limit", "48M"); $a = []; while (true) { $a[] = str_repeat("x", 100); }');
    expect(last).toMatchObject({ ok: false, final: true, error: { code: 'snippet_failed' } });
  });

  test.each([
    ['exit', 'ob_start(); echo "x"; exit(4);'],
    ['a fatal error', 'eval("function twice() {}"); eval("function twice() {}"); return [];'],
  ])('has a last word after %s', async (_name, body) => {
    expect(await ask(body)).toMatchObject({ ok: false, final: true });
  });

  test('ends with its input', async () => {
    const exit = once(php, 'exit');
    php.stdin.end();
    const [code] = await exit;
    expect(code).toBe(0);
  });

  test('passes over lines that were meant for the line reader, and leaves at exit', async () => {
    php.stdin.write('\nexec\n');
    expect((await ask('return ["well"];')).value).toEqual(['well']);
    const exit = once(php, 'exit');
    php.stdin.write('exit\n');
    const [code] = await exit;
    expect(code).toBe(0);
  });
});
