import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult } from '../php/backend.ts';
import { endStates, listStates, stateCount } from './pf-states.ts';
import { listTables, oneTable, tableNames } from './pf-tables.ts';
import { type LabBox, ok, type RuleOf } from './program.ts';

/** pf of the simulated box: knows the rules of its config.xml by tracker and counts steadily. */
export function pfctl(args: readonly string[], box: LabBox): CommandResult {
  const question = args.join(' ');
  if (existsSync(join(box.root, 'var/run/lab-stopped.pf')))
    return { stdout: '', stderr: 'pfctl: /dev/pf: Operation not permitted\n', code: 1 };
  if (question === '-si') return ok(status(box));
  if (question === '-sm')
    return ok(
      'states        hard limit   405000\nsrc-nodes     hard limit   405000\ntable-entries hard limit   400000\n',
    );
  if (question === '-vvsr') return ok(rules(box));
  if (question === '-sr') return ok(rules(box).replace(/^(?: .*\n)|^@\d+ /gm, ''));
  if (question === '-vvss') return ok(listStates(box, ruleFinder(rules(box))));
  if (question === '-vsA') return ok('  userrules\n  natearly\n  tftp-proxy\n  openvpn\n  ipsec\n');
  if (question === '-vvsT') return listTables(box);
  if (question === '-s Tables')
    return ok(
      tableNames(box)
        .map((name) => `${name}\n`)
        .join(''),
    );
  if (question === '-n -f -') return checked(box);
  if (question === '-F states') return killed(box, ['*']);
  if (args[0] === '-k') return killed(box, networksOf(args));
  const [t, table = '', T, command = '', address = ''] = args;
  if (t === '-t' && T === '-T') return oneTable(table, command, address, box);
  return { stdout: '', stderr: 'pfctl: not simulated\n', code: 1 };
}

/** Rules are not read: the simulated pf takes all of them, unless a file says what it has against them. */
function checked({ root }: LabBox): CommandResult {
  const refusal = join(root, 'var/db/lab-pf-refuses');
  return existsSync(refusal) ? { stdout: '', stderr: readFileSync(refusal, 'utf8'), code: 1 } : ok('');
}

/** Of whole networks of 8, 16, 24 or 32 bits, the beginning of their addresses; the one for everything says nothing. */
function networksOf(args: readonly string[]): string[] {
  const networks = args.filter((word) => word !== '-k' && !word.endsWith('/0'));
  return networks.map((network) => {
    const [address = '', bits = '32'] = network.split('/');
    const bytes = address.split('.').slice(0, Number(bits) / 8);
    return bytes.length === 4 ? `${bytes.join('.')}:` : `${bytes.join('.')}.`;
  });
}

function killed(box: LabBox, starts: readonly string[]): CommandResult {
  endStates(box, starts);
  return { stdout: '', stderr: 'killed states\n', code: 0 };
}

function status(box: LabBox): string {
  return [
    'Status: Enabled for 3 days 01:53:20           Debug: Urgent',
    '',
    'State Table                          Total             Rate',
    `  current entries                 ${String(stateCount(box)).padStart(8)}               `,
    '  searches                         9012345           33.9/s',
    '',
  ].join('\n');
}

/** Rules that pfSense adds itself, as pf prints them. */
const BEFORE = [
  'block drop in log inet all label "Default deny rule IPv4" label "id:1000000103" ridentifier 1000000103',
  'block drop out log inet all label "Default deny rule IPv4" label "id:1000000104" ridentifier 1000000104',
  'pass in quick on igb1 proto tcp from any to (igb1:1) port = https flags S/SA keep state label "anti-lockout rule" label "id:10001" ridentifier 10001',
  'pass out inet all flags S/SA keep state allow-opts label "let out anything IPv4 from firewall host itself" label "id:1000002565" ridentifier 1000002565',
];

/** Blocks by tables; last, so that the numbers of the other rules stay. */
const BY_TABLE = [
  'block drop in log quick proto tcp from <sshguard> to (self) port = ssh label "sshguard" label "id:1000000301" ridentifier 1000000301',
  'block drop in log quick from <virusprot> to any label "virusprot overload table" label "id:1000000400" ridentifier 1000000400',
];

function rules({ root, startedAt, personalities }: LabBox): string {
  const isNew = personalities.includes('2.9');
  const config = readFileSync(join(root, 'cf/conf/config.xml'), 'utf8');
  const seconds = Math.floor((Date.now() - startedAt) / 1000);
  const filter = /<filter>([\s\S]*?)<\/filter>/.exec(config)?.[1] ?? '';
  const blocks = filter.match(/<rule>[\s\S]*?<\/rule>/g) ?? [];
  const enabled = blocks.filter((block) => !block.includes('<disabled>'));
  const own = enabled.flatMap((block) => {
    const tracker = /<tracker>(\d+)<\/tracker>/.exec(block)?.[1] ?? '0';
    const description = /<descr><!\[CDATA\[(.*?)\]\]>/.exec(block)?.[1] ?? '';
    const labels = isNew
      ? `label "id=${tracker}" label "tags=user_rule" label "descr=${description}"`
      : `label "USER_RULE: ${description}" label "id:${tracker}"`;
    // A list of ports or interfaces becomes one rule of pf for each.
    const copies = block.includes('web_ports') ? ['http', 'https'] : ['any'];
    return copies.map(
      (port) =>
        `pass in quick inet from any to any port = ${port} flags S/SA keep state ${labels} ridentifier ${tracker}`,
    );
  });
  return [...BEFORE, ...own, ...BY_TABLE].map((rule, index) => printRule(rule, index, seconds)).join('');
}

/** A configuration without that rule has states all the same: they are spread over the rules it has. */
function ruleFinder(printed: string): RuleOf {
  const trackers = Array.from(printed.matchAll(/^@.* ridentifier (\d+)$/gm), ([, tracker]) => tracker);
  return (tracker, n) => {
    const found = trackers.indexOf(tracker);
    return found === -1 ? n % trackers.length : found;
  };
}

function printRule(rule: string, index: number, seconds: number): string {
  const packets = index % 9 === 8 ? 0 : index * 137 + seconds;
  return `@${index} ${rule}
  [ Evaluations: ${String(2_000 - index).padEnd(10)}Packets: ${String(packets).padEnd(10)}Bytes: ${String(packets * 84).padEnd(12)}States: ${String(packets === 0 ? 0 : index % 7).padEnd(6)}]
  [ Inserted: uid 0 pid 0 State Creations: ${String(packets).padEnd(6)}]
  [ Last Active Time: ${packets === 0 ? 'N/A' : printTime(new Date())} ]
`;
}

/** As ctime(3) prints it; the simulated box lives in UTC. */
function printTime(at: Date): string {
  const [weekday = '', day = '', month = '', year = '', time = ''] = at.toUTCString().split(/,? /);
  return `${weekday} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`;
}
