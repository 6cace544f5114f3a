import { gunzipSync, inflateSync } from 'node:zlib';

/** Runs of base64 (also base64url, also in lines) that are long enough to hold a secret's name and value. */
const BASE64 = /(?:[A-Za-z0-9+/]{60,76}\r?\n[ \t]{0,8}){0,400}[A-Za-z0-9+/_-]{20,}={0,2}/g;
const MAX_INFLATED = 1024 * 1024;

/** Replaces every base64 run whose decoded text `replacement` gives something for. */
export function replaceEncoded(
  text: string,
  replacement: (decoded: string, run: string) => string | undefined,
): string {
  return text.replace(BASE64, (run) => {
    const decoded = decodedText(run);
    return (decoded === undefined ? undefined : replacement(decoded, run)) ?? run;
  });
}

/** The text that a base64 run holds, perhaps compressed; undefined when it holds none. */
export function decodedText(run: string): string | undefined {
  const bytes = Buffer.from(run, 'base64');
  const plain = bytes[0] === 0x1f || bytes[0] === 0x78 ? (inflated(bytes) ?? bytes) : bytes;
  const text = plain.toString('utf8');
  return isReadable(text) ? text : undefined;
}

function inflated(bytes: Buffer): Buffer | undefined {
  try {
    const options = { maxOutputLength: MAX_INFLATED };
    return bytes[0] === 0x1f ? gunzipSync(bytes, options) : inflateSync(bytes, options);
  } catch {
    return undefined;
  }
}

/** Text, perhaps cut within its last character. */
function isReadable(text: string): boolean {
  return text.length >= 6 && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/.test(text.replace(/\ufffd$/, ''));
}
