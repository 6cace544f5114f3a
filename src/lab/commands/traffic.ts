import type { CommandResult } from '../php/backend.ts';
import { type LabBox, ok, type RuleOf } from './program.ts';

/** Trackers of the rules in the lab's configuration that such connections belong to. */
export const LAN_OUT = '1700000004';
export const FIREWALL_OUT = '1000002565';
export const GUEST_DNS = '1700000010';

/** A connection of the desk to the Internet, seen where it comes in and where it goes out, and one of a guest. */
export function busyStates({ startedAt }: LabBox, ruleOf: RuleOf): string[] {
  const ms = Date.now() - startedAt;
  const state = (head: string, id: number, tracker: string, sent: number, received: number): string =>
    [
      head,
      '   [1234567890 + 65535] wscale 7  [987654321 + 65535] wscale 7',
      `   age 00:10:02, expires in 23:59:58, ${Math.floor(sent / 900)}:${Math.floor(received / 900)} pkts, ${sent}:${received} bytes, rule ${ruleOf(tracker, id)}`,
      `   id: ${id.toString(16).padStart(16, '0')} creatorid: 5f3c2a11 gateway: 0.0.0.0`,
      '   origif: igb1',
      '',
    ].join('\n');
  const [up, down] = [Math.floor(ms * 12), Math.floor(ms * 250)];
  return [
    state(
      'igb1 tcp 203.0.113.80:443 <- 192.168.1.10:51514       ESTABLISHED:ESTABLISHED',
      1,
      LAN_OUT,
      3_000 + up,
      90_000 + down,
    ),
    state(
      'igb0 tcp 198.51.100.23:14023 (192.168.1.10:51514) -> 203.0.113.80:443       ESTABLISHED:ESTABLISHED',
      2,
      FIREWALL_OUT,
      3_000 + up,
      90_000 + down,
    ),
    state(
      'igb1.20 udp 192.168.20.1:53 <- 192.168.20.55:40111       SINGLE:MULTIPLE',
      3,
      GUEST_DNS,
      400 + Math.floor(ms / 10),
      800 + Math.floor(ms / 5),
    ),
    state('igb1 tcp 2001:db8:2::80[443] <- 2001:db8:1::10[50100]       ESTABLISHED:ESTABLISHED', 4, LAN_OUT, 700, 900),
  ];
}

/** `rrdtool fetch FILE AVERAGE -r STEP -s START -e END`; the last value is not there yet, as usual. */
export function rrdtool(args: readonly string[]): CommandResult {
  const [verb, file = '', , , step = '60', , start = '0', , end = '0'] = args;
  if (verb !== 'fetch') return { stdout: '', stderr: 'ERROR: not simulated\n', code: 1 };
  const names = file.includes('quality')
    ? ['loss', 'delay', 'stddev']
    : ['inpass', 'outpass', 'inblock', 'outblock', 'inpass6', 'outpass6', 'inblock6', 'outblock6'];
  const rows: string[] = [];
  for (let at = Number(start) + Number(step); at <= Number(end); at += Number(step)) {
    const isLast = at + Number(step) > Number(end);
    rows.push(
      `${at}: ${names.map((_, index) => (isLast ? 'nan' : (1_000 * (index + 1)).toExponential(10))).join(' ')}`,
    );
  }
  return ok(`${names.map((name) => name.padStart(20)).join('')}\n\n${rows.join('\n')}\n`);
}
