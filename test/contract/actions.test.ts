import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PlanStore } from '../../src/changes/plan-store.ts';
import { wallMs } from '../../src/core/clock.ts';
import { type Asking, startAsking, textOrNothing } from './asking.ts';
import { askOnce, eventually } from './driver.ts';
import { IS_LAB, openTarget, type Target, USERS } from './target.ts';

type Answer = Record<string, unknown>;

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

/** Looks at the firewall, and prepares it, past the tools. */
const onBox = (body: string, input: unknown = {}): Promise<unknown> => askOnce(target.users['root'], body, input);

interface Desk {
  readonly asking: Asking;
  plan(action: string, args?: Answer): Promise<Answer>;
  approve(id: unknown): void;
  /** Plans, has a person allow it, and runs. */
  run(action: string, args?: Answer): Promise<Answer>;
}

async function deskOf(user: string, permissions: ('read' | 'service' | 'config' | 'dangerous')[]): Promise<Desk> {
  const asking = await startAsking(target, user, { permissions, maxChangesPerHour: 100 });
  const plans = new PlanStore(asking.stateDir);
  const plan = (action: string, args: Answer = {}) =>
    asking.ask('pf_action_plan', { action, args, reason: 'a test of actions' });
  const approve = (id: unknown): void => {
    const record = plans.load(String(id));
    const approval = { channel: 'terminal' as const, person: 'tester', at: wallMs(), hash: record.plan.hash };
    plans.save({ ...record, approvals: [{ step: 'apply', ...approval }] });
  };
  return {
    asking,
    plan,
    approve,
    async run(action, args) {
      const { plan: id, canRun, refused } = await plan(action, args);
      expect({ canRun, refused }).toEqual({ canRun: true, refused: undefined });
      approve(id);
      return asking.ask('pf_action_run', { plan: id });
    },
  };
}

/** A network that no session and no target uses. */
const NOBODY = '198.18.7.0/24';

describe.each(USERS)('actions in the hands of %s', (user) => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await deskOf(user, ['read', 'service', 'config', 'dangerous']);
  });
  afterAll(() => desk.asking.close());

  test('need a person, once, and are told of afterwards', async () => {
    const { plan, canRun, refused } = await desk.plan('states.kill', { from: NOBODY });
    expect({ canRun, refused }).toMatchObject({ canRun: true });
    expect(await desk.asking.refusal('pf_action_run', { plan })).toContain('approval_needed');
    expect(await desk.asking.refusal('pf_change_apply', { plan })).toContain('plan of an action');
    desk.approve(plan);
    const done = await desk.asking.ask('pf_action_run', { plan });
    expect(done).toMatchObject({ state: 'done', action: 'states.kill', seen: { before: 0, after: 0 } });
    expect(await desk.asking.refusal('pf_action_run', { plan })).toContain('change_over');
    const { actions } = await desk.asking.ask('pf_action_status', { plan });
    expect(actions).toMatchObject([{ plan: done['plan'], state: 'done' }]);
  }, 60_000);
});

describe('one firewall', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await deskOf('root', ['read', 'service', 'config', 'dangerous']);
  });
  afterAll(async () => {
    if (!IS_LAB) await onBox(REALBOX_CLEAN);
    await desk.asking.close();
  });

  test('are refused where they could cut this session', async () => {
    const [client = ''] = String(await onBox('return [getenv("SSH_CONNECTION")];')).split(' ');
    for (const [action, args] of [
      ['states.kill', { from: client }],
      ['states.kill', { to: `${client}/8` }],
      ['interface.restart', { interface: IS_LAB ? 'lan' : 'wan' }],
    ] as const) {
      const { plan, canRun, refused } = await desk.plan(action, args);
      expect({ action, canRun }).toEqual({ action, canRun: false });
      expect(String(refused)).toMatch(/session/);
      desk.approve(plan);
      expect(await desk.asking.refusal('pf_action_run', { plan })).toContain('lockout_risk');
    }
  }, 60_000);

  test('are refused with arguments that make no sense, by saying which would', async () => {
    const refusal = (action: string, args: Answer) =>
      desk.asking.refusal('pf_action_plan', { action, args, reason: 'a test of actions' });
    expect(await refusal('states.kill', {})).toContain('bad_input');
    expect(await refusal('states.kill', { from: '0.0.0.0/0' })).toContain('bad_input');
    expect(await refusal('states.kill', { from: '10.0.0.1', to: '2001:db8::1' })).toContain('families');
    expect(await refusal('interface.restart', { interface: 'opt99' })).toContain('not_found');
    expect(await refusal('vpn.disconnect', { client: 'nobody at all' })).toContain('not_found');
    expect(await refusal('service.control', { service: 'ntpd', action: 'stop' })).toContain('pf_service_control');
    expect(await refusal('package.remove', { name: 'no-such-package' })).toContain('not_found');
    expect(await refusal('package.install', { name: 'x; reboot' })).toContain('bad_input');
    expect(await refusal('system.reboot', { confirm: 'yes' })).toContain('bad_input');
  });

  test('restarts an interface, which is up with its addresses afterwards', async () => {
    const done = await desk.run('interface.restart', { interface: IS_LAB ? 'opt2' : 'lan' });
    expect(done).toMatchObject({ state: 'done', seen: { before: { isUp: true }, after: { isUp: true } } });
    const { before, after } = Object(done['seen']);
    expect(after.addresses).toEqual(before.addresses);
  }, 90_000);

  test('restarts sshd, which answers under another process', async () => {
    const setPort = (port: string) =>
      onBox('config_set_path("system/ssh/port", $in["port"]); return ["w" => is_array(write_config("a test"))];', {
        port,
      });
    const { port } = Object(target.users['root']);
    if (!IS_LAB) {
      // The port that the configuration says is another than the one of this session.
      const { canRun, refused } = await desk.plan('sshd.restart');
      expect({ canRun, refused: String(refused) }).toMatchObject({
        canRun: false,
        refused: expect.stringContaining('port'),
      });
      await setPort(String(port));
    }
    try {
      const done = await desk.run('sshd.restart');
      expect(done).toMatchObject({ state: 'done', seen: { answers: true, isRestored: false } });
      const { before, after } = Object(done['seen']);
      expect(after).not.toBe(before);
      expect(await desk.asking.ask('pf_service_list')).toMatchObject({ firewall: 'fw' });
    } finally {
      if (!IS_LAB) await setPort('');
    }
  }, 90_000);

  test('lets go of all states, and can be reached afterwards', async () => {
    const done = await desk.run('states.flush');
    // The states of realbox are constants, and it is seen that they stay.
    expect(done).toMatchObject({ state: IS_LAB ? 'done' : 'without effect' });
    if (IS_LAB) expect(done['seen']).toMatchObject({ before: 212, after: 0, survivors: 0 });
    expect(await desk.asking.ask('pf_service_list')).toMatchObject({ firewall: 'fw' });
  }, 90_000);

  test.runIf(IS_LAB)(
    'disconnects a client of OpenVPN, which is gone then',
    async () => {
      const { does } = await desk.plan('vpn.disconnect', { client: 'road' });
      expect(String(does)).toContain('203.0.113.77:52044');
      expect(await desk.run('vpn.disconnect', { client: 'alice' })).toMatchObject({ state: 'done' });
      const again = { action: 'vpn.disconnect', args: { client: 'alice' }, reason: 'again' };
      expect(await desk.asking.refusal('pf_action_plan', again)).toContain('not_found');
    },
    60_000,
  );

  test.runIf(IS_LAB)(
    'restarts a VPN daemon',
    async () => {
      const done = await desk.run('service.control', { service: 'openvpn', action: 'restart' });
      expect(done).toMatchObject({ state: 'done', seen: { isRunning: true } });
    },
    60_000,
  );

  test('installs and removes a package, with what its program said', async () => {
    const name = IS_LAB ? 'acme' : 'mcp_test';
    if (!IS_LAB) await onBox(REALBOX_PACKAGES);
    const installed = await desk.run('package.install', { name });
    expect(installed).toMatchObject({ state: 'done', seen: { before: null } });
    expect(String(installed['progress'])).toContain('Installing');
    expect(await desk.run('package.remove', { name })).toMatchObject({ state: 'done', seen: { after: null } });
  }, 90_000);

  test('makes no change while an action is under way, and starts none while a change is on trial', async () => {
    const id = 'c0ffee'.padEnd(32, '0');
    await onBox(
      '@mkdir("/cf/conf/pfsense-mcp"); @mkdir("/cf/conf/pfsense-mcp/$in[id]"); touch("/cf/conf/pfsense-mcp/$in[id]/acting"); return [1];',
      { id },
    );
    const alias = {
      kind: 'alias.create',
      args: { name: `acting_${wallMs().toString(36)}`, type: 'network', members: [{ value: NOBODY }] },
    };
    const plans = new PlanStore(desk.asking.stateDir);
    const approveAll = (plan: unknown): void => {
      const record = plans.load(String(plan));
      const approval = { channel: 'terminal' as const, person: 'tester', at: wallMs(), hash: record.plan.hash };
      plans.save({ ...record, approvals: [{ step: 'apply', ...approval }] });
    };
    const planChange = async () =>
      (await desk.asking.ask('pf_change_plan', { changes: [alias], reason: 'a test', windowSeconds: 60 }))['plan'];
    try {
      const { plan: action } = await desk.plan('states.kill', { from: NOBODY });
      desk.approve(action);
      expect(await desk.asking.refusal('pf_action_run', { plan: action })).toContain('change_pending');
      const change = await planChange();
      approveAll(change);
      expect(await desk.asking.refusal('pf_change_apply', { plan: change })).toContain('change_pending');
    } finally {
      await onBox('unlink("/cf/conf/pfsense-mcp/$in[id]/acting"); rmdir("/cf/conf/pfsense-mcp/$in[id]"); return [1];', {
        id,
      });
    }
    const change = await planChange();
    approveAll(change);
    await desk.asking.ask('pf_change_apply', { plan: change });
    const { plan: action } = await desk.plan('states.kill', { from: NOBODY });
    desk.approve(action);
    expect(await desk.asking.refusal('pf_action_run', { plan: action })).toContain('change_pending');
    expect(await desk.asking.refusal('pf_service_control', { service: 'ntpd', action: 'restart' })).toContain(
      'change_pending',
    );
    await desk.asking.ask('pf_change_rollback', { plan: change });
    // Nothing was begun, so the same plan may be run now.
    expect(await desk.asking.ask('pf_action_run', { plan: action })).toMatchObject({ state: 'done' });
  }, 90_000);

  test('reboots, by what pfSense itself uses, and says so when it has', async () => {
    const { plan, does } = await desk.plan('system.reboot');
    expect(String(does)).toContain('Reboot');
    desk.approve(plan);
    const asked = await desk.asking.ask('pf_action_run', { plan });
    if (IS_LAB) {
      const look = async () => Object(await desk.asking.ask('pf_action_status', { plan })).actions[0].state;
      expect(await eventually(async () => (await look()) === 'done', 10_000)).toBe(true);
    } else {
      // It logs what would have been done.
      expect(asked).toMatchObject({ state: 'running' });
      expect(
        await eventually(async () => /reboot/.test(await textOrNothing(target, '/var/db/realbox/last-reboot')), 15_000),
      ).toBe(true);
    }
  }, 60_000);
});

/** For realbox, whose upgrade program does nothing: this one hands on to its pkg, and says what that says. */
const REALBOX_PACKAGES = `
  @mkdir("/var/db/realbox/override", 0755, true);
  $catalogue = 'if [ "$1" = search ]; then echo "pfSense-pkg-mcp_test-1.0_1 for a test"; exit; fi; ';
  $list = 'if [ "$1" = info ]; then while IFS="|" read -r n v c; do echo "$n-$v $c"; done < /var/db/realbox/mcp-pkgs; exit; fi; ';
  file_put_contents("/var/db/realbox/override/pkg-static", "#!/bin/bash\n$catalogue$list\n");
  file_put_contents("/var/db/realbox/mcp-pkgs", "pfSense-pkg-other|1.0|other\n");
  $upgrade = 'log=$3; for n; do :; done; case "$6" in -r) sed -i "/^$n|/d" /var/db/realbox/mcp-pkgs; echo "Removing $n" > $log;; *) echo "$n|1.0_1|t" >> /var/db/realbox/mcp-pkgs; echo "Installing $n" > $log;; esac';
  file_put_contents("/var/db/realbox/override/pfSense-upgrade", "#!/bin/bash\n$upgrade\n");
  chmod("/var/db/realbox/override/pkg-static", 0755);
  chmod("/var/db/realbox/override/pfSense-upgrade", 0755);
  return [1];`;

/** Takes these programs away again. */
const REALBOX_CLEAN = `foreach (["override/pkg-static", "override/pfSense-upgrade", "mcp-pkgs", "last-reboot"] as $f) @unlink("/var/db/realbox/$f"); return [1];`;

test('dangerous ones need that level, whatever the tools do', async () => {
  const { asking, plan } = await deskOf('root', ['read', 'service']);
  for (const action of ['system.reboot', 'system.halt', 'states.flush'])
    expect(await asking.refusal('pf_action_plan', { action, reason: 'a test' })).toContain('dangerous');
  expect(await plan('sshd.restart')).toMatchObject({ firewall: 'fw' });
  await asking.close();
  const denied = await startAsking(target, 'root', { permissions: ['service'], deny: [{ kind: 'sshd.*' }] });
  expect(await denied.refusal('pf_action_plan', { action: 'sshd.restart', reason: 'a test' })).toContain('refused');
  await denied.close();
});
