import type { McpClient } from '../../server/client.ts';
import { say, show } from './screen.ts';

/** What a person asks, and the call that answers it. */
type Question = readonly [asked: string, tool: string, args?: Record<string, unknown>];

const FIRST: Question = ['How is my firewall? (everything in one question to the box)', 'pf_system_status'];

const LIVE: readonly Question[] = [
  ['Which line carries the traffic?', 'pf_gateway_status'],
  ['Who is this address?', 'pf_host_explain', { host: '192.168.1.10' }],
  ['Who moves the most?', 'pf_state_search', { top: 'sources', limit: 3 }],
  ['What may guests do, in the order pf decides?', 'pf_rule_search', { interface: 'GUEST', limit: 3 }],
  [
    'What did the firewall drop on the way to the printer, and by which rule?',
    'pf_log_search',
    { address: '192.168.1.102', limit: 2 },
  ],
  ['What is forwarded to the inside?', 'pf_nat_list', { kind: 'port forward' }],
  ['Which aliases and tables hold this address?', 'pf_alias_search', { address: '192.168.1.10' }],
  ['Who has a lease, and who of them is there?', 'pf_dhcp_list', { kind: 'dynamic', limit: 2 }],
  ['Which certificates end soon?', 'pf_certificate_list', { withinDays: 60 }],
  ['What was changed between two revisions?', 'pf_config_history', { from: '1794900000', to: '1794990000' }],
  ['Secrets stay on the firewall:', 'pf_config_get', { path: 'ipsec/phase1' }],
  ['and do not leave through a log line:', 'pf_log_search', { text: 'password', limit: 1 }],
];

const OFFLINE: readonly Question[] = [
  ['Rules, without the counters that only pf has:', 'pf_rule_search', { interface: 'GUEST', limit: 2 }],
  ['Certificates, with where they are used:', 'pf_certificate_list', { withinDays: 60 }],
  ['What only a live firewall knows says so:', 'pf_state_search'],
];

/** Asks what people ask; returns how long the first call took, with connecting and starting PHP, in milliseconds. */
export async function liveReads(client: McpClient): Promise<number> {
  const { tools } = await client.client.listTools();
  say(`\nAn MCP client over stdio sees ${tools.length} tools, all of them only read.`);
  const coldMs = await ask(client, FIRST);
  await askAll(client, LIVE);
  return coldMs;
}

export async function offlineReads(client: McpClient): Promise<void> {
  say('\nNow without the firewall: its config.xml, as somebody would mail it, and nothing is contacted.');
  await askAll(client, OFFLINE);
}

async function askAll(client: McpClient, questions: readonly Question[]): Promise<void> {
  for (const question of questions) await ask(client, question);
}

async function ask(client: McpClient, [asked, tool, args]: Question): Promise<number> {
  say(`\n${asked}`);
  const { ms } = await show(client, tool, args);
  return ms;
}
