import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wallMs } from '../../src/core/clock.ts';
import { type Changing, startChanging } from './changing.ts';
import { askOnce, eventually } from './driver.ts';
import { IS_LAB, openTarget, type Target } from './target.ts';

const NAME = `refused_${wallMs().toString(36)}`;
/** Makes every load of rules on a realbox fail, with what pf says then. */
const FLAG = '/var/db/realbox/flags/pfctl-fail';
const SAID = '/tmp/rules.debug:42: syntax error';

let target: Target;
let changing: Changing;
beforeAll(async () => {
  target = await openTarget();
  changing = await startChanging(target, 'root');
});
afterAll(async () => {
  await changing.asking.close();
  await target.close();
});

async function onBox(php: string): Promise<void> {
  await askOnce(target.users['root'], `${php} return [];`);
}

/** While this goes on, pf refuses what it is given; the simulated pf does so by the text of the rule. */
async function whileRefusing<T>(seconds: number, work: Promise<T>): Promise<T> {
  if (IS_LAB) return work;
  await sleep(1000 * seconds);
  await onBox(`unlink("${FLAG}");`);
  return work;
}

const changes = [
  { kind: 'alias.create', args: { name: NAME, type: 'host', members: [{ value: '198.18.9.9' }] } },
  {
    kind: 'firewall_rule.add',
    args: {
      type: 'pass',
      interface: 'lan',
      protocol: 'tcp',
      source: { address: NAME },
      destination: { address: 'any', port: 443 },
      description: 'lab-bad-rule',
    },
  },
];

test('rules that pf does not take leave the firewall as it was, with what pf says in the error', async () => {
  const before = await target.readFile('/cf/conf/config.xml');
  const plan = await changing.allowed(changes);
  if (!IS_LAB) await onBox(`file_put_contents("${FLAG}", "${SAID}");`);
  const refusal = await whileRefusing(6, changing.asking.refusal('pf_change_apply', { plan }));
  expect(refusal).toContain('rules_refused');
  expect(refusal).toContain('syntax error');
  const isUndone = async (): Promise<boolean> => {
    const answer = await changing.asking.ask('pf_change_status', { plan });
    return JSON.stringify(answer['changes']).includes('"state":"reverted"');
  };
  expect(await eventually(isUndone, 60_000)).toBe(true);
  expect(await target.readFile('/cf/conf/config.xml')).toBe(before);
  expect(await target.readFile('/tmp/rules.debug')).not.toContain(NAME);
}, 120_000);
