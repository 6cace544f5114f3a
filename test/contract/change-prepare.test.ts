import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wallMs } from '../../src/core/clock.ts';
import { openCatalogue } from '../../src/pfsense/catalogue.ts';
import type { SshConnection } from '../../src/ssh/connection.ts';
import type { PhpSession } from '../../src/ssh/php-session.ts';
import { askOnce, open, session } from './driver.ts';
import { HAS_PROCESSES, openTarget, type Target } from './target.ts';

const HOME = '/cf/conf/pfsense-mcp';
const ID = 'a'.repeat(32);
/** How long others try to begin, in milliseconds. */
const TRYING_MS = 3_000;

/** Lays the folder of a change out as far as it matters to those that look at it. */
const LAY = `$lay = static function (string $id, int $age): string {
  $folder = "${HOME}/$id";
  @mkdir($folder, 0700, true);
  touch("$folder/prepared", time() - $age);
  file_put_contents("$folder/order.json", json_encode(["id" => $id, "tier" => "volatile", "at" => time()]));
  return $folder;
};
$clear = static function (string $id): void {
  array_map(static fn ($file) => @unlink($file), glob("${HOME}/$id/*"));
  @rmdir("${HOME}/$id");
};
$goesOn = static function (): bool { clearstatcache(); return !is_file("${HOME}/enough"); };`;

let target: Target;
let connection: SshConnection;
let other: PhpSession;
beforeAll(async () => {
  target = await openTarget();
  const login = target.users['root'];
  if (!login) throw new Error('The target has no user root.');
  connection = await open(login);
  other = await session(connection);
});
afterAll(async () => {
  await onBox(`@unlink("${HOME}/enough"); $clear($in["id"]); return [];`);
  await other.close();
  await connection.close();
  await target.close();
});

function onBox(php: string): Promise<unknown> {
  return askOnce(target.users['root'], `${LAY} ${php}`.replaceAll('\n', ' '), { id: ID });
}

const OTHER = 'f'.repeat(32);

/** Another change that begins now; on a configuration that is not there, so that it always ends here. */
async function prepareAnother(base = 'another'): Promise<string> {
  const rest = { hash: '', mark: '', description: 'a test', person: 'somebody', operations: '[]' };
  const input = { id: OTHER, base, ...rest, tier: 'volatile', programs: [], steps: [], windowSeconds: 60 };
  const signal = AbortSignal.timeout(15_000);
  const program = openCatalogue().program('change/prepare');
  return other.call(program, input, { deadlineMs: 10_000, signal }).then(
    () => 'prepared',
    (error) => String(error.code),
  );
}

/** What those are told who begin another change again and again while something goes on on the firewall. */
async function answersWhile(php: string): Promise<{ answers: Set<string>; found: unknown }> {
  await onBox(`@unlink("${HOME}/enough"); return [];`);
  const going = onBox(php);
  const answers = new Set<string>();
  const isGoingOn = () => onBox(`return [is_dir("${HOME}/${ID}")];`);
  await expect.poll(isGoingOn, { timeout: 10_000 }).toEqual([true]);
  const until = wallMs() + TRYING_MS;
  while (wallMs() < until) answers.add(await prepareAnother());
  await onBox(`return [touch("${HOME}/enough")];`);
  return { answers, found: await going };
}

describe.runIf(HAS_PROCESSES)('while one change is on trial no other begins', () => {
  test('even when its mark moves, on and back, while it is looked for', async () => {
    const php = `$folder = $lay($in["id"], 0); rename("$folder/prepared", "$folder/armed");
      while ($goesOn()) {
        rename("$folder/armed", "$folder/confirming"); usleep(300); rename("$folder/confirming", "$folder/armed"); usleep(300);
      }
      $clear($in["id"]); return [];`;
    expect((await answersWhile(php)).answers).toEqual(new Set(['change_pending']));
  });

  test('even when it is armed while it is looked for', async () => {
    const php = `while ($goesOn()) {
        $lock = fopen("${HOME}/lock", "ce"); flock($lock, LOCK_EX);
        $clear($in["id"]); $folder = $lay($in["id"], 0); fclose($lock);
        usleep(random_int(0, 2000)); rename("$folder/prepared", "$folder/armed"); usleep(500);
      }
      $clear($in["id"]); return [];`;
    expect((await answersWhile(php)).answers).toEqual(new Set(['change_pending']));
  });
});

test.runIf(HAS_PROCESSES)('a change that was prepared long ago is armed whole or thrown away whole', async () => {
  const php = `for ($seen = ["armed" => 0, "thrown" => 0, "torn" => 0]; $goesOn(); $clear($in["id"])) {
      $folder = $lay($in["id"], 60); usleep(random_int(0, 6000));
      $isArmed = @rename("$folder/prepared", "$folder/armed"); usleep(3000); clearstatcache();
      $seen[!$isArmed ? "thrown" : (is_file("$folder/order.json") ? "armed" : "torn")]++;
    }
    return $seen;`;
  const { answers, found } = await answersWhile(php);
  expect(answers).toEqual(new Set(['change_pending', 'plan_stale']));
  const { armed, thrown, torn } = Object(found);
  expect(torn).toBe(0);
  expect(Math.min(armed, thrown)).toBeGreaterThan(0);
});

test.runIf(HAS_PROCESSES)(
  'who is stuck while a change is cleared away does not keep the next one waiting',
  async () => {
    const hold = `$lock = fopen("${HOME}/hook.lock", "ce"); flock($lock, LOCK_EX);
    file_put_contents("${HOME}/held", ""); while ($goesOn()) { usleep(10000); } return [];`;
    await onBox(`@mkdir("${HOME}"); @unlink("${HOME}/enough"); return [];`);
    const stuck = onBox(hold);
    await expect.poll(() => onBox(`return [is_file("${HOME}/held")];`), { timeout: 10_000 }).toEqual([true]);
    const { hash } = Object(await onBox('return ["hash" => hash_file("sha256", "/cf/conf/config.xml")];'));
    expect(await prepareAnother(hash)).toBe('change_pending');
    expect(
      await onBox(`return [is_dir("${HOME}/${OTHER}"), unlink("${HOME}/held"), touch("${HOME}/enough")];`),
    ).toEqual([false, true, true]);
    await stuck;
    expect(await prepareAnother(hash)).toBe('prepared');
    await onBox(`$clear("${OTHER}"); return [unlink("/usr/local/etc/rc.d/pfsense-mcp.sh")];`);
  },
);
