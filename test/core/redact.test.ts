import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outgoingValue } from '../../src/core/outlet.ts';
import { pseudonym } from '../../src/core/pseudonym.ts';
import { redactText, redactValue, withoutPlacedValues } from '../../src/core/redact.ts';

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
  ['a password of several words', '{"password": "correct horse battery"}', 'horse battery'],
  ['a password with a quote in it', '{"password":"one\\"two three"}', 'two three'],
  ['JSON within JSON', '"{\\"secret\\":\\"hunter2\\"}"', 'hunter2'],
  ['a field of a form', 'usernamefld=bob&passwordfld=hunter2&login=1', 'hunter2'],
  ['an encoded form', 'user%3Dbob%26password%3Dhunter2', 'hunter2'],
  ['an argument of a command', 'curl --api-token hunter2 https://example.com', 'hunter2'],
  ['CDATA', '<password><![CDATA[hunter2 & <more>]]></password>', 'more'],
  ['an element with attributes', '<secret type="x">hunter2</secret>', 'hunter2'],
  ['a secret of IPsec', '%any : PSK "hunter2 hunter3"', 'hunter3'],
  ['a community of SNMP', 'rocommunity hunter2hunter2', 'hunter2'],
  ['a password of mpd', 'set auth password "hunter2"', 'hunter2'],
  ['a key of WireGuard', 'PrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=', 'lXXJte14'],
  ['a password with signs in a URL', 'https://bob:a@b:c@example.com/', 'b:c'],
  ['a token in a URL', 'GET /list?a=1&apikey=hunter2hunter2 HTTP/1.1', 'hunter2'],
  ['a webhook', 'https://hooks.slack.com/services/T0/B0/hunter2hunter2', 'hunter2'],
  ['a token of Telegram', 'bot123456789:AAhunter2hunter2hunter2hunter2hunter2/send', 'hunter2'],
  ['something in base64', `conf ${Buffer.from('auth-token: hunter2hunter2').toString('base64')}`, 'aHVudGVyM'],
  ['a password of FRR', 'neighbor 10.0.0.2 password hunter2', 'hunter2'],
  ['a password of FRR with its kind', 'enable password 8 hunter2', 'hunter2'],
  ['a key of OSPF', 'ip ospf message-digest-key 1 md5 hunter2', 'hunter2'],
  ['a password in quotes', 'set auth password "one two"', 'two'],
  ['a secret of BIND', 'key k { secret "hunter2"; };', 'hunter2'],
  ['a login of HAProxy', 'stats auth admin:hunter2', 'hunter2'],
  ['a login for curl', 'curl -u admin:hunter2 https://example.com/', 'hunter2'],
  ['a login for curl in quotes', `curl -su 'admin:one two' https://example.com/`, 'two'],
  ['a login for curl in long', 'curl --user=bob:hunter2 --proxy-user p:q https://example.com/', 'hunter2'],
  ['a token of GitHub', 'ghp_0123456789abcdefghijABCDEFGHIJ', '0123456789abcdefghij'],
];

const FRAGMENTS =
  ' |plain|\n|password|pass|token|=|:|"|\'|\\|<secret>|</secret>|<![CDATA[|]]>|‹|›|‹a:000000›|x:|&|?|@|://|$6$'.split(
    '|',
  );

/** Each is repeated until there are 200,000 characters. */
const TIRING = [
  '<',
  'password=',
  'password="',
  '"password": "\\',
  'a.',
  'a-',
  '$6$',
  'a://',
  '-----BEGIN ',
  '-----BEGIN PRIVATE KEY-----',
  '<pass><![CDATA[',
  '<pass ',
  'QUJD',
  `${'QUJD'.repeat(19)}\n`,
  '?key=',
  ' --pass',
  'password ',
  'password "',
  'neighbor-',
  'stats auth ',
  'secret "',
  'message-digest-key 1 md5 ',
  ' -u ',
  ' -u a:',
  " --user 'a",
  'Bearer ',
  'eyJ',
  '1234567890:',
  ' ',
];

/** Bytes that look drawn by lot and are the same each time. */
const lot = (seed: number): Buffer => createHash('sha512').update(`${seed}`).digest();
const letters = (alphabet: string, bytes: Buffer, length: number): string =>
  Array.from(bytes.subarray(0, length), (byte) => alphabet[byte % alphabet.length]).join('');

const KEYS: Readonly<Record<string, (bytes: Buffer) => string>> = {
  'hexadecimal, 16 bytes': (bytes) => bytes.toString('hex', 0, 16),
  'hexadecimal, 32 bytes': (bytes) => bytes.toString('hex', 0, 32),
  'capital hexadecimal': (bytes) => bytes.toString('hex', 0, 20).toUpperCase(),
  'base64, 16 bytes': (bytes) => bytes.toString('base64', 0, 16),
  'base64, 32 bytes': (bytes) => bytes.toString('base64', 0, 32),
  base64url: (bytes) => bytes.toString('base64url', 0, 24),
  'letters and digits': (bytes) => letters('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', bytes, 24),
  'small letters and digits': (bytes) => letters('abcdefghijklmnopqrstuvwxyz0123456789', bytes, 28),
};

const ORDINARY: readonly string[] = [
  'Accepted publickey for admin from 192.168.1.9 port 50022 ssh2: ED25519 SHA256:LZ1eeiQcZTLKDCRyzYcAEqL2njagzaBho8Yzb28vE0g',
  'host key MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48',
  'lease 02:00:0a:1b:2c:3d id 123e4567-e89b-12d3-a456-426614174000 on igb1.4090',
  'certificate serial 5f8a9b0c1d2e3f405162738495a6b7c8d9eaf0b1 of CN=fw1.example.org',
  'Serial Number: 04:E4:46:8D:C9:F3:0B:9C:73:01:5F:AB:6E:1E:2F:33',
  'ixl0.1024 wg_site_to_site_0 ovpns12 lagg0.4090.101',
  'android-1f3a9c7b2d4e5f60 DESKTOP-9F3K2LA ip-192-168-100-251 Marias-iPhone-15-Pro-Max',
  '2001:0db8:85a3:0000:0000:8a2e:0370:7334 fe80::1ff:fe23:4567:890a%igb0',
  'openvpn[1]: TLS_AES_256_GCM_SHA384 ECDHE-RSA-AES256-GCM-SHA384 ecp256-aes128gcm16-prfsha256',
  '/usr/local/etc/rc.d/suricata_12345_igb0.sh /var/db/pfblockerng/deny/EasyList_v4-2026-11-24.txt',
  'ec2-203-0-113-25.eu-central-1.compute.amazonaws.com d3k5j2h4l6.cloudfront.net',
  'pfSense-CE-2.8.0-RELEASE-amd64-20250521-1200 FreeBSD/15.0-CURRENT plus-RELENG_24_11-n256407',
  'Server: nginx config-1794990000.xml.gz build20260101-stable3-patch4',
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
      'Rules: 12, passed: 1234, bypass: none, compass: north',
      'sshd[1]: Failed password for invalid user root from 203.0.113.9 port 4242 ssh2',
      'The password must be changed; password authentication is off, wrong password attempts: 3',
      'sort -u names, id -u root, tcp -u and 10:20:30, uptime 3:04',
      'pass in quick on igb0 inet proto tcp from any to 10.0.0.1 port = 443 flags S/SA keep state',
      'https://example.com/a/b/c?page=2&limit=10 and fe80::1:2:3%igb0 and 00:11:22:33:44:55',
      '-----BEGIN CERTIFICATE-----',
      '2026-11-24T10:00:00+00:00 filterlog[1]: 5,,,1000000103,igb0,match,block,in,4',
    ]) {
      expect(redactText(text)).toBe(text);
    }
  });

  test('changes nothing more the second time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...SECRETS.map(([, text]) => text), ...FRAGMENTS)),
        fc.boolean(),
        (parts, spaced) => {
          const once = redactText(parts.join(spaced ? ' ' : ''));
          expect(redactText(once)).toBe(once);
        },
      ),
    );
  });

  test('a stand-in behind an address is no login of that address', () => {
    const once = redactText('curl --api-token hunter2 https://example.comtoken@');
    expect(once).toMatch(/https:\/\/‹url:[0-9a-f]{6}›@$/);
    expect(redactText(once)).toBe(once);
    expect(redactText('https://‹user:0a1b2c›:hunter2@example.com/')).not.toContain('hunter2');
  });

  test('never fails', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => void redactText(text)));
  });

  test.each(TIRING)('takes little time for very many of %j', (text) => {
    const began = performance.now();
    redactText(text.repeat(200_000 / text.length));
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  test('goes by the name in structured values', () => {
    const clean = redactValue({ user: 'bob', password: 'x', list: [{ psk: 'abc' }], count: 3 });
    expect(JSON.stringify(clean)).not.toMatch(/"x"|abc/);
    expect(clean).toMatchObject({ user: 'bob', count: 3 });
  });

  test('takes words of chance out of what people wrote, and leaves identifiers', () => {
    const chance = '9f86d081884c7d659a2feaa0c55ad015';
    const clean = redactValue({
      description: `key ${chance}`,
      usedBy: [`filter rule (${chance})`],
      hostname: chance,
      message: `seen ${chance}`,
      urls: [`https://feeds.test/${chance}.txt`],
      cursor: chance,
    });
    expect(clean).toEqual({
      description: `key ${pseudonym('random', chance)}`,
      usedBy: [`filter rule (${pseudonym('random', chance)})`],
      hostname: pseudonym('random', chance),
      message: `seen ${pseudonym('random', chance)}`,
      urls: [`https://feeds.${pseudonym('random', `test/${chance}`)}.txt`],
      cursor: chance,
    });
    expect(redactValue(clean)).toEqual(clean);
  });

  test('knows the ways in which keys are made', () => {
    const missed = Object.entries(KEYS).map(([kind, make]) => {
      const keys = Array.from({ length: 400 }, (_, seed) => make(lot(seed)));
      return [kind, keys.filter((key) => outgoingValue(`a ${key} b`) === `a ${key} b`).length / keys.length] as const;
    });
    expect(missed.filter(([, share]) => share > 0.13)).toEqual([]);
  });

  test('leaves what is long and ordinary in texts of people and strangers', () => {
    const ordinary = ORDINARY.map((message) => ({ message }));
    expect(outgoingValue(ordinary)).toEqual(ordinary);
  });

  test('equal secrets get equal stand-ins, others get others', () => {
    expect(pseudonym('psk', 'a')).toBe(pseudonym('psk', 'a'));
    expect(pseudonym('psk', 'a')).not.toBe(pseudonym('psk', 'b'));
  });
});

test('what is to be written to a path is not noted', () => {
  const args = {
    changes: [{ kind: 'config.set', args: { path: 'dyndnses/dyndns/a/updateurl', value: { deep: 'letmein' } } }],
  };
  const noted = JSON.stringify(withoutPlacedValues(args));
  expect(noted).toContain('dyndnses/dyndns/a/updateurl');
  expect(noted).not.toMatch(/letmein|deep/);
  const others = { changes: [{ kind: 'sysctl.set', args: { tunable: 'kern.a', value: '1' } }], path: 'x' };
  expect(withoutPlacedValues(others)).toEqual(others);
});
