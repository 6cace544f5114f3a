import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Writes php-snippets/manifest.json and dist/: src compiled, with what is not TypeScript copied beside it. */
const root = fileURLToPath(new URL('..', import.meta.url));

function run(...argv: string[]): void {
  const { status } = spawnSync(process.execPath, argv, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

rmSync(`${root}/dist`, { recursive: true, force: true });
run('--import', 'tsx', 'scripts/manifest.ts');
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');
cpSync(`${root}/src`, `${root}/dist`, { recursive: true, filter: (path) => !path.endsWith('.ts') });
chmodSync(`${root}/dist/cli/main.js`, 0o755);
