import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FACTS } from './golden.ts';
import { compareRoads, type Evaluate } from './two-roads.ts';
import { printReport } from './two-roads-report.ts';

const RULES = `block quick inet proto { tcp udp } from 10.0.0.0/24 to any port 100:200 ridentifier 9 label "USER_RULE"
pass label "rest"`;
const CONFIG = `<?xml version="1.0"?>
<pfsense><version>23.3</version><filter><rule><tracker>9</tracker><interface>lan</interface><ipprotocol>inet</ipprotocol>
<protocol>tcp/udp</protocol><source><address>10.0.0.0/24</address></source>
<destination><any></any><port>100-200</port></destination></rule></filter>
<interfaces><lan><if>em1</if></lan></interfaces></pfsense>`;
const OFF =
  '<?xml version="1.0"?><pfsense><version>23.3</version><system><disablefilter></disablefilter></system></pfsense>';

/** The right answer, or a wrong one at a single port. */
const evaluator =
  (last: number): Evaluate =>
  (configXml) =>
  ({ protocol, source, destinationPort = 0 }) => {
    const hits =
      /tcp|udp/.test(protocol) && source.startsWith('10.0.0.') && destinationPort >= 100 && destinationPort <= last;
    if (configXml === OFF || !hits) return { verdict: 'pass' };
    return { verdict: 'block', tracker: '9' };
  };

describe('two roads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'two-roads-'));

  beforeAll(() => {
    const facts = JSON.stringify({ ...FACTS, now: '2026-01-01T00:00:00Z', timeZone: 'Etc/UTC' });
    const cases = { a: [CONFIG, RULES], b: [CONFIG, 'frob'], c: [OFF, undefined] } as const;
    for (const [name, [config, rules]] of Object.entries(cases)) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'facts.json'), facts);
      writeFileSync(join(folder, name, 'config.xml'), config);
      if (rules !== undefined) writeFileSync(join(folder, name, 'rules.debug'), rules);
    }
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('meet where both are right', () => {
    const report = compareRoads(folder, evaluator(200), { packetsPerCase: 500 });
    expect(report).toMatchObject({ cases: 2, packets: 1_000, verdicts: [], trackers: [], unknownToRules: 0 });
    expect(report.refused).toEqual([expect.stringContaining('b: line 1: unknown statement')]);
    expect(report.met.get('user: port range')).toBeGreaterThan(20);
  });

  it('part where one port is forgotten, with a witness', () => {
    const report = compareRoads(folder, evaluator(199), { packetsPerCase: 500 });
    expect(report.verdicts.length).toBeGreaterThan(0);
    expect(report.verdicts.every(({ packet }) => packet.destinationPort === 200)).toBe(true);
    expect(printReport(report)).toContain('configuration pass, rules block by 9 (line 1)');
  });

  it('count another rule behind the same verdict, and what is unknown', () => {
    const other: Evaluate = () => () => ({ verdict: 'block', tracker: '8' });
    expect(compareRoads(folder, other, { packetsPerCase: 100 }).trackers.length).toBeGreaterThan(0);
    const none: Evaluate = () => () => ({ verdict: 'unknown' });
    const unsure = compareRoads(folder, none, { packetsPerCase: 100 });
    expect(unsure).toMatchObject({ unknownToConfig: 200, verdicts: [] });
    expect([...unsure.unknowns]).toEqual([['(no name)', 200]]);
  });
});
