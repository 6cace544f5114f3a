import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { PfsenseError } from '../core/errors.ts';

const JsonObject = z.record(z.string(), z.unknown());

/**
 * The settings file as it stands there.
 * @throws PfsenseError `settings_invalid`; what the file holds is never repeated, as it could be a password
 */
export function readSettingsFile(file: string): Record<string, unknown> {
  const text = textOf(file).replace(/^\ufeff/, '');
  const { success, data } = JsonObject.safeParse(jsonOf(text));
  if (!success) throw invalid('The settings file is JSON, but no object.', 'It begins with { and ends with }.');
  return data;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const message = isMissing ? 'The settings file does not exist.' : 'The settings file cannot be read.';
    throw invalid(message, 'It was named by --config or PFSENSE_MCP_CONFIG; `pfsense-mcp init` writes one.');
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own message quotes the file.
    const [, position] = / at position (\d+)/.exec(String(error)) ?? [];
    const line = position === undefined ? '' : ` (line ${text.slice(0, Number(position)).split('\n').length})`;
    throw invalid(`The settings file is not JSON${line}.`, 'JSON has no comments and no comma behind the last entry.');
  }
}

/** Sentences about a settings file that others can read although it holds a secret. */
export function settingsFileWarnings(file: string): string[] {
  const holdsSecret = /"(?:password|passphrase)"\s*:/.test(readFileSync(file, 'utf8'));
  return holdsSecret && (statSync(file).mode & 0o077) !== 0
    ? ['The settings file holds a secret and others can read it: chmod 600.']
    : [];
}

function invalid(message: string, hint: string): PfsenseError {
  return new PfsenseError('settings_invalid', message, { phase: 'settings', hint });
}
