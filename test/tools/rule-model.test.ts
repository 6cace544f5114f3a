import { expect, test } from 'vitest';
import { parseConfigXml } from '../../src/config/xml.ts';
import { ruleSource, rulesInOrder } from '../../src/tools/rule/model.ts';

const config = parseConfigXml(`<pfsense><version>24.0</version>
  <interfaces><lan><descr>Office</descr></lan><opt1></opt1></interfaces>
  <ifgroups><ifgroupentry><ifname>Inside</ifname><members>lan opt1</members></ifgroupentry></ifgroups>
  <filter>
    <rule><tracker>1</tracker><type>pass</type><interface>lan</interface><source><network>lan</network></source><destination><any></any></destination></rule>
    <rule><tracker>2</tracker><type>block</type><interface>Inside</interface><ipprotocol>inet46</ipprotocol><source><address>bad</address><not></not></source><destination><network>(self)</network><port>22</port></destination><disabled></disabled></rule>
    <rule><tracker>3</tracker><type>match</type><interface>lan,opt1</interface><floating>yes</floating><quick>yes</quick><source><any></any></source><destination><network>opt1ip</network></destination></rule>
    <rule><tracker>4</tracker><type>pass</type><interface>lan</interface><source><any></any></source><destination><any></any></destination></rule>
  </filter></pfsense>`);
const rules = rulesInOrder(ruleSource(config));

test('floating rules come first, then groups, then interfaces in the order of the GUI', () => {
  expect(rules.map(({ tracker }) => tracker)).toEqual(['3', '2', '1', '4']);
  expect(rules.map(({ tab, position }) => `${tab} ${position}`)).toEqual([
    'Floating 1',
    'INSIDE 1',
    'Office 1',
    'Office 2',
  ]);
});

test('endpoints read as in the GUI', () => {
  expect(rules.map(({ source }) => source)).toEqual(['any', '!bad', 'Office subnets', 'any']);
  expect(rules.map(({ destination }) => destination)).toEqual(['OPT1 address', 'this firewall port 22', 'any', 'any']);
});

test('what is off, and what only floating rules have, is said', () => {
  expect(rules[0]).toMatchObject({ direction: 'any', quick: true, interfaces: ['Office', 'OPT1'], enabled: true });
  expect(rules[1]).toMatchObject({ enabled: false, family: 'IPv4+6' });
  expect(rules[2]).not.toHaveProperty('direction');
});

test('without pf there are no counters, which is not zero', () => {
  expect(rules.map(({ counters }) => counters)).toEqual([null, null, null, null]);
});
