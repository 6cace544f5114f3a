/** A configuration of the size that a busy firewall has; the same one each time. */
export function largeConfig({ rules, aliases }: { readonly rules: number; readonly aliases: number }): string {
  const filter = range(rules, (n) =>
    tag(
      'rule',
      `<tracker>${1_700_000_000 + n}</tracker><type>${n % 3 === 0 ? 'block' : 'pass'}</type><interface>${KEYS[n % KEYS.length]}</interface>` +
        `<ipprotocol>inet</ipprotocol><protocol>${n % 2 ? 'tcp' : 'udp'}</protocol>` +
        `<source>${n % 4 ? `<address>hosts_${n % aliases}</address>` : `<network>${KEYS[n % KEYS.length]}</network>`}</source>` +
        `<destination><address>hosts_${(n + 7) % aliases}</address><port>${n % 5 ? 443 : '8000-8100'}</port></destination>` +
        `<descr><![CDATA[Department ${n % 12} reaches service ${n} of site ${n % 9}]]></descr>${n % 6 ? '' : '<log></log>'}` +
        `${n % 20 ? '' : '<disabled></disabled>'}${n % 25 ? '' : '<sched>opening_hours</sched>'}`,
    ),
  );
  const named = range(aliases, (n) =>
    tag(
      'alias',
      `<name>hosts_${n}</name><type>${n % 2 ? 'host' : 'network'}</type><address>${members(n)}</address>` +
        `<descr><![CDATA[Machines of group ${n}]]></descr><detail><![CDATA[${members(n).split(' ').fill('entry added 2026-03-01').join('||')}]]></detail>`,
    ),
  );
  const forwards = range(Math.ceil(rules / 5), (n) =>
    tag(
      'rule',
      `<source><any></any></source><destination><network>wanip</network><port>${20_000 + n}</port></destination><protocol>tcp</protocol>` +
        `<target>10.10.${n % 200}.5</target><local-port>${20_000 + n}</local-port><interface>wan</interface><descr><![CDATA[Service ${n} for partners]]></descr>`,
    ),
  );
  return `<?xml version="1.0"?>
<pfsense><version>24.0</version>
<system><hostname>big-fw</hostname><domain>lab.example</domain><timezone>Etc/UTC</timezone></system>
<interfaces>${range(8, (n) => `<${key(n)}><enable></enable><if>igb${n}</if><descr><![CDATA[${n === 0 ? 'WAN' : `SEGMENT_${n}`}]]></descr><ipaddr>10.${n}.0.1</ipaddr><subnet>16</subnet></${key(n)}>`)}</interfaces>
<aliases>${named}</aliases>
<schedules>${tag('schedule', `<name>opening_hours</name><timerange><position>1,2,3,4,5</position><hour>8:00-18:00</hour></timerange>`)}</schedules>
<nat><outbound><mode>automatic</mode></outbound>${forwards}</nat>
<filter>${filter}</filter>
<ifgroups></ifgroups><syslog></syslog>
</pfsense>
`;
}

const key = (n: number): string => (n === 0 ? 'wan' : n === 1 ? 'lan' : `opt${n - 1}`);
const KEYS = Array.from({ length: 8 }, (_, n) => key(n));

function members(n: number): string {
  const count = 2 + (n % 30);
  return Array.from({ length: count }, (_, m) =>
    n % 2 ? `10.${n % 8}.${n}.${m + 10}` : `10.${100 + (n % 100)}.${m}.0/24`,
  ).join(' ');
}

function range(count: number, make: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => make(n)).join('\n');
}

function tag(name: string, inner: string): string {
  return `<${name}>${inner}</${name}>`;
}
