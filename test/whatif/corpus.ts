import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Device = z.object({
  addresses: z.array(z.string()),
  groups: z.array(z.string()),
  loopback: z.literal(true).exactOptional(),
});

/** Facts of a case: those that rules need, and the time at which the rules were made. */
const CaseFacts = z.object({
  devices: z.record(z.string(), Device),
  files: z.record(z.string(), z.string()),
  now: z.string(),
  timeZone: z.string(),
  /** As the box wrote it into its configuration: `<version>23.3</version>`. */
  version: z.string().exactOptional(),
});
export type CaseFacts = z.output<typeof CaseFacts>;

/** One configuration and the rules that a box made of it. */
export interface Case {
  readonly name: string;
  readonly configXml: string;
  readonly facts: CaseFacts;
  /** Undefined: the box made none, because its configuration switches the filter off. */
  readonly rules: string | undefined;
}

/** Cases of a folder that realbox-corpus.ts has written. */
export function* readCorpus(folder: string): Generator<Case> {
  for (const name of readdirSync(folder).sort()) {
    const read = (file: string): string => readFileSync(join(folder, name, file), 'utf8');
    if (!existsSync(join(folder, name, 'facts.json'))) continue;
    const rules = existsSync(join(folder, name, 'rules.debug')) ? read('rules.debug') : undefined;
    const configXml = read('config.xml');
    if (rules === undefined && !configXml.includes('<disablefilter>')) throw new Error(`case ${name} has no rules`);
    yield { name, configXml, facts: CaseFacts.parse(JSON.parse(read('facts.json'))), rules };
  }
}
