import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wallMs } from '../../src/core/clock.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { type Asking, startAsking } from './asking.ts';
import { IS_LAB, LAB_PHP, labTarget, openTarget, type Target } from './target.ts';

const NAME = `rules_${wallMs().toString(36)}`;
const PATH = 'var/db/lab-pf-refuses';

/** Without the schedule of the lab's configuration, for which no rules are made for a plan. */
async function startPlainLab(): Promise<Lab> {
  const template = new URL('../../fixtures/lab/root/cf/conf/config.xml', import.meta.url);
  const config = join(tmpdir(), `pfsense-mcp-rules-${process.pid}.xml`);
  writeFileSync(config, readFileSync(template, 'utf8').replaceAll(/<sched>[^<]+<\/sched>|<cron>.*<\/cron>/g, ''));
  return startLab({ php: LAB_PHP, config });
}

let target: Target;
let lab: Lab | undefined;
let asking: Asking;
beforeAll(async () => {
  lab = IS_LAB ? await startPlainLab() : undefined;
  target = lab ? labTarget(lab) : await openTarget();
  asking = await startAsking(target, 'root', { permissions: ['read', 'config'] });
});
afterAll(async () => {
  await asking.close();
  await target.close();
});

const plan = (changes: unknown[]) => asking.ask('pf_change_plan', { changes, reason: 'a look at rules' });
const aliasAndRule = [
  { kind: 'alias.create', args: { name: NAME, type: 'network', members: [{ value: '198.18.9.0/24' }] } },
  {
    kind: 'firewall_rule.add',
    args: {
      type: 'pass',
      interface: 'lan',
      protocol: 'tcp',
      source: { address: 'lan' },
      destination: { address: NAME, port: 443 },
      description: 'seen in a plan',
    },
  },
];

describe('a plan shows the rules of pf that it brings', () => {
  test('as pfSense makes them, and nothing is loaded or written', async () => {
    const files = ['/tmp/rules.debug', '/cf/conf/config.xml'];
    const before = await Promise.all(files.map((file) => target.readFile(file)));
    const answer = await plan(aliasAndRule);
    const rules = (answer['rules'] as string[]).join('\n');
    expect(rules).toMatch(new RegExp(`^\\+ table <${NAME}>.*198\\.18\\.9\\.0/24`, 'm'));
    expect(rules).toMatch(new RegExp(`^\\+ pass .*(?:<|\\$)${NAME}\\b.*seen in a plan`, 'm'));
    // Saving a rule sorts all by interface, so one may move.
    for (const line of rules.match(/^- .*/gm) ?? []) expect(rules).toContain(line.replace('-', '+'));
    expect(answer).toMatchObject({ canApply: true, risk: 'low' });
    expect(await Promise.all(files.map((file) => target.readFile(file)))).toEqual(before);
  });

  test('and the next answer is not about the planned configuration', async () => {
    await plan(aliasAndRule);
    const { aliases } = await asking.ask('pf_alias_search', { text: NAME });
    expect(aliases).toEqual([]);
  });

  test('or says that translations are not among them', async () => {
    const forward = {
      kind: 'nat_port_forward.add',
      args: {
        interface: 'wan',
        protocol: 'tcp',
        destination: { address: 'wanip', port: 18_443 },
        target: '192.168.1.60',
        targetPort: 443,
      },
    };
    const answer = await plan([forward]);
    expect(answer['rulesNotShown']).toMatch(/^Translations/);
  });

  test.runIf(IS_LAB)('and cannot be applied when pf does not take them', async () => {
    const file = join(lab?.address.root ?? '', PATH);
    writeFileSync(file, 'stdin:42: syntax error\n');
    const answer = await plan(aliasAndRule);
    writeFileSync(file, '');
    expect(answer).toMatchObject({ canApply: false, rulesRefused: 'stdin:42: syntax error' });
  });
});

test.runIf(IS_LAB)('a plan on a firewall with schedules says why no rules are shown', async () => {
  const other = await startLab({ php: LAB_PHP });
  const scheduled = await startAsking(labTarget(other), 'root', { permissions: ['read', 'config'] });
  const answer = await scheduled.ask('pf_change_plan', { changes: aliasAndRule, reason: 'a look at rules' });
  expect(answer['rulesNotShown']).toMatch(/schedule/);
  expect(answer['rules']).toBeUndefined();
  await scheduled.close();
  await other.close();
});
