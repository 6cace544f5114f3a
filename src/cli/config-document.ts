import { readFileSync } from 'node:fs';
import { PfsenseError } from '../core/errors.ts';

/**
 * The text of a configuration file; `-` reads standard input.
 * @throws PfsenseError `config_unreadable`
 */
export function readDocument(file: string): string {
  const bytes = bytesOf(file);
  const text = bytes.toString('utf8');
  // pfSense writes UTF-8 and refuses everything else.
  if (Buffer.compare(Buffer.from(text), bytes) === 0) return text;
  throw new PfsenseError('config_unreadable', 'The file is not UTF-8.', { phase: 'input' });
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new PfsenseError('config_unreadable', isMissing ? 'The file does not exist.' : 'The file cannot be read.', {
      phase: 'input',
      hint: 'Name a config.xml, or - for standard input.',
      cause,
    });
  }
}
