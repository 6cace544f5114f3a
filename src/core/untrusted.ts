import { MAX_FIELD_CHARS } from './bounds.ts';

/** ANSI/VT sequences: CSI, OSC (ended by BEL or ST) and two-character escapes. */
const ESCAPES =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[@-Z\\-_]|\u009b[0-?]*[ -/]*[@-~]/g;

/** Controls except tab and newline, line/paragraph separators, bidi, zero-width, variation selectors' tags, lone surrogates. */
const INVISIBLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]|[\ud800-\udfff]/gu;

/**
 * Text from the firewall or the network made harmless to show: without terminal sequences, control, bidi,
 * zero-width and tag characters, and cut to `maxChars` with the number of characters left out.
 */
export function cleanText(text: string, maxChars = MAX_FIELD_CHARS): string {
  const clean = text.replace(ESCAPES, '').replace(INVISIBLE, '');
  if (clean.length <= maxChars) return clean;
  const kept = clean.slice(0, maxChars).replace(/[\ud800-\udbff]$/, '');
  return `${kept}… (${clean.length - kept.length} more characters)`;
}
