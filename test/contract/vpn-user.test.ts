import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listAt, textAt } from '../../src/config/model.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { type Asking, configOf, rowsOf, startAsking } from './asking.ts';
import { LAB_PHP, labTarget, openTarget, type Target, USERS } from './target.ts';
import { peopleLogs, SECRETS, STAFF, withPeople } from './vpn-users.ts';

type Answer = Record<string, unknown>;

/** The lab is given people; another target is asked about them where it has them. */
async function targetWithPeople(): Promise<{ target: Target; lab: Lab | undefined }> {
  if (process.env['PFSENSE_TARGET'] !== undefined) return { target: await openTarget(), lab: undefined };
  const template = new URL('../../fixtures/lab/root/cf/conf/config.xml', import.meta.url);
  const config = join(tmpdir(), `pfsense-mcp-people-${process.pid}.xml`);
  writeFileSync(config, withPeople(readFileSync(template, 'utf8')));
  const lab = await startLab({ php: LAB_PHP, config });
  for (const [path, text] of Object.entries(peopleLogs(new Date()))) writeFileSync(join(lab.address.root, path), text);
  writeFileSync(join(lab.address.root, 'var/db/lab-table.virusprot'), '203.0.113.90\n');
  return { target: labTarget(lab), lab };
}

let target: Target;
let hasPeople = false;
let isLab = false;
beforeAll(async () => {
  const found = await targetWithPeople();
  target = found.target;
  isLab = found.lab !== undefined;
  hasPeople = listAt(await configOf(target), 'openvpn/openvpn-server').some(
    (server) => textAt(server, 'description') === STAFF,
  );
});
afterAll(() => target.close());

describe.each(USERS)('why a user gets into the VPN or not, asked as %s', (login) => {
  let asking: Asking;
  beforeAll(async () => {
    asking = await startAsking(target, login);
  });
  afterAll(() => asking.close());
  beforeEach(({ skip }) => skip(!hasPeople, 'this firewall does not have these people'));

  async function verdictOn(user: string): Promise<Answer> {
    const { user: verdict } = await asking.ask('pf_vpn_status', { user });
    return Object(verdict);
  }

  /** What stands in the way at the staff's server, but for the state of its daemon and the source address. */
  async function blocking(user: string): Promise<string[]> {
    const server = rowsOf(await verdictOn(user), 'servers').find(({ name }) => String(name).startsWith(STAFF));
    return rowsOf(Object(server), 'reasons').flatMap(({ check, result }) =>
      result === 'blocks' && check !== 'server' && check !== 'source address' ? [String(check)] : [],
    );
  }

  test.each([
    ['bob', [] as string[]],
    ['carol', ['revocation']],
    ['dave', ['certificate']],
    ['erin', ['certificate']],
    ['frank', ['override']],
    ['grace', ['account']],
    ['heidi', ['account']],
    ['ivan', ['common name']],
    ['nobody-of-that-name', ['account']],
    ['BOB', ['account']],
  ])('%s', async (user, expected) => {
    expect(await blocking(user)).toEqual(expected);
  });

  test('everybody is refused where the LDAP server is down', async () => {
    const { servers } = await verdictOn('bob');
    expect(servers).toContainEqual(
      expect.objectContaining({
        name: 'Partners UDP4:1196',
        canConnect: 'no',
        reasons: expect.arrayContaining([expect.objectContaining({ check: 'backend', result: 'blocks' })]),
      }),
    );
  });

  test('mobile IPsec knows who has a key, and shows none', async () => {
    const phones = async (user: string) =>
      rowsOf(await verdictOn(user), 'servers').find(({ name }) => name === 'Phones')?.['canConnect'];
    expect(await phones('bob')).not.toBe('no');
    expect(await phones('frank')).toBe('no');
  });

  test('the last refusal is told in plain words, with where it came from', async () => {
    expect((await verdictOn('carol'))['lastReject']).toMatchObject({
      says: expect.stringContaining('revocation list'),
      from: '203.0.113.90',
      line: expect.stringContaining('VERIFY ERROR'),
    });
    expect((await verdictOn('ivan'))['lastReject']).toMatchObject({ says: expect.stringContaining('common name') });
    expect((await verdictOn('frank'))['lastReject']).toMatchObject({ says: expect.stringContaining('override') });
    expect(await verdictOn('bob')).toMatchObject({ lastReject: null, lastSuccess: { log: 'openvpn' } });
  });

  test('a source address in a block table is a reason of its own', async () => {
    const { servers, source } = await verdictOn('carol');
    expect(JSON.stringify(servers)).toContain('"check":"source address","result":"blocks"');
    expect(source).toMatchObject({ address: '203.0.113.90', tables: [{ table: 'virusprot', blocks: true }] });
  });

  test('says yes only where nothing is unknown, and what was not tried', async () => {
    const verdict = await verdictOn('bob');
    if (isLab) expect(verdict['canConnect']).toBe('yes');
    expect(verdict['notChecked']).toContainEqual(expect.stringContaining('password'));
  });

  test('no secret and no hash is in an answer', async () => {
    const text = JSON.stringify([await verdictOn('bob'), await verdictOn('carol')]);
    expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([]);
  });

  test('somebody who is unknown is no error', async () => {
    expect(await verdictOn('no such person 1f')).toMatchObject({ canConnect: expect.stringMatching(/^(no|unknown)$/) });
  });

  test('pf_vpn_status tells why a tunnel flaps, both ends side by side', async ({ skip }) => {
    skip(!isLab, 'the tunnel is one of the lab');
    const { tunnels } = await asking.ask('pf_vpn_status', {
      kind: 'ipsec',
      text: '198.51.100.200',
      detail: 'detailed',
    });
    expect(tunnels).toMatchObject([
      {
        history: {
          ups: 2,
          downs: 1,
          lastError: { says: expect.stringContaining('could not agree on encryption') },
          theirs: [expect.stringContaining('AES_CBC_128')],
        },
      },
    ]);
  });

  test('pf_host_explain names the tables of pf that hold an address, whose they are and how to get out', async () => {
    const { tables } = await asking.ask('pf_host_explain', { host: '203.0.113.90' });
    expect(tables).toMatchObject([
      { table: 'virusprot', owner: expect.stringContaining('connection limits'), release: expect.any(String) },
    ]);
    const { tables: none } = await asking.ask('pf_host_explain', { host: '203.0.113.250' });
    expect(none).toEqual([]);
  });
});
