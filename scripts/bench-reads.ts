import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '../src/alan/memory-store.ts';
import { quantile } from '../src/alan/statistics.ts';
import { Settings } from '../src/core/settings.ts';
import { startLab } from '../src/lab/lab.ts';
import { createFleet } from '../src/pfsense/fleet.ts';
import { AuditLog } from '../src/policy/audit-log.ts';
import { executeTool } from '../src/server/execute.ts';
import { TOOLS } from '../src/tools/index.ts';
import { LAB_PHP } from '../test/contract/target.ts';

const REPEATS = 10;

const READS: readonly (readonly [string, Record<string, unknown>])[] = [
  ['pf_config_get', { path: 'system' }],
  ['pf_config_get', { path: 'filter/rule' }],
  ['pf_rule_search', { text: '10.7.7.1' }],
  ['pf_nat_list', {}],
  ['pf_alias_search', {}],
  ['pf_certificate_list', {}],
];

/** Reads on a lab whose configuration has 5 MB: the first call, and those while nothing changes, in milliseconds. */
export async function benchReads(large: string) {
  const folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-bench-'));
  const config = join(folder, 'config.xml');
  const plain = readFileSync(new URL('../fixtures/lab/root/cf/conf/config.xml', import.meta.url), 'utf8');
  writeFileSync(config, enlarged(plain, large));
  const lab = await startLab({ config, php: LAB_PHP });
  const { host, port, hostKey, privateKeyFile: privateKey } = lab.address;
  const login = { host, port, hostKey, privateKey, user: 'root', sshConfig: false };
  const settings = Settings.parse({ firewalls: { fw: login } });
  const fleet = createFleet({ settings, store: memoryStore('a benchmark'), stateDir: folder });
  const parts = { fleet, settings, audit: new AuditLog(folder) };
  const rows = [];
  for (const [name, args] of READS) {
    const tool = TOOLS.find((candidate) => candidate.name === name);
    if (!tool) throw new Error(`There is no tool ${name}.`);
    const times: number[] = [];
    for (let call = 0; call <= REPEATS; call += 1) {
      const began = performance.now();
      await executeTool(parts, tool, args);
      times.push(performance.now() - began);
    }
    const [first = 0, ...repeated] = times.map(Math.round);
    rows.push({
      tool: name,
      args,
      firstMs: first,
      repeatedP50Ms: quantile(
        repeated.sort((a, b) => a - b),
        0.5,
      ),
    });
  }
  await fleet.close();
  await lab.close();
  rmSync(folder, { recursive: true });
  return { lab: LAB_PHP, bytes: Buffer.byteLength(enlarged(plain, large)), rows };
}

/** The lab's own configuration with the rules, aliases and certificates of a large one. */
function enlarged(plain: string, large: string): string {
  const inner = (tag: string): string => new RegExp(`<${tag}>([\\s\\S]*)</${tag}>`).exec(large)?.[1] ?? '';
  const certificates = large.match(/\t<cert>[\s\S]*<\/cert>\n/)?.[0] ?? '';
  return plain
    .replace('</aliases>', () => `${inner('aliases')}</aliases>`)
    .replace('</filter>', () => `${inner('filter')}</filter>`)
    .replace('</pfsense>', () => `${certificates}</pfsense>`);
}
