import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Parser } from '../../src/config/dialect.ts';
import { phpJson } from '../../src/config/php-json.ts';
import { redactXml } from '../../src/config/redact-xml.ts';
import { redactTree } from '../../src/config/secrets.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { configDocument } from '../config/documents.ts';
import { configTree } from '../config/trees.ts';
import { ask, open, session } from './driver.ts';
import { IS_LAB, openTarget, type Target } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

const REFUSED = 'refused';

/** What the firewall's own parser makes of the documents, as JSON; the lab has its own, on the XML parser of PHP. */
const READER = `
  if (is_file('/etc/inc/xmlparse.inc')) require_once '/etc/inc/xmlparse.inc';
  $file = tempnam('/tmp', 'doc');
  $read = static function (string $document) use ($file): string {
      file_put_contents($file, $document);
      try { $tree = @parse_xml_config($file, 'pfsense'); } catch (\\Throwable) { $tree = -1; }
      return $tree === -1 ? '${REFUSED}' : json_encode($tree);
  };`;

const READ = `${READER}
  $answers = array_map($read, $in['documents']);
  unlink($file);
  return ['answers' => $answers];`;

/** Lets the firewall's own code write documents from trees, and read them again. */
const WRITE = `${READER}
  $documents = array_map(static fn (array $tree): string => dump_xml_config($tree, 'pfsense'), $in['trees']);
  $answers = array_map($read, $documents);
  unlink($file);
  return ['documents' => $documents, 'answers' => $answers];`;

/** Every XML file that the firewall came with, and its own configuration; with pfSense's root element. */
const SHIPPED = `${READER}
  $files = [];
  foreach (['/etc', '/conf.default', '/cf/conf', '/usr/local/www', '/usr/local/share', '/usr/local/pkg'] as $folder) {
      if (!is_dir($folder)) continue;
      $all = new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS), RecursiveIteratorIterator::LEAVES_ONLY, RecursiveIteratorIterator::CATCH_GET_CHILD);
      foreach ($all as $found) if ($found->getExtension() === 'xml' && $found->getSize() < 2000000) $files[] = $found->getPathname();
  }
  $documents = [];
  foreach ($files as $name) {
      $text = (string) file_get_contents($name);
      if (!preg_match('/<([a-z_]+)[\\s>]/', preg_replace('/<!--.*?-->/s', '', $text), $root)) continue;
      $documents[] = preg_replace("~(</?){$root[1]}(?=[\\s>])~", '$1pfsense', $text);
  }
  $answers = array_map($read, $documents);
  unlink($file);
  return ['documents' => $documents, 'answers' => $answers];`;

interface Reading {
  readonly answers: string[];
  readonly documents?: string[];
  readonly version: Parser;
}

async function there(body: string, input: unknown): Promise<Reading> {
  const connection = await open(target.users['root'] ?? { host: '' });
  const php = await session(connection);
  try {
    const reply = (await ask(php, body, input, 30_000)) as Omit<Reading, 'version'>;
    return { ...reply, version: php.hello.version.slice(0, 3) as Parser };
  } finally {
    await php.close();
    await connection.close();
  }
}

function readHere(document: string, parser: Parser): string {
  try {
    return phpJson(parseConfigXml(document, parser));
  } catch {
    return REFUSED;
  }
}

/** The documents on which the two differ, with both answers; they are compared byte by byte. */
function differing(documents: readonly string[], answers: readonly string[], parser: Parser) {
  return documents
    .map((document, index) => ({ document, here: readHere(document, parser), there: answers[index] }))
    .filter(({ here, there: wanted }) => here !== wanted)
    .map(({ document, here, there: wanted }) => firstDifference(document, here, wanted ?? ''));
}

function firstDifference(document: string, here: string, wanted: string) {
  const at = Array.from(here).findIndex((character, index) => character !== wanted[index]);
  const from = Math.max(0, at - 100);
  return { document: document.slice(0, 400), here: here.slice(from, at + 100), there: wanted.slice(from, at + 100) };
}

test('configurations are read and refused as the firewall itself does', async () => {
  const documents = fc.sample(configDocument, { numRuns: 1_200, seed: 20_261_124 });
  const { answers, version } = await there(READ, { documents });
  expect(differing(documents, answers, version)).toEqual([]);
  const usable = answers.filter((answer) => answer !== REFUSED).length;
  expect(usable).toBeGreaterThan(300);
  expect(answers.length - usable).toBeGreaterThan(300);
});

test('configurations written by the firewall itself are read as it reads them', async () => {
  let compared = 0;
  for (const [seed, numRuns, size] of [
    [1, 400, 'small'],
    [2, 12, 'large'],
  ] as const) {
    const trees = fc.sample(configTree(size), { numRuns, seed });
    const { answers, documents = [], version } = await there(WRITE, { trees });
    expect(differing(documents, answers, version)).toEqual([]);
    compared += answers.filter((answer) => answer !== REFUSED).length;
  }
  expect(compared).toBeGreaterThan(400);
});

// The lab comes with none of pfSense's.
test.skipIf(IS_LAB)('every XML file that the firewall came with is read as it reads it', async () => {
  const { answers, documents = [], version } = await there(SHIPPED, {});
  expect(differing(documents, answers, version)).toEqual([]);
  expect(documents.length).toBeGreaterThan(5);
});

test('a redacted document is read by the firewall as the redacted tree', async () => {
  const trees = fc.sample(configTree('small'), { numRuns: 150, seed: 3 });
  const { documents = [], version } = await there(WRITE, { trees });
  const odd = fc
    .sample(configDocument, { numRuns: 400, seed: 4 })
    .filter((text) => readHere(text, version) !== REFUSED);
  const originals = [...documents, ...odd];
  const { answers } = await there(READ, { documents: originals.map((text) => redactXml(text, { parser: version })) });
  const wanted = originals.map((text) => phpJson(redactTree(parseConfigXml(text, version))));
  expect(answers).toEqual(wanted);
  expect(wanted.filter((text) => text.includes('\\u2039')).length).toBeGreaterThan(100);
});
