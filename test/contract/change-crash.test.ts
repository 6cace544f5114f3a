import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NAMED_POINTS } from '../crash/named-points.ts';
import { LATE, Stage } from '../crash/stage.ts';
import { openTargetBox } from '../crash/target-box.ts';
import { readTarget } from './target.ts';

const FILE = process.env['PFSENSE_TARGET'];
const INSPECT = FILE === undefined ? [] : readTarget(FILE).inspect;

/**
 * Whether pfSense's code runs on this machine's kernel, where calls can be met by a preloaded library. The lab has the
 * whole matrix of its own: `npm run test:crash`.
 */
function isRealCode(): boolean {
  const [program, ...words] = INSPECT;
  if (program === undefined) return false;
  try {
    execFileSync(program, [...words, '/bin/sh', '-c', 'test -d /var/db/realbox'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.runIf(isRealCode())('a change ends as before or as confirmed', () => {
  let stage: Stage;
  beforeAll(async () => {
    const login = readTarget(FILE ?? '').users['root'];
    if (!login) throw new Error('The target has no user root.');
    stage = new Stage(await openTargetBox(login, INSPECT));
  });
  afterAll(() => stage?.close());

  test.each(NAMED_POINTS)('when $name', { timeout: 300_000 }, async (point) => {
    let found = await stage.run(point);
    // Times say something about this machine as well: the best of three counts.
    for (let tries = 1; tries < 3 && found.problems.join() === LATE; tries += 1) found = await stage.run(point);
    expect(found).toMatchObject({ problems: [], met: expect.any(String) });
    expect(['confirmed', 'reverted', 'prepared', 'none']).toContain(found.state);
  });
});
