import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import { type Candidate, candidate } from './gen-config.ts';
import type { DeviceFacts } from './pf-facts.ts';

/**
 * Has a box write the rules of generated configurations, for comparisons that need no box:
 * `tsx test/whatif/realbox-corpus.ts TARGET.json FOLDER [COUNT] [SEED]`. TARGET.json is what PFSENSE_TARGET names.
 * Each case becomes FOLDER/NNN/{config.xml,rules.debug,facts.json}. The box loses its configuration for the time of
 * the run: it must be a test box, which its folder /var/db/realbox tells.
 */
const [targetFile, folder, count = '100', seed = '1'] = process.argv.slice(2);
const usage = 'usage: realbox-corpus TARGET.json FOLDER [COUNT] [SEED]';
if (targetFile === undefined || folder === undefined) throw new Error(usage);

const { inspect } = z
  .object({ inspect: z.array(z.string()).min(1) })
  .parse(JSON.parse(await readFile(targetFile, 'utf8')));

async function build(folder: string, count: number, seed: number): Promise<void> {
  const [version = '', now = '', ...bogons] = (await onBox(QUESTIONS)).toString().split('\n');
  const candidates = fc.sample(candidate(version.replace(/[^\d.]/g, ''), new Date(now)), { numRuns: count, seed });
  const staging = await mkdtemp(join(tmpdir(), 'whatif-corpus-'));
  await Promise.all(candidates.map((one, index) => stage(join(staging, caseName(index)), one)));
  const answer = await onBox(GENERATE, await tar(['-C', staging, '-cf', '-', '.']));
  await mkdir(folder, { recursive: true });
  await tar(['-C', folder, '-xf', '-'], answer);
  const files = { '/etc/bogons': bogons.join('\n'), '/etc/bogonsv6': '' };
  for (const [index, { devices }] of candidates.entries()) {
    const facts = { devices, files, now, timeZone: 'Etc/UTC', seed, version };
    await writeFile(join(folder, caseName(index), 'facts.json'), JSON.stringify(facts, undefined, 1));
  }
  await rm(staging, { recursive: true });
  process.stdout.write(`${candidates.length} cases in ${folder}\n`);
}

function caseName(index: number): string {
  return String(index).padStart(4, '0');
}

async function stage(folder: string, { xml, devices }: Candidate): Promise<void> {
  const files = Object.entries(devices).map(([name, facts], index) => [`if/${name}`, deviceFile(facts, index + 1)]);
  for (const [name = '', text = ''] of [['config.xml', xml], ...files]) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}

/** What the box's stand-in for the kernel tells of a device. */
function deviceFile({ addresses, loopback }: DeviceFacts, index: number): string {
  const lines = addresses.map((address) => `${address.includes(':') ? 'inet6' : 'inet'}=${address}`);
  const type = loopback ? 'loopback' : 'ether';
  return [`type=${type}`, 'up=1', 'mtu=1500', ...lines, `index=${index}`, ''].join('\n');
}

const QUESTIONS = `set -e
test -d /var/db/realbox
grep -m1 '<version>' /cf/conf/config.xml
date -u +%Y-%m-%dT%H:%M:%SZ
cat /etc/bogons`;

/** Cases on stdin as an archive, the same archive with rules on stdout. */
const GENERATE = `set -e
test -d /var/db/realbox
work=$(mktemp -d)
mkdir $work/cases
cp /cf/conf/config.xml $work/config.xml
cp -R /var/db/realbox/if $work/if
restore() {
  cp $work/config.xml /cf/conf/config.xml
  rm -rf /var/db/realbox/if && cp -R $work/if /var/db/realbox/if
  rm -f /tmp/config.cache
}
trap restore EXIT
tar -C $work/cases -xf -
for case in $work/cases/*; do
  cp $case/config.xml /cf/conf/config.xml
  cp $case/if/* /var/db/realbox/if/
  rm -f /tmp/config.cache /tmp/rules.debug
  /usr/bin/timeout --foreground 60 /usr/local/bin/php -f /etc/rc.filter_configure_sync < /dev/null > $case/output.log 2>&1 || true
  if [ -f /tmp/rules.debug ]; then cp /tmp/rules.debug $case/rules.debug; fi
  rm -rf $case/if
done
tar -C $work/cases -cf - .`;

async function onBox(script: string, input: Uint8Array = Buffer.alloc(0)): Promise<Buffer> {
  const [program = '', ...prefix] = inspect;
  return await run(program, [...prefix, '/bin/sh', '-c', script], input);
}

async function tar(args: readonly string[], input: Uint8Array = Buffer.alloc(0)): Promise<Buffer> {
  return await run('tar', args, input);
}

function run(program: string, args: readonly string[], input: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(Buffer.concat(chunks)) : reject(new Error(`${program} ended with ${code}`)),
    );
    child.stdin.end(input);
  });
}

await build(folder, Number(count), Number(seed));
