import { gunzipSync, inflateSync } from 'node:zlib';

/** Does any 8 characters' stretch of the canary stand in the output, plain or in an encoding that a reader could undo? */
export function survives(output: string, canary: string, layers = 3): boolean {
  for (let start = 0; start + 8 <= canary.length; start++)
    if (output.includes(canary.slice(start, start + 8))) return true;
  return layers > 0 && decodings(output).some((text) => survives(text, canary, layers - 1));
}

function decodings(text: string): string[] {
  const joined = text.replace(/\\n|\s+/g, '');
  const runs = [...text.matchAll(/[A-Za-z0-9+/_-]{12,}/g), ...joined.matchAll(/[A-Za-z0-9+/_-]{12,}/g)];
  const bytes = runs.map(([run]) => Buffer.from(run, 'base64'));
  const hex = [...text.matchAll(/(?:[0-9a-f]{2}){8,}/gi)].map(([run]) => Buffer.from(run, 'hex'));
  const other = [unescapePercent(text), unescapeEntities(text), text.replace(/\\(.)/g, '$1'), joined];
  return [...bytes, ...hex].flatMap(readings).concat(other.filter((reading) => reading !== text));
}

function readings(bytes: Buffer): string[] {
  try {
    return [(bytes[0] === 0x1f ? gunzipSync(bytes) : inflateSync(bytes)).toString('latin1')];
  } catch {
    return [bytes.toString('latin1')];
  }
}

function unescapePercent(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_whole, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

function unescapeEntities(text: string): string {
  return text.replace(/&#(?:x([0-9a-f]+)|([0-9]+));/gi, (_whole, hex, decimal) =>
    String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
  );
}

/** Everything that a reader could make of these texts, layer by layer; for looking for many canaries at once. */
export function everyReading(texts: Iterable<string>, layers = 3): string {
  const all = new Set(texts);
  let last = [...all];
  for (let layer = 0; layer < layers; layer += 1) {
    const found = new Set(last.flatMap(distinctDecodings).filter((text) => text.length >= 8 && !all.has(text)));
    for (const text of found) all.add(text);
    last = [...found];
  }
  return [...all].join('\n');
}

/** A text without anything that could be an encoding is not looked at again. */
function distinctDecodings(text: string): string[] {
  return /[A-Za-z0-9+/_-]{11}|&#|%[0-9a-f]{2}|\\|\s/i.test(text) ? [...new Set(decodings(text))] : [];
}
