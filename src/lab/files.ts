import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What PHP as WebAssembly runs in; a file of its own, as a thread begins with one. */
export const WASM_WORKER = new URL('../lab/php/wasm-worker.mjs', import.meta.url);

/** What the lab with native PHP is built from. */
export const NATIVE = fileURLToPath(new URL('../../fixtures/lab/native', import.meta.url));

const TEMPLATE = fileURLToPath(new URL('../../fixtures/lab/root', import.meta.url));

/** A fresh copy of the template below a new temporary folder; returns both host paths. */
export function createRoot(config: string | undefined): { folder: string; root: string } {
  const folder = mkdtempSync(join(tmpdir(), 'pfsense-lab-'));
  const root = join(folder, 'root');
  cpSync(TEMPLATE, root, { recursive: true });
  mkdirSync(join(root, 'cf/conf/backup'), { recursive: true });
  if (config !== undefined) cpSync(config, join(root, 'cf/conf/config.xml'));
  return { folder, root };
}

/** The host path of a path inside the lab; nothing leads out of the root. */
export function inRoot(root: string, path: string): string {
  const inside = normalize(`/${path}`).replace(/^\/conf(?=\/|$)/, '/cf/conf');
  return join(root, inside);
}
