import { PfsenseError, type Phase, toPfsenseError } from '../core/errors.ts';
import { type ConnectOptions, connect, type SshConnection } from '../ssh/connection.ts';
import { type Hello, startPhpSession } from '../ssh/php-session.ts';
import { runCommand } from '../ssh/run.ts';
import type { SshTarget } from '../ssh/target.ts';
import { openCatalogue } from './catalogue.ts';

/** One step of `doctor`. */
export interface Step {
  readonly step: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do about it; null when it is well. */
  readonly fix: string | null;
}

/** Phases of a connect in their order, as people read them. */
const CONNECT_STEPS: readonly [Phase, string][] = [
  ['dns', 'name'],
  ['tcp', 'TCP'],
  ['handshake', 'key exchange'],
  ['host_key', 'host key'],
  ['auth', 'authentication'],
];

/**
 * Walks from the name to PHP on one connection and stops at the first step that fails, so that a whole
 * diagnosis costs one login at most.
 */
export async function diagnose(target: SshTarget, options: Omit<ConnectOptions, 'onPhase'>): Promise<Step[]> {
  const steps: Step[] = [];
  let connection: SshConnection;
  let phase: Phase = 'settings';
  const onPhase = (next: Phase): void => {
    phase = next;
  };
  try {
    connection = await connect(target, { ...options, onPhase });
  } catch (error) {
    return connectSteps(target, typed(error, phase, options.signal));
  }
  steps.push(...CONNECT_STEPS.map(([phase, step]) => good(step, connectDetail(phase, target, connection))));
  try {
    await diagnoseShell(connection, options.signal, steps);
  } finally {
    await connection.close();
  }
  return steps;
}

async function diagnoseShell(connection: SshConnection, signal: AbortSignal, steps: Step[]): Promise<void> {
  const shell = await attempt('shell', steps, signal, () => probeShell(connection, signal));
  if (!shell) return;
  for (const via of ['pfSsh', 'php'] as const) {
    const step = via === 'pfSsh' ? 'pfSsh.php' : 'php';
    const hello = await attempt(step, steps, signal, () => greet(connection, via, signal));
    if (hello) {
      steps.push(...helloSteps(hello));
      return;
    }
  }
}

async function probeShell(connection: SshConnection, signal: AbortSignal): Promise<string> {
  const { stdout } = await runCommand(connection, 'probe', { lane: 'health', signal, maxBytes: 65_536 });
  const uid = /^alive\s+(\d+)/m.exec(stdout.toString('utf8'))?.[1];
  const { user, label, privilege } = connection.target;
  if (uid === '0') return 'runs commands as root';
  if (uid !== undefined || privilege === 'sudo') {
    throw new PfsenseError('not_root', `User ${user} is not root on ${label}.`, { phase: 'start' });
  }
  throw new PfsenseError('shell_unusable', `The login shell of ${user} did not run the command.`, { phase: 'start' });
}

/** Runs one step and notes how it ended. */
async function attempt<T>(
  step: string,
  steps: Step[],
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    const value = await work();
    steps.push(good(step, typeof value === 'string' ? value : 'started'));
    return value;
  } catch (error) {
    steps.push(bad(step, typed(error, 'start', signal)));
    return undefined;
  }
}

async function greet(connection: SshConnection, via: 'pfSsh' | 'php', signal: AbortSignal): Promise<Hello> {
  const runner = openCatalogue().runner();
  const session = await startPhpSession(connection, { runner, via, lane: 'read', signal });
  await session.close();
  return session.hello;
}

function helloSteps(hello: Hello): Step[] {
  const { php, sapi, version, configVersion, uid, capabilities } = hello;
  const known = Object.entries(capabilities).filter(([, value]) => value === true);
  const hasConfig = capabilities['config_get_path'] === true;
  return [
    good('PHP', `${php} (${sapi})`),
    hasConfig
      ? good('capabilities', `pfSense ${version}, configuration ${configVersion}, ${known.length} functions found`)
      : { step: 'capabilities', ok: false, detail: 'config_get_path is missing', fix: 'Use pfSense 2.7 or later.' },
    good('permissions', `uid ${uid}`),
  ];
}

function connectDetail(phase: Phase, target: SshTarget, connection: SshConnection): string {
  if (phase === 'dns') return target.host;
  if (phase === 'tcp') return `port ${target.port}`;
  if (phase === 'host_key') return connection.hostKeyFingerprint;
  return phase === 'auth' ? `user ${target.user}` : 'agreed';
}

/** What ended because the time was over says so, and where. */
function typed(thrown: unknown, phase: Phase, signal: AbortSignal): PfsenseError {
  if (thrown instanceof PfsenseError || !signal.aborted) return toPfsenseError(thrown, phase);
  return new PfsenseError('timeout', 'No answer came in time.', { phase, cause: thrown });
}

function connectSteps(target: SshTarget, error: PfsenseError): Step[] {
  const failed = CONNECT_STEPS.findIndex(([phase]) => phase === error.facts.phase);
  const passed = CONNECT_STEPS.slice(0, Math.max(0, failed)).map(([phase, step]) =>
    good(step, phase === 'tcp' ? `port ${target.port}` : 'passed'),
  );
  return [...passed, bad(CONNECT_STEPS[failed]?.[1] ?? error.facts.phase, error)];
}

function good(step: string, detail: string): Step {
  return { step, ok: true, detail, fix: null };
}

function bad(step: string, error: PfsenseError): Step {
  const { message, hint } = error.report();
  return { step, ok: false, detail: message, fix: hint };
}
