import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Writes php-snippets/manifest.json, the list of vetted snippets; `--check` fails when it is stale. */
const folder = fileURLToPath(new URL('../php-snippets/', import.meta.url));
const manifest = `${folder}manifest.json`;

function tag(source: string, name: string): string {
  const found = new RegExp(`@${name}\\s+(\\S+)`).exec(source)?.[1];
  if (!found) throw new Error(`A snippet lacks @${name} in its docblock.`);
  return found;
}

function entry(file: string) {
  const source = readFileSync(folder + file, 'utf8');
  const sha256 = createHash('sha256').update(source).digest('hex');
  const id = file.replace(/\.php$/, '');
  return id.startsWith('_')
    ? { id, sha256 }
    : { id, effect: tag(source, 'effect'), class: tag(source, 'class'), sha256 };
}

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.php'));
const wanted = `${JSON.stringify(files.sort().map(entry), null, 2)}\n`;
const present = existsSync(manifest) ? readFileSync(manifest, 'utf8') : '';

if (!process.argv.includes('--check')) {
  if (present !== wanted) writeFileSync(manifest, wanted);
} else if (present !== wanted) {
  process.stdout.write('php-snippets/manifest.json is stale: run `npm run build`.\n');
  process.exitCode = 1;
}
