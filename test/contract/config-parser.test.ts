import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Parser } from '../../src/config/dialect.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { configDocument } from '../config/documents.ts';
import { ask, open, session } from './driver.ts';
import { openTarget, type Target } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

const REFUSED = 'refused';

/** What the firewall's own parser makes of the documents, as JSON; undefined where it has none of its own. */
const READ = `
  if (!is_file('/etc/inc/xmlparse.inc')) return ['answers' => null];
  require_once '/etc/inc/xmlparse.inc';
  $file = tempnam('/tmp', 'doc');
  $answers = array_map(static function (string $document) use ($file) {
      file_put_contents($file, $document);
      try { $tree = @parse_xml_config($file, 'pfsense'); } catch (\\Throwable) { $tree = -1; }
      return $tree === -1 ? '${REFUSED}' : json_encode($tree);
  }, $in['documents']);
  unlink($file);
  return ['answers' => $answers];`;

async function readThere(documents: readonly string[]) {
  const connection = await open(target.users['root'] ?? { host: '' });
  const php = await session(connection);
  try {
    const { answers } = (await ask(php, READ, { documents }, 30_000)) as { answers: string[] | null };
    return { answers, version: php.hello.version.slice(0, 3) as Parser };
  } finally {
    await php.close();
    await connection.close();
  }
}

function readHere(document: string, parser: Parser): string {
  try {
    return JSON.stringify(parseConfigXml(document, parser));
  } catch {
    return REFUSED;
  }
}

test('configurations are read and refused as the firewall itself does', async ({ skip }) => {
  const documents = fc.sample(configDocument, { numRuns: 1_200, seed: 20_261_124 });
  const { answers, version } = await readThere(documents);
  if (answers === null) return skip('the simulated firewall has no parser of pfSense');
  const there = answers.map((answer) => (answer === REFUSED ? answer : JSON.stringify(JSON.parse(answer))));
  const differing = documents
    .map((document, index) => ({ document, here: readHere(document, version), there: there[index] }))
    .filter(({ here, there: wanted }) => here !== wanted);
  expect(differing).toEqual([]);
  const usable = answers.filter((answer) => answer !== REFUSED).length;
  expect(usable).toBeGreaterThan(300);
  expect(answers.length - usable).toBeGreaterThan(300);
});
