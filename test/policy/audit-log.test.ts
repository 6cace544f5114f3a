import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AuditEvent, chain, START, verifyChain } from '../../src/policy/audit-chain.ts';
import { AuditLog } from '../../src/policy/audit-log.ts';

const event = (n: number): AuditEvent => ({
  at: new Date(n).toISOString(),
  tool: 'pf_test',
  effect: 'read',
  firewall: 'fw',
  arguments: `{"n":${n}}`,
  outcome: 'ok',
  ...(n === 2 ? { change: { plan: 'p', hash: 'h', base: 'b', result: 'r' } } : {}),
});

function log(length: number) {
  let last = START;
  const lines: string[] = [];
  for (let n = 0; n < length; n += 1) {
    const entry = chain(last, event(n));
    lines.push(JSON.stringify(entry));
    last = entry;
  }
  return { lines, anchor: { seq: last.seq, hash: last.hash } };
}

describe('the chain of the audit log', () => {
  test('is intact as it was written', () => {
    const { lines, anchor } = log(5);
    expect(verifyChain(lines, anchor)).toEqual({ isIntact: true, entries: 5 });
  });

  test.each([
    ['an edit', (lines: string[]) => lines.with(2, (lines[2] ?? '').replace('"ok"', '"no"'))],
    ['another result', (lines: string[]) => lines.with(2, (lines[2] ?? '').replace('"r"', '"s"'))],
    [
      'a change that is not told any more',
      (lines: string[]) => lines.with(2, (lines[2] ?? '').replace('change', 'gone')),
    ],
    [
      'a change that never was',
      (lines: string[]) =>
        lines.with(1, (lines[1] ?? '').replace('"outcome"', '"change":{"plan":"p","hash":"h","base":"b"},"outcome"')),
    ],
    ['a dropped entry', (lines: string[]) => lines.toSpliced(2, 1)],
    ['another order', (lines: string[]) => lines.with(1, lines[2] ?? '').with(2, lines[1] ?? '')],
    ['a cut end', (lines: string[]) => lines.slice(0, -1)],
    ['an empty log', () => []],
    ['a doubled entry', (lines: string[]) => lines.toSpliced(2, 0, lines[1] ?? '')],
    ['a line that is none', (lines: string[]) => [...lines, 'x']],
  ])('shows %s', (_name, tamper) => {
    const { lines, anchor } = log(5);
    expect(verifyChain(tamper(lines), anchor)).toMatchObject({ isIntact: false });
  });

  test('shows a change of any single character', () => {
    const { lines, anchor } = log(3);
    fc.assert(
      fc.property(fc.nat(2), fc.nat(), fc.constantFrom('0', 'x', '"'), (line, position, char) => {
        const text = lines[line] ?? '';
        const at = position % text.length;
        const changed = text.slice(0, at) + char + text.slice(at + 1);
        fc.pre(changed !== text);
        expect(verifyChain(lines.with(line, changed), anchor).isIntact).toBe(false);
      }),
    );
  });
});

describe('the audit log', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('goes on where another writer stopped', () => {
    new AuditLog(folder).append(event(1));
    new AuditLog(folder).append(event(2));
    expect(new AuditLog(folder).verify()).toEqual({ isIntact: true, entries: 2 });
  });

  test('notices that its end was cut off', () => {
    const audit = new AuditLog(folder);
    for (let n = 0; n < 3; n += 1) audit.append(event(n));
    const file = join(folder, 'audit.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').split('\n').slice(0, 2).join('\n'));
    expect(audit.verify()).toMatchObject({ isIntact: false, problem: expect.stringContaining('ends at entry 2') });
  });

  test('refuses when it is locked for good', () => {
    writeFileSync(join(folder, 'audit.lock'), '');
    expect(() => new AuditLog(folder).append(event(1))).toThrow(/locked/);
  });
});
