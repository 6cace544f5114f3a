import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLogLine } from '../../src/tools/log/line.ts';

const clock = { now: Date.UTC(2026, 0, 2, 12) / 1000, utcOffsetSeconds: 3_600 };

test.each([
  [
    'RFC 3164',
    'Jan  2 10:11:12 fw sshd[70]: Accepted publickey',
    { at: '2026-01-02T10:11:12+01:00', host: 'fw', process: 'sshd', pid: 70, message: 'Accepted publickey' },
  ],
  [
    'RFC 3164 of last year',
    'Dec 31 23:59:59 fw kernel: up',
    { at: '2025-12-31T23:59:59+01:00', host: 'fw', process: 'kernel', message: 'up' },
  ],
  [
    'RFC 5424',
    '<38>1 2026-01-02T03:04:05.678901+00:00 fw.example php-fpm 40 - - saved',
    { at: '2026-01-02T03:04:05.678901+00:00', host: 'fw.example', process: 'php-fpm', pid: 40, message: 'saved' },
  ],
  ['neither', 'some text', { at: null, message: 'some text' }],
])('a line of %s', (_name, line, parts) => {
  expect(readLogLine(line, clock)).toEqual(parts);
});

test('no line makes the reader fail or loses its text', () => {
  fc.assert(
    fc.property(fc.string(), (line) => {
      expect(typeof readLogLine(line, clock).message).toBe('string');
    }),
  );
});
