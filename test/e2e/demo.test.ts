import { execFile } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';

const MAIN = new URL('../../dist/cli/main.js', import.meta.url).pathname;
/** A change is left to itself for half a minute. */
const LONGEST_MS = 150_000;

describe('the demo', () => {
  let code: number;
  let shown: string;
  beforeAll(
    () =>
      new Promise<void>((resolve) => {
        const options = { env: { PATH: process.env['PATH'] ?? '' }, timeout: LONGEST_MS };
        execFile(process.execPath, [MAIN, 'demo'], options, (error, stdout) => {
          code = error === null ? 0 : 1;
          shown = stdout;
          resolve();
        });
      }),
    LONGEST_MS,
  );

  test('ends well and gets an answer to all but what cannot be answered, and what would lock out', () => {
    const refused = shown.match(/^\{"error":\{"code":"\w+"/gm);
    expect(refused).toEqual([
      '{"error":{"code":"timeout"',
      '{"error":{"code":"lockout_risk"',
      '{"error":{"code":"live_only"',
    ]);
    expect(code).toBe(0);
  });

  test('makes a change that is confirmed, and another that the firewall takes back', () => {
    expect(shown).toMatch(/"state":"permanent"/);
    expect(shown).toMatch(/"state":"reverted","inForce":false,"endedBy":"switch"/);
  });

  test('leaves no PHP that spins', () => {
    expect(shown).toMatch(/PHP processes on the firewall .* later: 0\./);
  });

  test('shows no secret of the configuration', () => {
    expect(shown).toContain('‹pre-shared-key:');
    expect(shown).not.toMatch(/lab-only-|hunter2/);
  });
});
