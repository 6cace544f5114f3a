import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Writes php-snippets/manifest.json and dist/: src in few files, as clients wait for the server's start and most of
 * that was opening files; with what is not TypeScript copied beside it.
 */
const root = fileURLToPath(new URL('..', import.meta.url));

/** What has native parts, starts threads from files of its own, or is not always installed. */
const APART = ['better-sqlite3', 'ssh2', 'pino', '@php-wasm/*'];

const { status } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/manifest.ts'], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

rmSync(`${root}/dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ['src/cli/main.ts'],
  // All in one folder two levels deep, as the sources are, so that paths to files of the package hold for both.
  outdir: 'dist/cli',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: APART,
  sourcemap: 'linked',
  legalComments: 'linked',
  logLevel: 'warning',
  // Libraries that are still CommonJS ask for Node's own modules by it.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
for (const file of ['tools/token-costs.json', 'lab/php/wasm-worker.mjs'])
  cpSync(`${root}/src/${file}`, `${root}/dist/${file}`);
chmodSync(`${root}/dist/cli/main.js`, 0o755);
