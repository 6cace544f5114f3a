import { PfsenseError } from '../../src/core/errors.ts';
import type { Stage } from './stage.ts';
import { pause } from './stage.ts';
import { DEADLINES_MS, doctor, openConnection, probe, Subject, underDeadline } from './subject.ts';

/** Each must be over by its own deadline and 500 ms. */
export interface Run {
  readonly name: string;
  /** Resolves with `ok` or a finding in words when it answered as it should. */
  readonly outcome: Promise<string>;
}

/** One operation that is set up, and waits for the fault to be armed. */
export interface Prepared {
  /** Starts it; each of its runs is judged. */
  start(): readonly Run[];
  /** Gives everything back. */
  close(): Promise<void>;
}

export interface Operation {
  readonly name: string;
  readonly deadlineMs: number;
  /** Cold: the fault is met from the first byte on, so its code can be foretold. */
  readonly isCold: boolean;
  prepare(stage: Stage, stateDir: string): Promise<Prepared>;
}

/** The answers of a healthy firewall, for telling half an answer from a whole one. */
export interface Facts {
  readonly hostname: string;
}

/** In the order of the table's columns. */
export const OPERATION_NAMES = [
  'connect',
  'read, cold',
  'read, warm',
  'config, warm',
  'log, warm',
  'health probe',
  '8 at once',
  'doctor',
  'cancel',
  'shutdown',
] as const;

/** What a continuous integration run has time for. */
export const SHORT_OPERATION_NAMES = ['read, cold', 'read, warm'] as const;

/** Builds the operations for a firewall whose facts are known. */
export function operations({ hostname }: Facts): readonly Operation[] {
  const isName = (found: Promise<string>): Promise<string> => found.then((name) => expectSame(name, hostname));
  const isLog = (found: Promise<boolean>): Promise<string> => found.then((isThere) => expectSame(isThere, true));
  const read = (subject: Subject): Promise<string> => isName(subject.readName());
  return [
    {
      name: 'connect',
      deadlineMs: DEADLINES_MS.firewall,
      isCold: true,
      async prepare(stage) {
        const work = () =>
          underDeadline(DEADLINES_MS.firewall, async (signal) => {
            const connection = await openConnection(stage.settings, signal);
            connection.destroy();
            return 'ok';
          });
        return { start: () => [{ name: 'connect', outcome: work() }], close: async () => undefined };
      },
    },
    driverOperation('read, cold', DEADLINES_MS.simple, 'cold', (subject) => [read(subject)]),
    driverOperation('read, warm', DEADLINES_MS.simple, 'warm', (subject) => [read(subject)]),
    driverOperation('config, warm', DEADLINES_MS.config, 'warm', (subject) => [isName(subject.readConfig())]),
    driverOperation('log, warm', DEADLINES_MS.firewall, 'warm', (subject) => [isLog(subject.readLog())]),
    {
      name: 'health probe',
      deadlineMs: DEADLINES_MS.simple,
      isCold: false,
      async prepare(stage) {
        const connection = await underDeadline(10_000, (signal) => openConnection(stage.settings, signal));
        const work = (signal: AbortSignal) =>
          probe(connection, signal).then((answer) => (answer === 'not alive' ? answer : expectSame(answer, 'alive')));
        return {
          start: () => [{ name: 'probe', outcome: underDeadline(DEADLINES_MS.simple, work) }],
          close: () => connection.close(),
        };
      },
    },
    driverOperation('8 at once', DEADLINES_MS.simple, 'warm', (subject) =>
      Array.from({ length: 8 }, () => read(subject)),
    ),
    {
      name: 'doctor',
      deadlineMs: DEADLINES_MS.dangerous,
      isCold: false,
      async prepare(stage) {
        const work = async (): Promise<string> => {
          // The command's own signal is a plain time-out, too.
          const [failed] = await doctor(stage.settings, AbortSignal.timeout(DEADLINES_MS.dangerous));
          return failed === undefined ? 'ok' : `finds ${failed}`;
        };
        return {
          start: () => [{ name: 'doctor', outcome: work() }],
          close: async () => undefined,
        };
      },
    },
    driverOperation('cancel', CANCEL_AFTER_MS + CANCEL_MS - GRACE_MS, 'warm', (subject) => [
      cancelled((signal) => isName(subject.readName(signal))),
    ]),
    driverOperation('shutdown', SHUTDOWN_MS, 'warm', (subject) => {
      const call = read(subject).catch((error: unknown) => nameOf(error));
      return [pause(10).then(() => subject.close().then(() => 'ok')), call];
    }),
  ];
}

/** Every outcome may come this late after its deadline, in milliseconds. */
export const GRACE_MS = 500;

const CANCEL_AFTER_MS = 200;

/** A cancelled call is answered within this time, in milliseconds. */
const CANCEL_MS = 250;

/** Closing says goodbye to sessions (1 s) and connection (1 s). */
const SHUTDOWN_MS = 2_000;

async function cancelled(work: (signal: AbortSignal) => Promise<string>): Promise<string> {
  const leave = new AbortController();
  const timer = setTimeout(() => leave.abort(new Error('left')), CANCEL_AFTER_MS);
  try {
    return await work(leave.signal);
  } finally {
    clearTimeout(timer);
  }
}

function driverOperation(
  name: string,
  deadlineMs: number,
  warmth: 'cold' | 'warm',
  start: (subject: Subject) => readonly Promise<string>[],
): Operation {
  return {
    name,
    deadlineMs,
    isCold: warmth === 'cold',
    async prepare(stage, stateDir) {
      const subject = new Subject({ login: stage.settings, stateDir });
      if (warmth === 'warm') await warmUp(subject);
      return {
        start: () => start(subject).map((outcome, at) => ({ name: `${name} ${at + 1}`, outcome })),
        close: () => subject.close(),
      };
    },
  };
}

/** Reading the whole configuration in the background takes less, in milliseconds. */
const COPY_MS = 150;

/**
 * The background copy of the configuration that follows the first answer is over, too. No fault is met here: a machine
 * that is too busy for the first session gets another try.
 */
async function warmUp(subject: Subject, tries = 4): Promise<void> {
  try {
    await subject.readName();
    await subject.readConfig();
  } catch (error) {
    if (tries <= 1) throw error;
    return warmUp(subject, tries - 1);
  }
  await pause(COPY_MS);
}

class WrongAnswer extends Error {}

function expectSame<T>(found: T, wanted: T): 'ok' {
  if (found !== wanted) throw new WrongAnswer(`answered ${String(found)} instead of ${String(wanted)}`);
  return 'ok';
}

/** The code of a typed error; anything else is a defect. */
export function nameOf(error: unknown): string {
  if (error instanceof PfsenseError && error.code !== 'internal') return error.code;
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const cause = error instanceof PfsenseError ? `: ${String(error.cause)}` : '';
  return `untyped ${words}${cause}`;
}
