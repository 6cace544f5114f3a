import { monotonicMs, sleep } from '../../core/clock.ts';
import type { McpClient, Person } from '../../server/client.ts';
import { answer, say, show } from './screen.ts';

/** The shortest that a plan may have, in seconds. */
const WINDOW_SECONDS = 30;
/** The window, and what the firewall may take to notice its end and to load the old rules, in milliseconds. */
const PATIENCE_MS = 60_000;
const POLL_MS = 1_000;

const NEW_SERVER = [
  {
    kind: 'alias.create',
    args: { name: 'new_web', type: 'host', members: [{ value: '192.168.1.60' }], description: 'Where the web moves' },
  },
  {
    kind: 'firewall_rule.add',
    args: {
      type: 'pass',
      interface: 'lan',
      protocol: 'tcp',
      source: { address: 'lan' },
      destination: { address: 'new_web', port: 443 },
      description: 'To the new web server',
    },
  },
];

const OTHER_ADDRESS = [
  { kind: 'interface.update', args: { interface: 'lan', ipv4: { type: 'static', address: '192.168.7.1/24' } } },
];

const FORGOTTEN = [
  { kind: 'alias.create', args: { name: 'forgotten', type: 'host', members: [{ value: '192.168.1.61' }] } },
];

/** The person at the client of the demo, who is simulated, and says yes to everything that is shown. */
export const approver: Person = (question) => {
  say(`\n  The person at the client (simulated) is asked:\n${question.replaceAll(/^/gm, '  | ')}\n  and says yes.\n`);
  return true;
};

/** Planned, tried out and made permanent. */
export async function confirmedChange(client: McpClient): Promise<void> {
  say('\nA change, now that the settings allow it: an alias and a rule that uses it, in one plan.');
  const plan = await planned(client, NEW_SERVER, 'the web server moves');
  await show(client, 'pf_change_apply', { plan });
  await show(client, 'pf_change_confirm', { plan });
}

/** Would cut the very connection that it comes by; nobody can allow that. */
export async function refusedChange(client: McpClient): Promise<void> {
  say('\nA change that would lock us out: another address for the interface by which this session came in.');
  const plan = await planned(client, OTHER_ADDRESS, 'a new network for the office');
  await show(client, 'pf_change_apply', { plan });
}

/** Tried out, and never confirmed; returns the plan. */
export async function leftAlone(client: McpClient): Promise<string> {
  say(`\nA change that nobody confirms within ${WINDOW_SECONDS} s, as if the connection were gone for good.`);
  const plan = await planned(client, FORGOTTEN, 'somebody goes to lunch');
  await show(client, 'pf_change_apply', { plan });
  return plan;
}

/** Shows that the firewall took the change back by itself. */
export async function undone(client: McpClient, plan: string): Promise<void> {
  say('\nMeanwhile on the firewall, with nobody there:');
  const began = monotonicMs();
  while ((await stateOf(client, plan)) !== 'reverted' && monotonicMs() - began < PATIENCE_MS) await sleep(POLL_MS);
  await show(client, 'pf_change_status', { plan });
}

async function stateOf(client: McpClient, plan: string): Promise<string> {
  const { changes } = JSON.parse(await answer(client, 'pf_change_status', { plan }));
  return changes[0].state;
}

async function planned(client: McpClient, changes: readonly unknown[], reason: string): Promise<string> {
  const { text } = await show(client, 'pf_change_plan', { changes, reason, windowSeconds: WINDOW_SECONDS });
  return JSON.parse(text).plan;
}
