import { expect, test } from 'vitest';
import { parseConfigXml } from '../../src/config/xml.ts';
import { rulesInOrder } from '../../src/tools/rule/model.ts';
import { ruleSource } from '../../src/tools/rule/source.ts';

const config = parseConfigXml(`<pfsense><version>24.0</version>
  <interfaces><lan><descr>Office</descr></lan><opt1></opt1></interfaces>
  <ifgroups><ifgroupentry><ifname>Inside</ifname><members>lan opt1</members></ifgroupentry></ifgroups>
  <filter>
    <rule><tracker>1</tracker><type>pass</type><interface>lan</interface><source><network>lan</network></source><destination><any></any></destination></rule>
    <rule><tracker>2</tracker><type>block</type><interface>Inside</interface><ipprotocol>inet46</ipprotocol><source><address>bad</address><not></not></source><destination><network>(self)</network><port>22</port></destination><disabled></disabled></rule>
    <rule><tracker>3</tracker><type>match</type><interface>lan,opt1</interface><floating>yes</floating><quick>yes</quick><source><any></any></source><destination><network>opt1ip</network></destination></rule>
    <rule><tracker>4</tracker><type>pass</type><interface>lan</interface><source><any></any></source><destination><any></any></destination></rule>
    <rule><tracker>0000000005</tracker><type>pass</type><interface>lan</interface><sched>never</sched><source><any></any></source><destination><address>10.0.0.0/8</address><port>1-5</port></destination></rule>
    <separator><lan><sep0><row>fr1</row><text>Below the first</text></sep0></lan></separator>
  </filter>
  <aliases><alias><name>bad</name></alias></aliases></pfsense>`);
const source = ruleSource(config);
const entries = rulesInOrder(source);
const rules = entries.map(({ rule }) => rule);
const none = { evaluations: 0, packets: 0, bytes: 0, states: 0, rules: 1, labels: [], lastActive: null };

test('floating rules come first, then groups, then interfaces in the order of the GUI', () => {
  expect(rules.map(({ tracker }) => tracker)).toEqual(['3', '2', '1', '4', '0000000005']);
  expect(rules.map(({ tab, position }) => `${tab} ${position}`)).toEqual([
    'Floating 1',
    'Inside 1',
    'Office 1',
    'Office 2',
    'Office 3',
  ]);
});

test('rules read as in the GUI', () => {
  expect(rules.map(({ rule }) => rule)).toEqual([
    'match any direction quick on Office, OPT1 IPv4 any from any to OPT1 address',
    'block IPv4+6 any from !bad to this firewall port 22',
    'pass IPv4 any from Office subnets to any',
    'pass IPv4 any from any to any',
    'pass IPv4 any from any to 10.0.0.0/8 port 1-5',
  ]);
});

test('a group that is called like an address of an interface stays a group', () => {
  const rule = { tracker: '9', interface: 'lan', source: { network: 'Voip' }, destination: { network: 'l2tp' } };
  const [entry] = rulesInOrder({ ...source, groups: ['Voip'], rules: [rule] });
  expect(entry?.rule.rule).toBe('pass IPv4 any from Voip subnets to L2TP clients');
});

test('without pf there are no counters, which is not zero, and nobody knows what is loaded', () => {
  expect(rules.map(({ counters }) => counters)).toEqual([null, null, null, null, null]);
  expect(rules.map(({ state }) => state)).toEqual(['unknown', 'disabled', 'unknown', 'unknown', 'unknown']);
});

test('disabled, inactive by schedule, unresolvable and merely not loaded are told apart', () => {
  const enabled = { ...source, rules: source.rules.slice(1).map((rule) => ({ ...Object(rule) })) };
  for (const rule of enabled.rules) delete rule.disabled;
  const live = { ...enabled, loaded: { '3': none }, schedules: { never: false }, aliases: [], hasPending: false };
  const states = rulesInOrder(live).map(({ rule: { tracker, state } }) => [tracker, state]);
  expect(states).toEqual([
    ['3', 'active'],
    ['2', 'unresolvable'],
    ['4', 'not loaded'],
    ['0000000005', 'schedule inactive'],
  ]);
});

test('an alias that exists and still yields nothing is seen from what pfSense skipped', () => {
  const live = { ...source, loaded: {}, skipped: [{ alias: 'bad', rule: 'x' }] };
  const rule = { tracker: '9', interface: 'lan', descr: 'x', source: { address: 'bad' }, destination: { any: '' } };
  const [entry] = rulesInOrder({ ...live, rules: [rule] });
  expect(entry?.rule).toMatchObject({ state: 'unresolvable', reason: 'alias bad yields nothing' });
  const [other] = rulesInOrder({ ...live, rules: [{ ...rule, descr: 'y' }] });
  expect(other?.rule).toMatchObject({ state: 'not loaded' });
});

test('pf drops zeroes at the beginning of a tracker', () => {
  const live = { ...source, loaded: { '5': { ...none, packets: 7 } } };
  expect(rulesInOrder(live).at(-1)?.rule).toMatchObject({ state: 'active', counters: { packets: 7 } });
});

test('rules that share a tracker are flagged', () => {
  const twice = { ...source, rules: [...source.rules, source.rules[0] ?? ''] };
  const flagged = rulesInOrder(twice).filter(({ rule }) => rule.duplicateTracker);
  expect(flagged.map(({ rule }) => rule.tracker)).toEqual(['1', '1']);
});

test('of rules that share a tracker, one that pfSense skipped is not taken for the loaded one', () => {
  const twin = { tracker: '9', interface: 'lan', descr: 'a', source: { any: '' }, destination: { any: '' } };
  const other = { ...twin, descr: 'b', source: { address: 'gone' } };
  const live = { ...source, loaded: { '9': none }, rules: [twin, other] };
  expect(rulesInOrder(live).map(({ rule: { state } }) => state)).toEqual(['active', 'unresolvable']);
});

test('a separator heads the rules below it on its tab', () => {
  expect(rules.map(({ heading }) => heading)).toEqual([
    undefined,
    undefined,
    undefined,
    'Below the first',
    'Below the first',
  ]);
});
