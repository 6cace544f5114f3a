import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabBox, RuleOf } from './program.ts';
import { busyStates, FIREWALL_OUT, GUEST_DNS, LAN_OUT } from './traffic.ts';

const WEB_SERVER = '1700000003';

/** States of the simulated pf when nothing else is asked for. */
const USUAL = 212;

/** Number of states; a file of the lab may ask for more. */
export function stateCount({ root }: LabBox): number {
  const file = join(root, 'var/db/lab-states');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : USUAL;
}

const endedFile = ({ root }: LabBox): string => join(root, 'var/db/lab-states-ended');

/** Ends states: all, or those that have one of the addresses whose beginning is given. */
export function endStates(box: LabBox, starts: readonly string[]): void {
  appendFileSync(endedFile(box), starts.map((start) => `${start}\n`).join(''));
}

/** `pfctl -vvss`. */
export function listStates(box: LabBox, ruleOf: RuleOf): string {
  const busy = busyStates(box, ruleOf).slice(0, stateCount(box));
  const calm = Array.from(
    { length: stateCount(box) - busy.length },
    (_, index) => KINDS[index % KINDS.length]?.(index, ruleOf) ?? '',
  );
  const ended = existsSync(endedFile(box)) ? readFileSync(endedFile(box), 'utf8').split('\n').filter(Boolean) : [];
  return [...busy, ...calm].filter((text) => !ended.some((start) => isAbout(text, start))).join('');
}

function isAbout(text: string, start: string): boolean {
  const head = text.split('\n')[0] ?? '';
  return start === '*' || head.split(/[ ()]+/).some((word) => word.startsWith(start));
}

type Kind = (index: number, ruleOf: RuleOf) => string;

/** A guest or an office machine on its way out: one state where it comes in, one where it leaves with another address. */
const KINDS: readonly Kind[] = [
  (n, ruleOf) =>
    state(n, ruleOf(LAN_OUT, n), `igb1 tcp ${outside(n)}:443 <- ${inside(n)}:${port(n)}`, 'ESTABLISHED:ESTABLISHED'),
  (n, ruleOf) =>
    state(
      n - 1,
      ruleOf(FIREWALL_OUT, n),
      `igb0 tcp 198.51.100.23:${port(n + 7)} (${inside(n - 1)}:${port(n - 1)}) -> ${outside(n - 1)}:443`,
      'ESTABLISHED:ESTABLISHED',
      'gateway: 198.51.100.1',
    ),
  (n, ruleOf) =>
    state(
      n,
      ruleOf(GUEST_DNS, n),
      `igb1.20 udp 192.168.20.1:53 <- 192.168.20.${50 + (n % 50)}:${port(n)}`,
      'SINGLE:MULTIPLE',
    ),
  (n, ruleOf) =>
    state(
      n,
      ruleOf(WEB_SERVER, n),
      `igb0 tcp 10.10.0.80:443 (198.51.100.23:443) <- ${outside(n)}:${port(n)}`,
      'FIN_WAIT_2:FIN_WAIT_2',
    ),
  (n, ruleOf) =>
    state(
      n,
      ruleOf(GUEST_DNS, n),
      `igb1 udp fd00:20::1[53] <- fd00:20::${(n % 200).toString(16)}[${port(n)}]`,
      'MULTIPLE:SINGLE',
    ),
];

function state(n: number, rule: number, head: string, status: string, where = 'gateway: 0.0.0.0'): string {
  const packets = 3 + ((n * 7919) % 4_000);
  return `${head}       ${status}
   [${1_000_000 + n} + 65160] wscale 7  [${2_000_000 + n} + 64256] wscale 7
   age ${clock(n * 3)}, expires in ${clock(86_000 - (n % 900))}, ${packets}:${packets * 2} pkts, ${packets * 90}:${packets * 1_100} bytes, rule ${rule}
   id: ${(0x655f0000 + n).toString(16).padStart(16, '0')} creatorid: 0a0b0c0d ${where}
`;
}

const inside = (n: number): string => `192.168.1.${10 + (n % 180)}`;
const outside = (n: number): string => `203.0.113.${64 + (n % 120)}`;
const port = (n: number): number => 20_000 + (n % 40_000);

function clock(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}
