import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBlock } from '../../src/config/address-block.ts';
import { redactTree } from '../../src/config/secrets.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { isHostName, membersHolding, readAlias, resolveMembers } from '../../src/tools/alias/members.ts';
import { schedules } from '../../src/tools/alias/schedule.ts';
import { aliasList } from '../../src/tools/alias/source.ts';
import { aliasUsage } from '../../src/tools/alias/usage.ts';
import { viewAlias } from '../../src/tools/alias/view.ts';

const alias = (name: string, members: string, type = 'host') =>
  readAlias({ name, type, address: members, descr: '', detail: '' });
const table = (...aliases: ReturnType<typeof alias>[]) => new Map(aliases.map((entry) => [entry.name, entry]));

test('nested aliases are resolved through every level, loops once', () => {
  const all = table(alias('a', 'b 1.1.1.1'), alias('b', 'c a 2.2.2.2'), alias('c', '1.1.1.1 3.3.3.3'));
  const { members, nested } = resolveMembers(alias('a', 'b 1.1.1.1'), all);
  expect([...members].sort()).toEqual(['1.1.1.1', '2.2.2.2', '3.3.3.3']);
  expect(nested).toEqual(['b', 'c']);
});

test('no set of aliases makes resolving run for ever', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', '9.9.9.9');
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.array(name))), (pairs) => {
      const all = table(...pairs.map(([own, members]) => alias(own, members.join(' '))));
      for (const entry of all.values()) expect(resolveMembers(entry, all).members.length).toBeLessThanOrEqual(5);
    }),
  );
});

test('members that hold an address are found in networks and ranges', () => {
  const wanted = readBlock('10.1.2.3') ?? { first: 0n, last: 0n, bits: 32 as const };
  expect(membersHolding(['10.0.0.0/8', '10.1.2.4', '10.1.2.1-10.1.2.9', 'host.example', '80'], wanted)).toEqual([
    '10.0.0.0/8',
    '10.1.2.1-10.1.2.9',
  ]);
});

test.each([
  ['host.example', true],
  ['10.0.0.1', false],
  ['443', false],
  ['8000:8100', false],
])('%s is a host name: %s', (member, answer) => {
  expect(isHostName(member)).toBe(answer);
});

test('the address of a list is shown without its login and without its query', () => {
  const { urls, members } = readAlias({
    name: 'x',
    type: 'urltable',
    url: 'https://me:pw@lists.example/a.txt?key=k1',
    address: 'https://me:pw@lists.example/a.txt?key=k1',
  });
  expect(urls).toEqual(['https://‹login›@lists.example/a.txt?‹query›']);
  expect(members).toEqual([]);
});

const config = parseConfigXml(`<pfsense><version>24.0</version>
  <aliases>
    <alias><name>web</name><type>port</type><address>80 443</address></alias>
    <alias><name>servers</name><type>host</type><address>10.0.0.1</address></alias>
    <alias><name>everything</name><type>network</type><address>servers</address></alias>
  </aliases>
  <filter>
    <rule><tracker>7</tracker><descr>servers</descr><source><address>everything</address></source><destination><address>servers</address><port>web</port></destination><sched>nights</sched></rule>
  </filter>
  <nat><rule><descr>in</descr><source><any></any></source><destination><network>wanip</network><port>web</port></destination><target>servers</target><local-port>web</local-port></rule>
    <outbound><rule><source><network>everything</network></source><destination><any></any></destination></rule></outbound></nat>
  <staticroutes><route><network>everything</network><gateway>servers</gateway></route></staticroutes>
  <schedules><schedule><name>nights</name><timerange><position>1,7</position><hour>22:00-23:59</hour></timerange><timerange><month>12,1</month><day>31,1</day><hour>0:00-23:59</hour></timerange></schedule></schedules>
</pfsense>`);
const source = aliasList.fromConfig?.(config, {});

describe.runIf(source)('from a configuration alone', () => {
  if (!source) return;
  const all = source.aliases.map(readAlias);

  test('every use is found once, and words in descriptions are none', () => {
    const usage = aliasUsage(source, all);
    expect(usage.get('servers')).toEqual(['alias everything', 'filter rule 7 (servers)', 'port forward (in)']);
    expect(usage.get('everything')).toEqual(['filter rule 7 (servers)', 'outbound NAT', 'static route everything']);
    expect(usage.get('web')).toEqual(['filter rule 7 (servers)', 'port forward (in)']);
  });

  test('what only pf can say is null', () => {
    const [, servers] = all;
    if (!servers) throw new Error('no alias');
    const facts = {
      alias: servers,
      resolved: { members: [], nested: [] },
      contents: undefined,
      usedBy: [],
      matchedBy: undefined,
    };
    expect(viewAlias(facts, source, 'concise')).toMatchObject({ live: null });
    expect(schedules(source)).toMatchObject([{ active: null }]);
  });

  test('schedules read as people say them, with the rules that follow', () => {
    expect(schedules(source)).toMatchObject([
      {
        name: 'nights',
        ranges: ['Mon, Sun 22:00-23:59', '12/31, 1/1 0:00-23:59'],
        usedBy: ['filter rule 7 (servers)'],
      },
    ]);
  });

  test('problems are named: no table, names that do not resolve', () => {
    const names = alias('names', 'host.example');
    const live = { ...source, tables: { names: 0 }, urlTables: {} };
    const contents = { entries: 0, sample: [], missing: [], unexpected: [] };
    const facts = {
      alias: names,
      resolved: { members: ['host.example'], nested: [] },
      contents,
      usedBy: [],
      matchedBy: undefined,
    };
    expect(viewAlias(facts, live, 'concise').problems).toEqual(['none of its host names resolves']);
    const gone = { ...live, tables: {} };
    expect(viewAlias(facts, gone, 'concise').problems).toContain(
      'pf has no such table: rules that use it are not loaded',
    );
  });
});

test('what the configuration hides is hidden here as well', () => {
  const key = '9f86d081884c7d659a2feaa0c55ad015';
  const url = `https://feeds.test/v2/${key}/ips.txt`;
  const raw = { name: 'feed', type: 'urltable', url, aliasurl: [url], address: url, detail: `x||with ${key}` };
  const { urls, members, details } = readAlias(raw);
  expect(JSON.stringify({ urls, members, details })).not.toContain(key);
  expect(urls).toEqual([redactTree(url), redactTree(url)]);
  expect(urls[0]).toMatch(/^https:\/\/feeds\.‹random:[0-9a-f]{6}›\.txt$/);
});
