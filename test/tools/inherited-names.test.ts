import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/alan/memory-store.ts';
import { type ConfigTree, isList } from '../../src/config/model.ts';
import { type TreePath, withTree } from '../../src/config/update.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { PfsenseError } from '../../src/core/errors.ts';
import { configBox } from '../../src/pfsense/box.ts';
import { TOOLS } from '../../src/tools/index.ts';

const FILE = new URL('../../fixtures/lab/root/cf/conf/config.xml', import.meta.url);
const CONFIG = parseConfigXml(readFileSync(FILE, 'utf8'));
const NAMES = Object.getOwnPropertyNames(Object.prototype);
const ARGS: Readonly<Record<string, object>> = {
  pf_host_explain: { host: '192.168.1.10' },
  pf_path_explain: { source: '192.168.1.10', destination: '198.51.100.1', protocol: 'tcp', port: 443 },
};
/** Tools that look at the configuration; what has to be told what to do asks the firewall itself. */
const READS = TOOLS.filter(({ name, effect, input }) => effect === 'read' && input.safeParse(ARGS[name] ?? {}).success);

/** Paths of all texts of a configuration. */
function textsOf(tree: ConfigTree, path: TreePath = []): TreePath[] {
  if (typeof tree === 'string') return [path];
  if (isList(tree)) return tree.flatMap((item, index) => textsOf(item, [...path, index]));
  return Object.entries(tree).flatMap(([name, child]) => textsOf(child, [...path, name]));
}

/** What a tool answers from a configuration; undefined when it says that it cannot. */
async function answerOf(tool: (typeof READS)[number], config: ConfigTree): Promise<unknown> {
  const health = () => {
    throw new PfsenseError('live_only', 'Not asked.', { phase: 'run' });
  };
  const box = configBox('fw', config, AbortSignal.timeout(10_000));
  const memory = memoryStore('a test').memoryOf('fw');
  const args = tool.input.parse(ARGS[tool.name] ?? {});
  const context = { box, memory, health, note: () => undefined, audit: () => undefined };
  try {
    return await tool.run(args as never, context);
  } catch (error) {
    if (error instanceof PfsenseError && error.code !== 'bad_reply') return undefined;
    throw error;
  }
}

/** Interfaces, aliases and whatever else has a name can be called as something that every object has. */
describe('a name that every object inherits', () => {
  const texts = textsOf(CONFIG);
  const renamed = fc.array(fc.tuple(fc.constantFrom(...texts), fc.constantFrom(...NAMES)), {
    minLength: 1,
    maxLength: 300,
  });
  test.each(READS.map((tool) => [tool.name, tool] as const))('is a name like others to %s', async (_name, tool) => {
    await fc.assert(
      fc.asyncProperty(renamed, async (changes) => {
        const config = changes.reduce<ConfigTree>((tree, [path, name]) => withTree(tree, path, name), CONFIG);
        const answer = await answerOf(tool, config);
        if (answer !== undefined) expect(tool.output.safeParse(answer).error).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });
});
