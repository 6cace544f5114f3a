import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConfigTree, listAt, textAt } from '../../src/config/model.ts';
import { withTree } from '../../src/config/update.ts';
import { configOf } from './asking.ts';
import { HAS_PAGES, savePage } from './pfsense-page.ts';
import { IS_LAB, openTarget, type Target } from './target.ts';
import { startWholeChanges, type WholeChanges } from './whole-changes.ts';

const HASH = '$2y$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW';
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl alice@laptop';
const NAME = 'mcp-alice';
const TEAM = 'mcp-helpers';

let target: Target;
let changes: WholeChanges;
beforeAll(async () => {
  target = await openTarget();
  changes = await startWholeChanges(target);
});
afterAll(async () => {
  await changes.close();
  await target.close();
});

async function entry(list: 'user' | 'group', name: string): Promise<ConfigTree | undefined> {
  return listAt(await configOf(target), `system/${list}`).find((one) => textAt(one, 'name') === name);
}

/** The line of an account in the operating system, looked up past the product. */
async function line(list: 'user' | 'group', name: string): Promise<string | undefined> {
  const [lab, real] = list === 'user' ? ['/var/db/lab-passwd', '/etc/passwd'] : ['/var/db/lab-group', '/etc/group'];
  const text = await target.readFile(IS_LAB ? lab : real);
  return text.split('\n').find((one) => one.startsWith(`${name}:`));
}

/** The configuration but for the note of who wrote it last. */
async function written(): Promise<ConfigTree> {
  return withTree(await configOf(target), ['revision'], '');
}

describe('users and groups', () => {
  test('are created together: written, known to the operating system, with their key', async () => {
    const text = await changes.make([
      { kind: 'user.create', args: { name: NAME, fullName: 'Alice', passwordHash: HASH, authorizedKeys: [KEY] } },
      {
        kind: 'group.create',
        args: { name: TEAM, description: 'Help', members: [NAME], privileges: ['user-shell-access'] },
      },
    ]);
    expect(text).not.toContain(HASH);
    expect(text).toContain('alice@laptop');
    const user = await entry('user', NAME);
    expect(user).toMatchObject({ descr: 'Alice', 'bcrypt-hash': HASH, scope: 'user' });
    expect(await entry('group', TEAM)).toMatchObject({ member: [textAt(user ?? '', 'uid')], scope: 'local' });
    expect(await line('user', NAME)).toMatch(/:\/bin\/tcsh$/);
    expect(await line('group', TEAM)).toMatch(new RegExp(`:${NAME}$`));
    if (!IS_LAB) expect(await target.readFile(`/home/${NAME}/.ssh/authorized_keys`)).toBe(`${KEY}\n`);
  });

  test('are changed: a user that is disabled loses its shell, one that loses the privilege of its group as well', async () => {
    const { id } = await changes.begin([{ kind: 'group.update', args: { name: TEAM, privileges: [] } }]);
    expect(await line('user', NAME)).toMatch(/:\/sbin\/nologin$/);
    await changes.rollBack(id);
    expect(await line('user', NAME)).toMatch(/:\/bin\/tcsh$/);
    await changes.make([
      { kind: 'user.update', args: { name: NAME, disabled: true, authorizedKeys: [], expires: '2030-12-31' } },
    ]);
    expect(await entry('user', NAME)).toMatchObject({ disabled: '', expires: '12/31/2030', authorizedkeys: '' });
    expect(await line('user', NAME)).toMatch(/:\/sbin\/nologin$/);
  });

  test('are deleted, and come back with the same numbers when that is undone', async () => {
    const before = await written();
    const [user, group] = [await line('user', NAME), await line('group', TEAM)];
    const goodbye = [
      { kind: 'user.delete', args: { name: NAME } },
      { kind: 'group.delete', args: { name: TEAM } },
    ];
    const { id } = await changes.begin(goodbye);
    expect([await line('user', NAME), await line('group', TEAM)]).toEqual([undefined, undefined]);
    await changes.rollBack(id);
    expect(await written()).toEqual(before);
    expect([await line('user', NAME), await line('group', TEAM)]).toEqual([user, group]);
    await changes.make(goodbye);
    expect([await entry('user', NAME), await entry('group', TEAM)]).toEqual([undefined, undefined]);
  });

  test('cannot take the name of an account of the operating system, nor a privilege that is not there', async () => {
    const plan = (kind: string, args: Record<string, unknown>) =>
      changes.asking.refusal('pf_change_plan', { changes: [{ kind, args }], reason: 'a test' });
    expect(await plan('user.create', { name: 'sshd' })).toContain('operating system');
    expect(await plan('user.create', { name: 'mcp-x', privileges: ['page-al'] })).toContain('page-al');
    expect(await plan('user.delete', { name: 'admin' })).toContain('brings along');
  });

  test.runIf(HAS_PAGES)("come out as pfSense's own pages write them", async () => {
    const form = { scope: 'user', webguicss: 'pfSense.css', dashboardcolumns: '2', ipsecpsk: '', utype: 'user' };
    const password = { passwordfld1: 'for-a-comparison', passwordfld2: 'for-a-comparison' };
    expect(
      await savePage('system_usermanager.php', {
        ...{
          ...form,
          ...password,
          usernamefld: NAME,
          descr: 'Alice',
          expires: '12/31/2030',
          authorizedkeys: `${KEY}\n`,
        },
        ...{ disabled: 'yes', act: '', save: 'Save' },
      }),
    ).toEqual([]);
    const theirUser = Object(await entry('user', NAME));
    const group = { groupname: TEAM, gtype: 'local', description: 'Help', members: [theirUser.uid], save: 'Save' };
    expect(await savePage('system_groupmanager.php', group)).toEqual([]);
    const theirGroup = Object(await entry('group', TEAM));
    await changes.make([
      { kind: 'user.delete', args: { name: NAME } },
      { kind: 'group.delete', args: { name: TEAM } },
    ]);
    await changes.make([
      {
        kind: 'user.create',
        args: {
          ...{ name: NAME, fullName: 'Alice', passwordHash: HASH, authorizedKeys: [KEY] },
          ...{ expires: '2030-12-31', disabled: true },
        },
      },
      { kind: 'group.create', args: { name: TEAM, description: 'Help', members: [NAME] } },
    ]);
    const ourUser = Object(await entry('user', NAME));
    expect(Object.keys(ourUser)).toEqual(Object.keys(theirUser));
    expect({ ...ourUser, uid: '', 'bcrypt-hash': '' }).toEqual({ ...theirUser, uid: '', 'bcrypt-hash': '' });
    const ourGroup = Object(await entry('group', TEAM));
    expect(Object.keys(ourGroup)).toEqual(Object.keys(theirGroup));
    expect({ ...ourGroup, gid: '', member: '' }).toEqual({ ...theirGroup, gid: '', member: '' });
    await changes.make([
      { kind: 'user.delete', args: { name: NAME } },
      { kind: 'group.delete', args: { name: TEAM } },
    ]);
  });
});
