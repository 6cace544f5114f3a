import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { ConfigTree } from '../../src/config/model.ts';
import { parseConfigXml } from '../../src/config/xml.ts';

const TARGET_FILE = process.env['PFSENSE_TARGET'];
const PROGRAM = readFileSync(new URL('pfsense-page.php', import.meta.url), 'utf8');

/** Whether the target has pfSense's own pages. */
export const HAS_PAGES = TARGET_FILE !== undefined;

/** A form as pfSense's pages send it: what is absent was not ticked. */
export type Post = Readonly<Record<string, unknown>>;

interface Answer {
  readonly errors: readonly string[];
  /** The page's HTML. */
  readonly shown: string;
  /** config.xml as the page left it. */
  readonly written: string;
}

/** Saves one of pfSense's own pages on the target; returns what the page found wrong. */
export async function savePage(page: string, post: Post): Promise<readonly string[]> {
  return (await openPage(page, post, false)).errors;
}

/** What pfSense's own page would write, and what it would find wrong; the configuration stays as it is. */
export async function tryPage(page: string, post: Post): Promise<{ errors: readonly string[]; config: ConfigTree }> {
  const { errors, written } = await openPage(page, post, true);
  return { errors, config: parseConfigXml(written) };
}

/** What a page of pfSense shows, as HTML. */
export async function shownBy(page: string, query: Post = {}): Promise<string> {
  return (await openPage(page, query, true)).shown;
}

async function openPage(page: string, post: Post, isTrial: boolean): Promise<Answer> {
  const { inspect } = JSON.parse(readFileSync(TARGET_FILE ?? '', 'utf8')) as { inspect: string[] };
  const input = Buffer.from(JSON.stringify({ page, post, isTrial })).toString('base64');
  const output = await run([...inspect, '/usr/local/bin/php'], PROGRAM.replace('INPUT', input));
  const line = output.split('\n').find((one) => one.startsWith('ANSWER '));
  if (line === undefined) throw new Error(`The page said nothing: ${output.slice(-500)}`);
  return JSON.parse(Buffer.from(line.slice(7), 'base64').toString('utf8'));
}

function run([program = '', ...args]: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, LC_ALL: 'C' } });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
    });
    child.on('error', reject);
    child.on('close', () => resolve(output));
    child.stdin.end(input);
  });
}
