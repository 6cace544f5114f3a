import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLogLine } from '../../src/tools/log/line.ts';

test.each([
  [
    'RFC 3164',
    'Jan  2 10:11:12 fw sshd[70]: Accepted publickey',
    { host: 'fw', process: 'sshd', pid: 70, message: 'Accepted publickey' },
  ],
  ['RFC 3164 without a pid', 'Dec 31 23:59:59 fw kernel: up', { host: 'fw', process: 'kernel', message: 'up' }],
  [
    'RFC 5424',
    '<38>1 2026-01-02T03:04:05.678901+00:00 fw.example php-fpm 40 - - saved',
    { host: 'fw.example', process: 'php-fpm', pid: 40, message: 'saved' },
  ],
  ['neither', 'some text', { message: 'some text' }],
])('a line of %s', (_name, line, parts) => {
  expect(readLogLine(line)).toEqual(parts);
});

test('no line makes the reader fail or loses its text', () => {
  fc.assert(
    fc.property(fc.string(), (line) => {
      expect(typeof readLogLine(line).message).toBe('string');
    }),
  );
});
