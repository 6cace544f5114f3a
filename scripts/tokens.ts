import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { EFFECTS } from '../src/core/bounds.ts';
import { offeredTools } from '../src/server/offer.ts';

/**
 * What the tools cost a model, in o200k_base tokens of the compact JSON of name, description and inputSchema.
 * Writes src/tools/token-costs.json; `--check` fails when it is stale.
 */
const file = new URL('../src/tools/token-costs.json', import.meta.url);
const offered = offeredTools({ settings: { permissions: [...EFFECTS], deny: [] }, firewalls: [] });
const tokensOf = (value: unknown): number => encode(JSON.stringify(value)).length;

const costs = Object.fromEntries(
  offered.map(({ tool: { name, description }, inputSchema }) => [name, tokensOf({ name, description, inputSchema })]),
);
const outputs = offered.reduce((sum, { outputSchema }) => sum + tokensOf(outputSchema), 0);
const total = Object.values(costs).reduce((sum, cost) => sum + cost, 0);

const wanted = `${JSON.stringify(costs, null, 2)}\n`;
const present = existsSync(file) ? readFileSync(file, 'utf8') : '';
if (process.argv.includes('--check')) {
  if (present !== wanted) {
    process.stdout.write('src/tools/token-costs.json is stale: run `npm run tokens`.\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, wanted);
  for (const [name, cost] of Object.entries(costs)) process.stdout.write(`${name.padEnd(22)} ${cost}\n`);
  process.stdout.write(`${offered.length} tools, ${total} tokens (output schemas apart: ${outputs})\n`);
}
