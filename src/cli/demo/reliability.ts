import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monotonicMs, sleep } from '../../core/clock.ts';
import type { Lab } from '../../lab/lab.ts';
import type { McpClient } from '../../server/client.ts';
import { answer, duration, say, show } from './screen.ts';

const WARM_CALLS = 50;
const KILL_SHOWN_WITHIN_MS = 2_000;
const KILL_POLL_MS = 10;

/** PHP that never comes back: the driver kills it at the deadline and serves the next call. */
export async function runaway(client: McpClient, lab: Lab): Promise<void> {
  const flag = join(lab.address.root, 'var/db/lab-spin');
  writeFileSync(flag, '');
  say('\nA runaway: PHP on the firewall now spins for ever in the next call (deadline of its class: 3 s).\n');
  await show(client, 'pf_service_list', { state: 'stopped' });
  rmSync(flag);
  const began = monotonicMs();
  const left = await phpProcessesLeft(lab, began + KILL_SHOWN_WITHIN_MS);
  say(
    `\nPHP processes on the firewall ${duration(monotonicMs() - began)} later: ${left}. The next call is answered again:\n`,
  );
  await show(client, 'pf_service_list', { state: 'stopped' });
}

/** The answer does not wait for the kill, so this looks again until nothing is left or `until` has come. */
async function phpProcessesLeft(lab: Lab, until: number): Promise<number> {
  const left = lab.processes().filter(({ args }) => args.includes('pfSsh.php')).length;
  if (left === 0 || monotonicMs() >= until) return left;
  await sleep(KILL_POLL_MS);
  return phpProcessesLeft(lab, until);
}

/** Warm calls beside the first one, which took `coldMs`. */
export async function latency(client: McpClient, coldMs: number): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < WARM_CALLS; round += 1) {
    const began = monotonicMs();
    await answer(client, 'pf_rule_search', { limit: 1 });
    times.push(monotonicMs() - began);
  }
  times.sort((a, b) => a - b);
  const warm = times[Math.floor(WARM_CALLS / 2)] ?? 0;
  const ratio = (coldMs / warm).toFixed(0);
  say(`\nWhole way from the client and back, warm: p50 ${warm.toFixed(2)} ms of ${WARM_CALLS} calls.`);
  say(`The first call, with connecting and starting PHP: ${coldMs.toFixed(0)} ms (${ratio} times as long).`);
}

export async function health(client: McpClient): Promise<void> {
  const { structuredContent } = await client.call('pf_health');
  say(`\n> pf_health (NEVERHANG and A.L.A.N., numbers of this run)\n${JSON.stringify(structuredContent, null, 1)}`);
}
