import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fingerprint,
  judgeHostKey,
  keyType,
  knownHostsLine,
  knownKeyTypes,
  parseKnownHosts,
} from '../../src/ssh/known-hosts.ts';

function key(seed: number, type = 'ssh-ed25519'): Buffer {
  const name = Buffer.from(type);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return Buffer.concat([length, name, Buffer.alloc(36, seed)]);
}

const A = key(1);
const B = key(2);
const line = (hosts: string, blob = A, marker = ''): string =>
  `${marker}${hosts} ${keyType(blob)} ${blob.toString('base64')}`;
const judge = (text: string, host: string, port = 22, shown = A) =>
  judgeHostKey(parseKnownHosts(text), host, port, shown);

function hashed(name: string): string {
  const salt = Buffer.alloc(20, 7);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

describe('known_hosts', () => {
  test.each([
    ['a plain name', line('fw.example'), 'fw.example', 22, 'known'],
    ['a name in other case', line('FW.example'), 'fw.EXAMPLE', 22, 'known'],
    ['one of several names', line('fw,192.0.2.1'), '192.0.2.1', 22, 'known'],
    ['another port', line('[fw]:2222'), 'fw', 2222, 'known'],
    ['the bare name on another port', line('fw'), 'fw', 2222, 'unknown'],
    ['a hashed name', line(hashed('fw')), 'fw', 22, 'known'],
    ['a hashed name with port', line(hashed('[fw]:2222')), 'fw', 2222, 'known'],
    ['a hash of another name', line(hashed('other')), 'fw', 22, 'unknown'],
    ['a wildcard', line('*.example'), 'fw.example', 22, 'known'],
    ['a question mark', line('fw?'), 'fw1', 22, 'known'],
    ['a negation', line('*.example,!bad.example'), 'bad.example', 22, 'unknown'],
    ['another key', line('fw', B), 'fw', 22, 'changed'],
    ['a second key of the host', `${line('fw', B)}\n${line('fw', A)}`, 'fw', 22, 'known'],
    ['a revoked key', `${line('fw')}\n${line('*', A, '@revoked ')}`, 'fw', 22, 'revoked'],
    ['an authority, which vouches for certificates only', line('fw', A, '@cert-authority '), 'fw', 22, 'unknown'],
    ['comments and rubbish', `# fw\n\nfw\nfw ssh-ed25519 !!!\n@odd ${line('fw')}`, 'fw', 22, 'unknown'],
  ])('with %s', (_name, text, host, port, verdict) => {
    expect(judge(text, host, port)).toBe(verdict);
  });

  test('a line that we write is known afterwards', () => {
    fc.assert(
      fc.property(fc.domain(), fc.integer({ min: 1, max: 65_535 }), (host, port) => {
        expect(judge(knownHostsLine(host, port, A), host, port)).toBe('known');
        expect(judge(knownHostsLine(host, port, B), host, port)).toBe('changed');
      }),
    );
  });

  test('no text makes the reader fail', () => {
    fc.assert(fc.property(fc.string(), (text) => void judge(text, 'fw')));
  });

  test('a pattern of stars cannot stall it', () => {
    expect(judge(line('*'.repeat(5_000)), 'a'.repeat(200))).toBe('known');
  });

  test('names the types on record', () => {
    expect(
      knownKeyTypes(parseKnownHosts(`${line('fw', key(3, 'ssh-rsa'))}\n${line('*', A, '@revoked ')}`), 'fw', 22),
    ).toEqual(['ssh-rsa']);
  });

  test('prints fingerprints as ssh-keygen does', () => {
    expect(fingerprint(A)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });
});
