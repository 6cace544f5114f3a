import type { CommandResult } from '../php/backend.ts';
import { ok } from './program.ts';

/** Everything answers but the documentation networks, as in a lab without an Internet. */
export function ping(args: readonly string[]): CommandResult {
  const target = args.at(-1) ?? '';
  const count = Number(args[args.indexOf('-c') + 1] ?? 3);
  const isSilent = /^(?:203\.0\.113|192\.0\.2)\./.test(target);
  const heading = `PING ${target} (${target}): 56 data bytes\n`;
  const received = isSilent ? 0 : count;
  const summary = `\n--- ${target} ping statistics ---\n${count} packets transmitted, ${received} packets received, ${isSilent ? '100.0' : '0.0'}% packet loss\n`;
  const times = isSilent ? '' : 'round-trip min/avg/max/stddev = 0.402/0.412/0.422/0.008 ms\n';
  return { stdout: heading + summary + times, stderr: '', code: isSilent ? 2 : 0 };
}

export function traceroute(args: readonly string[]): CommandResult {
  const target = args.at(-1) ?? '';
  if (target.endsWith('.invalid')) return { stdout: '', stderr: `traceroute: unknown host ${target}\n`, code: 1 };
  return ok(` 1  198.51.100.1  0.412 ms\n 2  *\n 3  ${target}  9.812 ms\n`);
}

export function drill(args: readonly string[]): CommandResult {
  const [type = 'A', name = ''] = args;
  const isKnown = !name.endsWith('.invalid');
  return ok(
    [
      `;; ->>HEADER<<- opcode: QUERY, rcode: ${isKnown ? 'NOERROR' : 'NXDOMAIN'}, id: 4711`,
      ';; flags: qr rd ra ; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 0 ',
      ';; QUESTION SECTION:',
      `;; ${name}.\tIN\t${type}`,
      '',
      ';; ANSWER SECTION:',
      ...(isKnown ? [`${name}.\t300\tIN\t${type}\t203.0.113.80`] : []),
      '',
      ';; Query time: 12 msec',
      ';; SERVER: 127.0.0.1',
      '',
    ].join('\n'),
  );
}

/** Names below a domain are known, but for `.invalid`. */
export function getent(args: readonly string[]): CommandResult {
  const name = args[1] ?? '';
  const isKnown = name.includes('.') && !name.endsWith('.invalid');
  return isKnown ? ok(`203.0.113.80  ${name}\n`) : { stdout: '', stderr: '', code: 2 };
}

export function sockstat(): CommandResult {
  const line = (cells: readonly string[]): string =>
    cells.map((cell, index) => cell.padEnd([8, 10, 5, 3, 6, 21, 21][index] ?? 0)).join(' ');
  return ok(
    `${[
      ['USER', 'COMMAND', 'PID', 'FD', 'PROTO', 'LOCAL ADDRESS', 'FOREIGN ADDRESS'],
      ['root', 'sshd', '1234', '4', 'tcp4', '*:22', '*:*'],
      ['unbound', 'unbound', '50123', '5', 'udp4', '*:53', '*:*'],
      ['root', 'nginx', '40111', '6', 'tcp4', '*:443', '*:*'],
    ]
      .map(line)
      .join('\n')}\n`,
  );
}

export function tcpdump(): CommandResult {
  const stdout = [
    '1795000000.000001 IP 192.168.1.10.51514 > 203.0.113.80.443: tcp 0',
    '1795000000.010001 IP 203.0.113.80.443 > 192.168.1.10.51514: tcp 1200',
    '1795000000.020001 ARP, Request who-has 192.168.1.1 tell 192.168.1.10, length 28',
    '1795000000.030001 IP6 2001:db8:1::10.40000 > 2001:db8:2::53.53: UDP, length 40',
    '',
  ].join('\n');
  const stderr = '4 packets captured\n4 packets received by filter\n0 packets dropped by kernel\n';
  return { stdout, stderr, code: 0 };
}

/** `nc -z`: nobody listens at any other address. */
export function nc(args: readonly string[]): CommandResult {
  return { stdout: '', stderr: '', code: args.includes('-z') ? 1 : 64 };
}
