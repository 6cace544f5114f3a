import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pseudonym, redactText, redactValue } from '../../src/core/redact.ts';

const SECRETS: readonly [string, string, string][] = [
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\n-----END RSA PRIVATE KEY-----', 'MIIEabc'],
  ['a private key that was cut', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk', 'b3BlbnNzaC1rZXk'],
  [
    'an OpenVPN key',
    '-----BEGIN OpenVPN Static key V1-----\n6acef03f\n-----END OpenVPN Static key V1-----',
    '6acef03f',
  ],
  ['a key in base64', '<prv>LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo=</prv>', 'LS0tLS1CRUdJTiBSU0Eg'],
  ['a bcrypt hash', 'hash $2y$10$abcdefghijklmnopqrstuv and on', 'abcdefghijklmnopqrstuv'],
  ['a sha512 hash', '$6$salt$abcdefghijklmnop', 'abcdefghijklmnop'],
  ['an element of config.xml', '<pre-shared-key>hunter2hunter2</pre-shared-key>', 'hunter2hunter2'],
  ['a password in a URL', 'https://bob:hunter2@example.com/', 'hunter2'],
  ['an assignment', 'user=bob password=hunter2 rest', 'hunter2'],
  ['JSON', '{"password":"hunter2!"}', 'hunter2!'],
  ['a bearer token', 'Authorization: Bearer abc.def-ghi', 'abc.def-ghi'],
  ['a token of GitHub', 'ghp_0123456789abcdefghijABCDEFGHIJ', '0123456789abcdefghij'],
];

describe('redaction', () => {
  test.each(SECRETS)('takes out %s', (_name, text, secret) => {
    expect(redactText(text)).not.toContain(secret);
    expect(redactText(text)).toContain('‹');
  });

  test('leaves ordinary lines as they are', () => {
    for (const text of [
      'Accepted publickey for admin from 192.168.1.10 port 50022 ssh2',
      'Pass rule for LAN net, tokens of authority: none here',
      '2026-11-24T10:00:00+00:00 filterlog[1]: 5,,,1000000103,igb0,match,block,in,4',
    ]) {
      expect(redactText(text)).toBe(text);
    }
  });

  test('changes nothing more the second time', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...SECRETS.map(([, text]) => text), ' ', 'plain', '\n')), (parts) => {
        const once = redactText(parts.join(' '));
        expect(redactText(once)).toBe(once);
      }),
    );
  });

  test('never fails and never stalls', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => void redactText(text)));
    const began = performance.now();
    for (const text of [
      '<'.repeat(50_000),
      'password='.repeat(20_000),
      '$6$'.repeat(30_000),
      'a://'.repeat(30_000),
      '-----BEGIN '.repeat(10_000),
    ]) {
      redactText(text);
    }
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test('goes by the name in structured values', () => {
    const clean = redactValue({ user: 'bob', password: 'x', list: [{ psk: 'abc' }], count: 3 });
    expect(JSON.stringify(clean)).not.toMatch(/"x"|abc/);
    expect(clean).toMatchObject({ user: 'bob', count: 3 });
  });

  test('equal secrets get equal stand-ins, others get others', () => {
    expect(pseudonym('psk', 'a')).toBe(pseudonym('psk', 'a'));
    expect(pseudonym('psk', 'a')).not.toBe(pseudonym('psk', 'b'));
  });
});
