import { expect, test } from 'vitest';
import { parseConfigXml } from '../../src/config/xml.ts';
import { savedGateways } from '../../src/tools/gateway/saved.ts';
import gatewayStatus from '../../src/tools/gateway/status.ts';
import interfaceList from '../../src/tools/interface/list.ts';
import { savedInterfaces } from '../../src/tools/interface/saved.ts';
import { savedTopology } from '../../src/tools/interface/topology.ts';

const range = (count: number, write: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => write(n)).join('');

/** 100 interfaces, 60 gateways, a group that uses the last of them. */
const config = parseConfigXml(
  `<pfsense><interfaces>${range(
    100,
    (n) =>
      `<opt${n}><if>igb1.${n + 2}</if><descr>Department ${n}</descr><enable></enable><ipaddr>10.${n}.0.1</ipaddr><subnet>24</subnet></opt${n}>`,
  )}</interfaces><gateways>${range(
    60,
    (n) =>
      `<gateway_item><name>GW_${n}</name><interface>opt${n}</interface><gateway>10.${n}.0.254</gateway><ipprotocol>inet</ipprotocol><descr>Line ${n}</descr></gateway_item>`,
  )}<gateway_group><name>ALL</name><item>GW_59|1|address</item></gateway_group></gateways></pfsense>`,
);

type Run = (args: never, parts: never) => Promise<Record<string, unknown>>;

/** Every page of a tool that asks a box which answers from the configuration above. */
async function pages(run: Run, reply: unknown, args: Record<string, unknown>): Promise<Record<string, unknown>[]> {
  const box = { name: 'fw', call: async () => reply };
  const answers: Record<string, unknown>[] = [];
  for (let cursor: unknown; answers.length === 0 || cursor !== undefined; ) {
    const request = { limit: 25, ...args, ...(cursor === undefined ? {} : { cursor }) };
    const answer = await run(request as never, { box, note: () => undefined } as never);
    answers.push(answer);
    cursor = answer['cursor'];
  }
  return answers;
}

const names = (answers: Record<string, unknown>[], list: string, key: string): unknown[] =>
  answers.flatMap((answer) => (answer[list] as Record<string, unknown>[]).map((row) => row[key]));

test.each(['concise', 'detailed'])('100 interfaces come page by page, each once (%s)', async (detail) => {
  const reply = { interfaces: savedInterfaces(config), topology: savedTopology(config) };
  const answers = await pages(interfaceList.run as Run, reply, { detail });
  expect(names(answers, 'interfaces', 'id')).toEqual(Array.from({ length: 100 }, (_, n) => `opt${n}`));
  expect(answers.map(({ total }) => total)).toEqual(answers.map(() => 100));
  expect(Math.max(...answers.map((answer) => JSON.stringify(answer).length))).toBeLessThan(24_000);
});

test('60 gateways come page by page, and groups are whole on each', async () => {
  const answers = await pages(gatewayStatus.run as Run, savedGateways(config), {});
  expect(names(answers, 'gateways', 'name')).toEqual(Array.from({ length: 60 }, (_, n) => `GW_${n}`));
  expect(answers).toHaveLength(3);
  expect(answers.map(({ groups }) => groups)).toEqual(answers.map(() => [expect.objectContaining({ name: 'ALL' })]));
});
