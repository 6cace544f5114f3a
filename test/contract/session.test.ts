import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SshConnection } from '../../src/ssh/connection.ts';
import type { PhpSession } from '../../src/ssh/php-session.ts';
import { ask, eventually, open, session, snippet } from './driver.ts';
import { HAS_PROCESSES, openTarget, type Target, USERS } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

describe.each(USERS)('a PHP session of %s', (user) => {
  let connection: SshConnection;
  let php: PhpSession;
  beforeEach(async () => {
    const settings = target.users[user];
    if (!settings) throw new Error(`The target has no user ${user}.`);
    connection = await open(settings);
    php = await session(connection);
  });
  afterEach(async () => {
    await php.close();
    await connection.close();
  });

  test('announces itself with what the firewall is', async () => {
    expect(php.hello.uid).toBe(0);
    expect(php.hello.version).toBe((await target.readFile('/etc/version')).trim());
    expect(await target.readFile('/cf/conf/config.xml')).toContain(`<version>${php.hello.configVersion}</version>`);
  });

  test('answers with the configuration of the box', async () => {
    const host = await ask(php, 'return ["host" => config_get_path("system/hostname")];');
    const wanted = /<hostname>([^<]+)</.exec(await target.readFile('/cf/conf/config.xml'))?.[1];
    expect(host).toEqual({ host: wanted });
  });

  test.each([
    ['new lines and words of the line reader', 'x\nreset\n! touch /tmp/pwned\nexec\nexit\n'],
    ['quotes, dollars and backticks', '\'"`$(id)$HOME\\'],
    ['separators and NUL', '\u2028\u2029\0\u0085'],
    ['ends of PHP, XML and heredocs', '?>]]><?php\nEOT;\n'],
    ['a frame of its own', '\u001eabc 2 00000000\n{}\n'],
  ])('carries %s unchanged both ways', async (_name, text) => {
    expect(await ask(php, 'return $in;', { text })).toEqual({ text });
  });

  test('carries a megabyte both ways', async () => {
    const text = 'äöü\n'.repeat(200_000);
    expect(await ask(php, 'return ["length" => strlen($in["text"]), "text" => $in["text"]];', { text })).toEqual({
      length: Buffer.byteLength(text),
      text,
    });
  });

  test.each([
    ['an exception', 'throw new Exception("boo");'],
    ['an undefined function', 'no_such_function();'],
    ['a type error', 'strlen([]);'],
  ])('reports %s and goes on', async (_name, body) => {
    await expect(ask(php, body)).rejects.toMatchObject({ code: 'snippet_failed' });
    expect(await ask(php, 'return ["well" => true];')).toEqual({ well: true });
  });

  test('reports a parse error and goes on', async () => {
    await expect(ask(php, 'this is no PHP')).rejects.toMatchObject({ code: 'snippet_failed' });
    expect(await ask(php, 'return ["well" => true];')).toEqual({ well: true });
  });

  test('keeps what libraries print, and open buffers, out of the answer', async () => {
    expect(await ask(php, 'echo "noise"; ob_start(); echo str_repeat("x", 100000); return ["well" => true];')).toEqual({
      well: true,
    });
  });

  test('answers after output buffers were left open by an exception', async () => {
    await expect(ask(php, 'ob_start(); ob_start(); echo "y"; throw new Exception();')).rejects.toMatchObject({
      code: 'snippet_failed',
    });
    expect(await ask(php, 'return ["level" => ob_get_level() > 0];')).toEqual({ level: true });
  });

  test('refuses an answer that is too large and goes on', async () => {
    await expect(ask(php, 'return [str_repeat("z", 17000000)];')).rejects.toMatchObject({ code: 'reply_too_large' });
    expect(await ask(php, 'return ["well" => true];')).toEqual({ well: true });
  });

  test('replaces bytes that are not UTF-8', async () => {
    expect(await ask(php, 'return ["text" => "a\\xff"];')).toEqual({ text: 'a\ufffd' });
  });

  test('turns the end of the process into a typed reply', async () => {
    await expect(ask(php, 'die("bye");')).rejects.toMatchObject({ code: 'snippet_failed' });
    expect(php.isOpen).toBe(false);
  });

  test('runs programs with an argument vector that no shell sees', async () => {
    const result = await ask(php, 'return McpBox::run(["/bin/echo", "$(id) `id` ; > x"]);');
    expect(result).toMatchObject({ code: 0, stdout: '$(id) `id` ; > x\n' });
  });

  test('bounds a program that does not come back', async () => {
    const result = await ask(php, 'return McpBox::run(["/bin/sleep", "30"], "", 0.5);');
    expect(result).toMatchObject({ timedOut: true });
  });

  test('reads a configuration that was written meanwhile without touching the cache of pfSense', async () => {
    const look = `clearstatcache(); $cache = "/tmp/config.cache";
      return ["cache" => is_file($cache) ? [md5_file($cache), filemtime($cache), fileinode($cache)] : null, "host" => config_get_path("system/hostname")];`;
    const before = await ask(php, look);
    await ask(php, 'touch("/cf/conf/config.xml", filemtime("/cf/conf/config.xml") - 5); return [];');
    await ask(php, '$GLOBALS["config"]["system"]["hostname"] = "from memory"; return [];');
    await ask(php, 'touch("/cf/conf/config.xml", filemtime("/cf/conf/config.xml") + 5); return [];');
    expect(await ask(php, look)).toEqual(before);
  });

  test('forgets between calls what pfSense keeps for one page view', async () => {
    await ask(
      php,
      '$GLOBALS["GatewaysCache"] = ["old" => []]; $GLOBALS["interface_ip_arr_cache"] = ["x" => "1"]; return [];',
    );
    expect(
      await ask(php, 'return [$GLOBALS["GatewaysCache"] ?? null, $GLOBALS["interface_ip_arr_cache"] ?? null];'),
    ).toEqual([null, null]);
  });

  test('leaves no process behind when it is closed', async () => {
    const before = (await target.sessions()).length;
    expect(before).toBeGreaterThan(0);
    await php.close();
    expect(await eventually(async () => (await target.sessions()).length < before, 5_000)).toBe(true);
  });

  test('kills a spinning call when the caller leaves', async () => {
    const before = (await target.sessions()).length;
    const leave = new AbortController();
    const spin = snippet('while (true) {}');
    const call = php.call(spin, {}, { deadlineMs: 60_000, signal: leave.signal });
    setTimeout(() => leave.abort(new Error('left')), 300);
    await expect(call).rejects.toThrow('left');
    expect(await eventually(async () => (await target.sessions()).length < before, 3_000)).toBe(true);
  });

  test('leaves no process behind when the connection is cut', async () => {
    const before = (await target.sessions()).length;
    connection.destroy();
    expect(await eventually(async () => (await target.sessions()).length < before, 6_000)).toBe(true);
  });

  test('leaves no process behind when the connection is cut during a spinning call', async () => {
    const before = (await target.sessions()).length;
    const call = ask(php, 'while (true) {}', {}, 2_000).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    connection.destroy();
    await call;
    expect(await eventually(async () => (await target.sessions()).length < before, 7_000)).toBe(true);
  });
});

describe('plain PHP, where pfSsh.php does not start', () => {
  test('serves the same calls', async () => {
    const settings = target.users['root'];
    if (!settings) throw new Error('The target has no user root.');
    const connection = await open(settings);
    const php = await session(connection, 'php');
    const wanted = /<hostname>([^<]+)</.exec(await target.readFile('/cf/conf/config.xml'))?.[1];
    expect(await ask(php, 'return ["host" => config_get_path("system/hostname")];')).toEqual({ host: wanted });
    await php.close();
    await connection.close();
  });
});

describe('a deadline on the firewall', () => {
  test.runIf(HAS_PROCESSES)('ends the call as a typed error while the session lives', async () => {
    const settings = target.users['root'];
    if (!settings) throw new Error('The target has no user root.');
    const connection = await open(settings);
    const php = await session(connection);
    await expect(ask(php, 'while (true) {}', {}, 1_500)).rejects.toMatchObject({ code: 'box_timeout' });
    expect(await ask(php, 'return ["well" => true];')).toEqual({ well: true });
    await php.close();
    await connection.close();
  });
});
