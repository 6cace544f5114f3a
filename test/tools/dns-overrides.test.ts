import { expect, test } from 'vitest';
import { answerFor, domainOverrides, hostOverrides } from '../../src/tools/dns/overrides.ts';

const hosts = hostOverrides(
  [
    {
      host: 'nas',
      domain: 'lan',
      ip: '10.0.0.5,fd00::5',
      descr: '',
      aliases: { item: [{ host: 'files', domain: 'lan' }] },
    },
    { host: '', domain: 'branch.example', ip: '10.0.0.6' },
  ],
  'unbound',
);
const domains = domainOverrides(
  [
    { domain: 'example', ip: '10.1.0.1' },
    { domain: 'branch.example', ip: '10.2.0.1' },
    { domain: 'branch.example', ip: '10.2.0.2' },
  ],
  'unbound',
);
const answer = (name: string) => answerFor(name, [...hosts, ...domains]).text;

test('a host override answers by name and alias, in any case, with a dot at the end or not', () => {
  expect(answer('NAS.lan.')).toContain('10.0.0.5, fd00::5');
  expect(answer('files.lan')).toContain('10.0.0.5');
});

test('a host override wins over a domain, and the longest domain wins', () => {
  expect(answer('branch.example')).toContain('host override');
  expect(answer('pc.branch.example')).toContain('10.2.0.1, 10.2.0.2');
  expect(answer('pc.example')).toContain('10.1.0.1');
});

test('a name that only ends alike is no part of the domain', () => {
  expect(answer('myexample')).toContain('No override');
});
