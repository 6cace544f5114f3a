import { deflateRawSync } from 'node:zlib';

/** pfSsh.php's line reader and the write that carries it are safe below this, in bytes. */
const MAX_LINE_BYTES = 32_000;

/**
 * The one line that starts the runner. It is base64 of the deflated source, so none of pfSsh.php's line rules
 * (first words, `!`, `=`) can see anything in it.
 */
export function runnerLine(source: string, nonce: string): string {
  const code = deflateRawSync(source.replace(/^<\?php\s/, ''), { level: 9 }).toString('base64');
  const line = `eval(gzinflate(base64_decode('${code}')));McpRunner::serve('${nonce}');`;
  if (line.length > MAX_LINE_BYTES) throw new Error('The runner has outgrown the line reader of pfSsh.php.');
  return line;
}
