import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../../src/lab/lab.ts';

const MAIN = new URL('../../dist/cli/main.js', import.meta.url).pathname;
const LONG_MS = 170_000;

let lab: Lab;
let folder: string;
beforeAll(async () => {
  lab = await startLab();
  folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true });
});

function environmentOf(name: string, settings: Record<string, unknown>): Record<string, string> {
  const { host, port, privateKeyFile, hostKey } = lab.address;
  const firewalls = { fw: { host, port, user: 'root', privateKey: privateKeyFile, hostKey, sshConfig: false } };
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ firewalls, healthIntervalMs: 0, ...settings }), { mode: 0o600 });
  const state = join(folder, name);
  return { PATH: process.env['PATH'] ?? '', HOME: folder, PFSENSE_MCP_CONFIG: file, PFSENSE_MCP_STATE: state };
}

type Reply = { action: 'accept' | 'decline' | 'cancel'; content?: Record<string, string | boolean> };

interface Script {
  readonly client: Client;
  readonly state: string;
  /** The structured answer, or the code of the error. */
  ask(tool: string, args: unknown): Promise<Record<string, unknown> | string>;
}

/** A client with all permissions that answers what it is asked as told; undefined: it cannot be asked. */
async function start(name: string, reply: Reply | undefined, settings: Record<string, unknown> = {}): Promise<Script> {
  const env = environmentOf(name, { permissions: ['read', 'service', 'config', 'dangerous'], ...settings });
  const client = new Client({ name: 'a script', version: '1' }, { capabilities: reply ? { elicitation: {} } : {} });
  if (reply) client.setRequestHandler(ElicitRequestSchema, () => reply);
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [MAIN], env, stderr: 'ignore' }));
  return {
    client,
    state: env['PFSENSE_MCP_STATE'] ?? '',
    async ask(tool, args) {
      const sent = client.callTool({ name: tool, arguments: Object(args) }, undefined, { timeout: 150_000 });
      const { isError, content, structuredContent } = CallToolResultSchema.parse(await sent);
      const [first] = content;
      if (isError !== true) return Object(structuredContent);
      return String(JSON.parse(first?.type === 'text' ? first.text : '').error.code);
    },
  };
}

const onBox = (path: string): string => readFileSync(join(lab.address.root, path), 'utf8');
const configHash = (): string => createHash('sha256').update(onBox('cf/conf/config.xml')).digest('hex');
const trials = (): string[] => {
  try {
    return readdirSync(join(lab.address.root, 'cf/conf/pfsense-mcp')).filter((name) => name.length === 32);
  } catch {
    return [];
  }
};

async function planAlias(script: Script, name: string): Promise<string> {
  const changes = [{ kind: 'alias.create', args: { name, type: 'network', members: [{ value: '198.18.7.0/24' }] } }];
  const planned = await script.ask('pf_change_plan', { changes, reason: 'what a script tries', windowSeconds: 60 });
  expect(planned).toMatchObject({ canApply: true });
  return String(Object(planned).plan);
}

const CONFIRMING = ['confirm', 'confirmed', 'force', 'approve', 'approved', 'approval', 'yes', 'override', 'person'];

/** Values for one argument, by its schema: what fits it, and the ids of plans, real and made up. */
function valuesFor(schema: Record<string, unknown>, plan: string): unknown[] {
  const { type, enum: names, anyOf, default: usual } = schema;
  if (Array.isArray(names)) return names.slice(0, 2);
  if (Array.isArray(anyOf)) return anyOf.flatMap((one) => valuesFor(one, plan)).slice(0, 2);
  if (usual !== undefined) return [usual];
  if (type === 'boolean') return [true];
  if (type === 'integer' || type === 'number') return [Number(schema['minimum'] ?? 1)];
  if (type === 'array') return [[]];
  if (type === 'object') return [{}];
  return [plan, plan.slice(0, 8), 'f'.repeat(32)];
}

/** Every combination would be too many: each argument alone, all together, and with words that might allow something. */
function argumentsFor(schema: Record<string, unknown>, plan: string): Record<string, unknown>[] {
  const properties: [string, Record<string, unknown>][] = Object.entries(Object(schema['properties']));
  const all = Object.fromEntries(properties.map(([name, one]) => [name, valuesFor(one, plan)[0]]));
  const single = properties.flatMap(([name, one]) => valuesFor(one, plan).map((value) => ({ [name]: value })));
  const required = Object.fromEntries(
    (Array.isArray(schema['required']) ? schema['required'] : []).map((name) => [name, all[String(name)]]),
  );
  const worded = CONFIRMING.map((word) => ({ ...required, [word]: true }));
  return [{}, all, ...single.slice(0, 8), ...worded];
}

/** These answer by themselves after a while, or do what their level allows to one who has it. */
const SLOW = new Set(['pf_packet_capture', 'pf_diagnostic_run', 'pf_log_search']);

const CLIENTS: readonly (readonly [string, Reply | undefined])[] = [
  ['cannot be asked', undefined],
  ['declines', { action: 'decline' }],
  ['cancels', { action: 'cancel' }],
  ['accepts without an answer', { action: 'accept' }],
  ['accepts with other words', { action: 'accept', content: { allow: 'true', allowed: true, yes: true } }],
  ['accepts with a no', { action: 'accept', content: { allow: false } }],
];

describe.each(CLIENTS)('a client that %s', (manner, reply) => {
  test(
    'applies nothing, whatever it tries',
    async () => {
      const script = await start(`script-${CLIENTS.findIndex(([one]) => one === manner)}`, reply);
      const before = configHash();
      const plan = await planAlias(script, 'script_a');
      const { tools } = await script.client.listTools();
      for (const { name, inputSchema } of tools) {
        const words = JSON.stringify(inputSchema);
        for (const word of CONFIRMING) expect(words, name).not.toContain(`"${word}":{`);
      }
      const changing = tools.filter(({ name }) => /^pf_(change|action)_(apply|confirm|run)$/.test(name));
      expect(changing).toHaveLength(3);
      // Tools that only read are tried with everything by the first of the clients.
      const tried = reply === undefined ? tools.filter(({ name }) => !SLOW.has(name)) : changing;
      let calls = 0;
      for (const { name, inputSchema } of tried)
        for (const args of argumentsFor(inputSchema, plan)) {
          const answer = await script.ask(name, args);
          calls += 1;
          if (/_(apply|confirm|run)$/.test(name) && /^pf_(change|action)/.test(name))
            expect(
              ['approval_needed', 'refused', 'plan_unknown', 'bad_input'],
              `${name} ${JSON.stringify(args)}`,
            ).toContain(answer);
        }
      expect(calls).toBeGreaterThan(tried.length * 10);
      expect(configHash()).toBe(before);
      expect(trials()).toEqual([]);
      await script.client.close();
    },
    LONG_MS,
  );
});

describe('an approval', () => {
  test(
    'that was written into a file by hand, or asked of the command without a terminal, is none',
    async () => {
      const script = await start('forger', undefined);
      const plan = await planAlias(script, 'script_b');
      const file = join(script.state, 'plans', `${plan}.json`);
      const { record, seal } = JSON.parse(readFileSync(file, 'utf8'));
      const approval = { step: 'apply', channel: 'terminal', person: 'root', at: Date.now(), hash: record.plan.hash };
      const other = 'ab'.repeat(16);
      const forged = { ...record, approvals: [approval] };
      writeFileSync(
        join(script.state, 'plans', `${other}.json`),
        JSON.stringify({ record: { ...forged, plan: { ...record.plan, id: other } }, seal }),
      );
      expect(await script.ask('pf_change_apply', { plan: other })).toBe('plan_unknown');
      for (const text of [forged, { record: forged, seal }, { record: forged }]) {
        writeFileSync(file, JSON.stringify(text));
        expect(await script.ask('pf_change_apply', { plan })).toBe('plan_unknown');
      }
      writeFileSync(file, JSON.stringify({ record, seal }));
      const env = environmentOf('forger', { permissions: ['read', 'config'] });
      const said = await new Promise<string>((resolve) => {
        const child = execFile(process.execPath, [MAIN, 'approve', plan], { env }, (_error, out, err) =>
          resolve(out + err),
        );
        child.stdin?.end(`${plan.slice(0, 4)}\n`);
      });
      expect(said).toContain('terminal');
      expect(await script.ask('pf_change_apply', { plan })).toBe('approval_needed');
      expect(trials()).toEqual([]);
      await script.client.close();
    },
    LONG_MS,
  );

  test(
    'that was written beforehand holds until text of strangers was shown',
    async () => {
      const script = await start('policy', undefined, { approve: [{ kind: 'alias.create' }] });
      const plan = await planAlias(script, 'script_c');
      expect(await script.ask('pf_change_apply', { plan })).toMatchObject({ state: 'on trial', inForce: true });
      await script.ask('pf_log_search', { limit: 1 });
      expect(await script.ask('pf_change_confirm', { plan })).toBe('approval_needed');
      expect(await script.ask('pf_change_rollback', { plan })).toMatchObject({ state: 'reverted' });
      const next = await planAlias(script, 'script_d');
      expect(await script.ask('pf_change_apply', { plan: next })).toBe('approval_needed');
      await script.client.close();
    },
    LONG_MS,
  );

  test(
    'of a person does it, within the levels, the rules and the limit of the settings',
    async () => {
      const yes: Reply = { action: 'accept', content: { allow: true } };
      const script = await start('person', yes, { maxChangesPerHour: 1, deny: [{ path: 'nat' }] });
      const npt = [
        { kind: 'nat_npt.add', args: { interface: 'wan', source: 'fd00:1::/64', destination: '2001:db8:1::/64' } },
      ];
      expect(await script.ask('pf_change_plan', { changes: npt, reason: 'what is denied' })).toBe('refused');
      const [plan, next] = [await planAlias(script, 'script_e'), await planAlias(script, 'script_f')];
      expect(await script.ask('pf_change_apply', { plan })).toMatchObject({ state: 'on trial' });
      expect(await script.ask('pf_change_apply', { plan })).toBe('change_over');
      expect(await script.ask('pf_change_apply', { plan: next })).toBe('refused');
      expect(await script.ask('pf_change_rollback', { plan })).toMatchObject({ state: 'reverted' });
      const lines = readFileSync(join(script.state, 'audit.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const applied = lines.filter(({ tool, change }) => tool === 'pf_change_apply' && change?.plan === plan);
      expect(applied.map(({ outcome }) => outcome)).toEqual(['begun', 'ok']);
      expect(applied[0].change).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/), base: configHash() });
      await script.client.close();
    },
    LONG_MS,
  );
});

test('with the default settings a client sees reads and nothing else', async () => {
  const script = await start('default', { action: 'accept', content: { allow: true } }, { permissions: undefined });
  const { tools } = await script.client.listTools();
  expect(tools.length).toBeGreaterThan(10);
  for (const { name, annotations } of tools) expect(annotations?.readOnlyHint, name).toBe(true);
  for (const name of ['pf_change_plan', 'pf_change_apply', 'pf_action_run', 'pf_service_control'])
    expect(await script.ask(name, {})).toBe('unknown_tool');
  await script.client.close();
});
