import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryStore } from '../../src/alan/memory-store.ts';
import { PfsenseError } from '../../src/core/errors.ts';
import { createLogger } from '../../src/core/log.ts';
import { Settings } from '../../src/core/settings.ts';
import { SIMULATED_PROGRAMS } from '../../src/lab/commands/run.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { createFleet, type Fleet } from '../../src/pfsense/fleet.ts';
import { AuditLog } from '../../src/policy/audit-log.ts';
import { executeTool } from '../../src/server/execute.ts';
import { findTool } from '../../src/server/mcp.ts';
import { offeredTools } from '../../src/server/offer.ts';
import { injectionPayloads, runInjections } from '../contract/injection-payloads.ts';

const CANARY = { file: '/tmp/injection-canary', token: 'c4n4ry7f31' };

/** Programs that the snippets of the offered tools start by themselves. */
const KNOWN_PROGRAMS: ReadonlySet<string> = new Set([
  ...SIMULATED_PROGRAMS,
  ...['/usr/bin/bzcat', '/usr/bin/xzcat', '/usr/bin/zstdcat', '/usr/local/bin/vnstat'],
]);

let lab: Lab;
let fleet: Fleet;
let stateDir: string;

beforeAll(async () => {
  lab = await startLab();
  stateDir = mkdtempSync(join(tmpdir(), 'injection-test-'));
  const { host, port, hostKey, privateKeyFile: privateKey } = lab.address;
  const login = { host, port, hostKey, privateKey, user: 'root', sshConfig: false };
  // With two firewalls the tools have the argument `firewall`, too.
  const settings = Settings.parse({ firewalls: { fw: login, other: login } });
  fleet = createFleet({ settings, store: memoryStore('a test'), stateDir });
});

afterAll(async () => {
  await fleet.close();
  await lab.close();
  rmSync(stateDir, { recursive: true, force: true });
});

/** Programs by their path, without the guard in front of them. */
function programs(): string[][] {
  return lab.commandLog().map((argv) =>
    argv.slice(
      Math.max(
        0,
        argv.findIndex((word, at) => at > 0 && word.startsWith('/')),
      ),
    ),
  );
}

function canaryIsThere(): boolean {
  const recordings = readdirSync(join(lab.address.root, 'etc/phpshellsessions')).filter((name) => name !== '.keep');
  return existsSync(join(lab.address.root, CANARY.file)) || existsSync(CANARY.file) || recordings.length > 0;
}

test('no payload is executed, and none breaks the framing', async () => {
  const settings = Settings.parse({ firewalls: {} });
  const audit = new AuditLog(stateDir);
  const parts = { settings, fleet, audit, logger: createLogger('silent'), version: '0' };
  const tools = offeredTools({ settings, firewalls: fleet.names });
  const call = async (name: string, args: Record<string, unknown>): Promise<string> => {
    try {
      const withFirewall = { ...(name === 'pf_health' || 'firewall' in args ? {} : { firewall: 'fw' }), ...args };
      await executeTool(parts, findTool(tools, name), withFirewall);
      return 'ok';
    } catch (error) {
      return error instanceof PfsenseError ? error.code : `untyped ${String(error)}`;
    }
  };
  const payloads = injectionPayloads(CANARY);
  expect(payloads.length).toBeGreaterThanOrEqual(200);
  const report = await runInjections({
    tools: tools.map(({ tool, inputSchema }) => ({ name: tool.name, inputSchema })),
    payloads,
    callTool: call,
    isWell: async () => !canaryIsThere() && (await call('pf_service_list', {})) === 'ok',
  });
  process.stdout.write(`${payloads.length} payloads, ${report.calls} calls: ${JSON.stringify(report.outcomes)}\n`);
  expect(report.broken).toEqual([]);
  expect(
    Object.keys(report.outcomes).filter((code) => !['ok', 'bad_input', 'not_found', 'unknown_firewall'].includes(code)),
  ).toEqual([]);
  expect(fleet.get('fw').connection().handshakes).toBe(1);
  const started = programs();
  expect(started.filter(([program = '']) => !KNOWN_PROGRAMS.has(program))).toEqual([]);
  expect(started.filter((argv) => argv.some((word) => word.includes(CANARY.token)))).toEqual([]);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  expect(readFileSync(join(stateDir, 'audit.jsonl'), 'utf8').split('\n').filter(Boolean).every(isJson)).toBe(true);
}, 900_000);

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
