import { randomBytes } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import { quantile } from '../src/alan/statistics.ts';
import { diffConfigs } from '../src/config/diff.ts';
import { listAt } from '../src/config/model.ts';
import { redactTree } from '../src/config/secrets.ts';
import { parseConfigXml } from '../src/config/xml.ts';
import type { FirewallSettings } from '../src/core/settings.ts';
import { ask, open, session } from '../test/contract/driver.ts';

const RUNS = 5;
const RULES = 5_500;
const BYTES = 5_000_000;

/** A configuration of 5 MB: filter rules first of all, and aliases, leases and certificates as a large site has them. */
export function largeConfig(): string {
  const rules = Array.from({ length: RULES }, (_, n) => ruleXml(n)).join('');
  const leases = Array.from({ length: 2_000 }, (_, n) => leaseXml(n)).join('');
  const aliases = Array.from({ length: 500 }, (_, n) => aliasXml(n)).join('');
  const rest = `<aliases>${aliases}</aliases><dhcpd><lan>${leases}</lan></dhcpd><filter>${rules}</filter>`;
  const certificates: string[] = [];
  let size = rest.length;
  while (size < BYTES) {
    const certificate = `\t<cert><refid>${randomBytes(6).toString('hex')}</refid><crt>${randomBytes(1_500).toString('base64')}</crt><prv>${randomBytes(1_200).toString('base64')}</prv></cert>\n`;
    certificates.push(certificate);
    size += certificate.length;
  }
  return `<?xml version="1.0"?>\n<pfsense>\n\t<version>24.0</version>\n\t${rest}\n${certificates.join('')}</pfsense>\n`;
}

function ruleXml(n: number): string {
  return `\n\t\t<rule>\n\t\t\t<id></id>\n\t\t\t<tracker>${1_700_000_000 + n}</tracker>\n\t\t\t<type>pass</type>\n\t\t\t<interface>lan</interface>\n\t\t\t<ipprotocol>inet</ipprotocol>\n\t\t\t<protocol>tcp</protocol>\n\t\t\t<source>\n\t\t\t\t<address>net_${n % 500}</address>\n\t\t\t</source>\n\t\t\t<destination>\n\t\t\t\t<address>10.${n >> 8}.${n & 255}.1</address>\n\t\t\t\t<port>443</port>\n\t\t\t</destination>\n\t\t\t<descr><![CDATA[Büro ${n} &amp; &quot;others&quot;]]></descr>\n\t\t</rule>`;
}

function leaseXml(n: number): string {
  return `\n\t\t\t<staticmap><mac>02:00:00:00:${(n >> 8).toString(16).padStart(2, '0')}:${(n & 255).toString(16).padStart(2, '0')}</mac><ipaddr>10.1.${n >> 8}.${n & 255}</ipaddr><hostname>host${n}</hostname><descr><![CDATA[Desk ${n}]]></descr></staticmap>`;
}

function aliasXml(n: number): string {
  const addresses = Array.from({ length: 20 }, (_, m) => `10.${n % 250}.${m}.0/24`).join(' ');
  return `\n\t\t<alias><name>net_${n}</name><type>network</type><address>${addresses}</address><descr><![CDATA[Net ${n}]]></descr></alias>`;
}

/** Times in milliseconds and retained memory in megabytes, ours next to others on the same document. */
export async function benchConfig(login: FirewallSettings, document: string) {
  const plain = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: true });
  const tree = parseConfigXml(document);
  const ours = measure(() => parseConfigXml(document));
  const fastXmlParser = measure(() => plain.parse(document));
  return {
    bytes: Buffer.byteLength(document),
    rules: listAt(tree, 'filter/rule').length,
    ours,
    fastXmlParser,
    oursToFastXmlParser: ratio(ours.p50Ms, fastXmlParser.p50Ms),
    pfSense: await measureThere(login, document),
    redactMs: measure(() => redactTree(tree)).p50Ms,
    diffMs: measure(() => diffConfigs(tree, parseConfigXml(document.replace('tracker>1700000000', 'tracker>1')))).p50Ms,
  };
}

function measure(work: () => unknown) {
  const times: number[] = [];
  const heaps: number[] = [];
  const kept: unknown[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const began = performance.now();
    const result = work();
    times.push(performance.now() - began);
    globalThis.gc?.();
    heaps.push(process.memoryUsage().heapUsed - before);
    kept.push(result);
  }
  times.sort((a, b) => a - b);
  heaps.sort((a, b) => a - b);
  const megabytes = globalThis.gc === undefined ? null : Math.round((quantile(heaps, 0.5) ?? 0) / 100_000) / 10;
  return { runs: kept.length, p50Ms: Math.round(quantile(times, 0.5) ?? 0), retainedMegabytes: megabytes };
}

/** pfSense's own parser on the target; null where it has none (the lab). The document goes there in pieces. */
async function measureThere(login: FirewallSettings, document: string) {
  const connection = await open(login);
  const php = await session(connection);
  try {
    const { can } = (await ask(php, "return ['can' => is_file('/etc/inc/xmlparse.inc')];")) as { can: boolean };
    if (!can) return null;
    const store =
      "file_put_contents('/tmp/pfsense-mcp-bench.xml', base64_decode($in['part']), $in['first'] ? 0 : FILE_APPEND); return [];";
    const bytes = Buffer.from(document);
    for (let at = 0; at < bytes.length; at += 1_000_000) {
      const part = bytes.subarray(at, at + 1_000_000).toString('base64');
      await ask(php, store, { part, first: at === 0 }, 30_000);
    }
    return await ask(
      php,
      `$times = []; $memory = 0; $rules = 0;
       for ($n = 0; $n < ${RUNS}; $n++) {
           $before = memory_get_usage(); $began = hrtime(true);
           $tree = parse_xml_config('/tmp/pfsense-mcp-bench.xml', 'pfsense');
           $times[] = (hrtime(true) - $began) / 1e6;
           $memory = memory_get_usage() - $before; $rules = count($tree['filter']['rule']); $tree = null;
           $GLOBALS['parsedcfg'] = null;
       }
       sort($times); unlink('/tmp/pfsense-mcp-bench.xml');
       return ['p50Ms' => (int) round($times[intdiv(count($times), 2)]), 'retainedMegabytes' => round($memory / 1e6, 1), 'rules' => $rules];`,
      {},
      60_000,
    );
  } finally {
    await php.close();
    await connection.close();
  }
}

function ratio(a: number, b: number): number | null {
  return b > 0 ? Math.round((a / b) * 100) / 100 : null;
}
