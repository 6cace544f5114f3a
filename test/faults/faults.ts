import type { AcceptFault, StreamFault } from './proxy.ts';
import type { SessionFault } from './relay.ts';

/** When and where a fault strikes. */
export type Strike =
  | { readonly at: 'accept'; readonly what: AcceptFault }
  | { readonly at: 'session'; readonly what: SessionFault }
  /** On the firewall itself; where that cannot be done `instead` looks the same from here. */
  | { readonly at: 'box'; readonly what: 'config.lock'; readonly instead: SessionFault }
  | { readonly at: 'request' | 'output'; readonly what: StreamFault | 'SIGKILL' | 'SIGSTOP' };

export interface Fault {
  readonly name: string;
  /** What happens on a real network or firewall. */
  readonly simulates: string;
  /** Undefined: nothing is wrong, and every operation has to succeed. */
  readonly strike: Strike | undefined;
  /** Codes that a cold read may end with; a success or another code fails the cell. Absent: any typed end. */
  readonly cold?: readonly string[];
}

const accept = (what: AcceptFault, simulates: string, cold: readonly string[]): Fault => ({
  name: what,
  simulates,
  strike: { at: 'accept', what },
  cold,
});

const session = (what: SessionFault, simulates: string, cold?: readonly string[]): Fault => ({
  name: what,
  simulates,
  strike: { at: 'session', what },
  ...(cold ? { cold } : {}),
});

const stream = (
  name: string,
  at: 'request' | 'output',
  what: StreamFault | 'SIGKILL' | 'SIGSTOP',
  simulates: string,
  cold?: readonly string[],
): Fault => ({ name, simulates, strike: { at, what }, ...(cold ? { cold } : {}) });

/** The faults of the reliability bar and some more. */
export const FAULTS: readonly Fault[] = [
  { name: 'none', simulates: 'control: everything works', strike: undefined, cold: ['ok'] },
  accept('refused', 'sshd is not running', ['unreachable']),
  accept('blackhole', 'SYNs are dropped (full listen queue)', ['timeout', 'unreachable']),
  accept('silent', 'the port accepts and says nothing', ['timeout', 'handshake_failed']),
  accept('banner only', 'silence after the identification', ['timeout', 'handshake_failed']),
  accept('slow banner', 'the identification comes byte by byte', ['timeout', 'handshake_failed']),
  accept('web server', 'HTTP answers on the SSH port', ['handshake_failed']),
  accept('noise', 'binary garbage instead of SSH', ['timeout', 'handshake_failed']),
  accept('endless preamble', 'text without end before the identification', ['handshake_failed', 'timeout']),
  accept('reset on accept', 'a middlebox resets each connection', [
    'handshake_failed',
    'connection_lost',
    'unreachable',
  ]),
  accept('max startups', 'sshd drops unauthenticated connections', ['handshake_failed', 'connection_lost']),
  accept('kex stall', 'silence within the key exchange', ['timeout', 'handshake_failed']),
  session('auth stall', 'PAM or RADIUS does not come back', ['timeout', 'connection_lost']),
  session('auth reject', 'the password is refused', ['auth_failed', 'auth_latched']),
  session('host key changed', 'another machine, or a new key', ['host_key_changed']),
  session('max sessions', 'sshd refuses every session', ['channel_refused', 'timeout']),
  session('exec unanswered', 'a session opens, the command is not answered', ['timeout', 'channel_refused']),
  stream('stall pre-exec', 'request', 'stall', 'the network dies before the command', ['timeout', 'connection_lost']),
  stream('stall mid-output', 'output', 'stall', 'the network dies within an answer', ['timeout', 'connection_lost']),
  stream('drip', 'output', 'drip', 'one byte a second', ['timeout', 'connection_lost']),
  session('never exits', 'the command neither prints nor ends', ['timeout', 'php_unavailable']),
  session('child holds stdout', 'a background child keeps the outputs open', ['ok']),
  session('stdout flood', '64 MiB of stdout nobody asked for'),
  session('stderr flood', '64 MiB of stderr nobody asked for'),
  stream('fin', 'output', 'fin', 'FIN within an answer'),
  stream('rst', 'output', 'rst', 'RST within an answer'),
  stream('kill -9', 'output', 'SIGKILL', 'the server session is killed within an answer'),
  stream('sigstop', 'output', 'SIGSTOP', 'the server session is stopped within an answer', [
    'timeout',
    'connection_lost',
  ]),
  stream('corrupt byte', 'output', 'corrupt', 'one flipped bit on the wire'),
  stream('drop replies', 'output', 'drop replies', 'one direction is lost: answers', ['timeout', 'connection_lost']),
  stream('drop requests', 'request', 'drop requests', 'one direction is lost: requests', [
    'timeout',
    'connection_lost',
  ]),
  {
    name: 'config.lock held',
    simulates: 'another process on the box holds the lock of the configuration',
    strike: { at: 'box', what: 'config.lock', instead: 'silent start' },
    cold: ['timeout', 'php_unavailable'],
  },
  session('program missing', 'every program ends with status 127', ['php_unavailable', 'shell_unusable']),
  session('ends without status', 'channels close without an exit status'),
  session('noise before output', 'a login script prints before the answer', ['ok']),
];
