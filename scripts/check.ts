import { spawn } from 'node:child_process';

/** `npm run check`: everything that can be said about the tree without running the product, side by side. */
const CHECKS: Record<string, string[]> = {
  'format and lint': ['biome', 'ci', '--colors=off', '--error-on-warnings'],
  types: ['tsc', '-p', 'tsconfig.json'],
  'dead code': ['knip'],
  'snippet manifest': ['tsx', 'scripts/manifest.ts', '--check'],
  'generated docs': ['tsx', 'scripts/docs.ts', '--check'],
  'token costs': ['tsx', 'scripts/tokens.ts', '--check'],
  'import directions': ['vitest', 'run', 'test/architecture.test.ts', 'test/surface'],
};

async function passes(name: string, argv: readonly string[]): Promise<boolean> {
  const child = spawn('npx', ['--no-install', ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}\n`);
  if (code !== 0) process.stdout.write(Buffer.concat(output));
  return code === 0;
}

const results = await Promise.all(Object.entries(CHECKS).map(([name, argv]) => passes(name, argv)));
process.exitCode = results.every(Boolean) ? 0 : 1;
