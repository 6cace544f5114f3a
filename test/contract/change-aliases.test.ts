import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wallMs } from '../../src/core/clock.ts';
import { type Changing, startChanging } from './changing.ts';
import { askOnce } from './driver.ts';
import { IS_LAB, openTarget, type Target } from './target.ts';

const NAME = `res${wallMs().toString(36)}`;
const LIST = `/var/db/aliastables/${NAME}.txt`;

let target: Target;
let changing: Changing;
beforeAll(async () => {
  target = await openTarget();
  changing = await startChanging(target, 'root');
});
afterAll(async () => {
  await onBox(`@unlink("${LIST}");`);
  await changing.asking.close();
  await target.close();
});

async function onBox(php: string): Promise<void> {
  await askOnce(target.users['root'], `${php} return [];`);
}

const list = { kind: 'alias.create', args: { name: NAME, type: 'urltable', url: 'https://lists.example.net/a.txt' } };
const hosts = (...members: string[]) => ({ kind: 'alias.create', args: { name: `${NAME}h`, type: 'host', members } });
const rule = (address: string) => ({
  kind: 'firewall_rule.add',
  args: { interface: 'lan', source: { address: 'lan' }, destination: { address }, description: NAME },
});
const refusal = (...changes: unknown[]) => changing.asking.refusal('pf_change_plan', { changes, reason: 'a test' });

describe('an alias that cannot be resolved', () => {
  test.runIf(IS_LAB)('is refused when it is the name of no alias and of no host', async () => {
    expect(await refusal(hosts('192.0.2.1', 'nosuchalias'))).toMatch(
      /not_found.*nosuchalias.*neither an alias nor a host/s,
    );
  });

  test('is refused when a rule would be left out for its list', async () => {
    expect(await refusal(list, rule(NAME))).toMatch(
      new RegExp(`not_found.*${NAME}, whose list was never downloaded`, 's'),
    );
    expect(await changing.plan([list])).toMatchObject({ canApply: true });
  });

  test('is none any more when the list is there', async () => {
    await onBox(`@mkdir("/var/db/aliastables"); file_put_contents("${LIST}", "198.18.40.0/24\\n");`);
    expect(await changing.plan([list, rule(NAME)])).toMatchObject({ canApply: true });
  });

  test('is named in the plan when it is a host without an address', async () => {
    const plan = await changing.plan([hosts('192.0.2.1', 'www.nowhere.invalid'), rule(`${NAME}h`)]);
    expect(plan).toMatchObject({ canApply: true });
    // No name server answers a real box.
    const said = IS_LAB
      ? `${NAME}h matches nothing for www\\.nowhere\\.invalid`
      : `an address for www\\.nowhere\\.invalid in the alias ${NAME}h could not be asked`;
    expect(JSON.stringify(plan)).toMatch(new RegExp(said));
  });
});
