import type { Stage } from './stage.ts';
import { pause } from './stage.ts';
import { DEADLINES_MS, doctor, openConnection, probe, Subject, underDeadline } from './subject.ts';

/** Each must be over by its own deadline and 500 ms. */
export interface Run {
  readonly name: string;
  /** Resolves when the thing answered as it should; `wrong` makes a success a failure. */
  readonly outcome: Promise<void>;
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

/** Builds the operations for a firewall whose facts are known. */
export function operations({ hostname }: Facts): readonly Operation[] {
  const isName = (found: Promise<string>): Promise<void> => found.then((name) => expectSame(name, hostname));
  const isLog = (found: Promise<number>): Promise<void> => found.then((lines) => expectSame(lines > 0, true));
  const read = (subject: Subject): Promise<void> => isName(subject.readName());
  return [
    {
      name: 'connect',
      deadlineMs: DEADLINES_MS.firewall,
      isCold: true,
      async prepare(stage) {
        const work = () =>
          underDeadline(DEADLINES_MS.firewall, async (signal) => {
            const connection = await openConnection(stage.settings, signal);
            await connection.close();
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
        const work = (signal: AbortSignal) => probe(connection, signal).then((answer) => expectSame(answer, 'alive'));
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
        const work = async (signal: AbortSignal): Promise<void> => void (await doctor(stage.settings, signal));
        return {
          start: () => [{ name: 'doctor', outcome: underDeadline(DEADLINES_MS.dangerous, work) }],
          close: async () => undefined,
        };
      },
    },
    driverOperation('cancel', CANCEL_AFTER_MS + CANCEL_MS - GRACE_MS, 'warm', (subject) => [
      cancelled((signal) => isName(subject.readName(signal))),
    ]),
    driverOperation('shutdown', SHUTDOWN_MS, 'warm', (subject) => {
      const call = read(subject).catch(() => undefined);
      return [pause(10).then(() => subject.close()), call];
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

async function cancelled(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const leave = new AbortController();
  const timer = setTimeout(() => leave.abort(new Error('left')), CANCEL_AFTER_MS);
  try {
    await work(leave.signal);
  } finally {
    clearTimeout(timer);
  }
}

function driverOperation(
  name: string,
  deadlineMs: number,
  warmth: 'cold' | 'warm',
  start: (subject: Subject) => readonly Promise<void>[],
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

/** The background copy of the configuration that follows the first answer is over, too. */
async function warmUp(subject: Subject): Promise<void> {
  await subject.readName();
  await subject.readConfig();
  await pause(COPY_MS);
}

class WrongAnswer extends Error {}

function expectSame<T>(found: T, wanted: T): void {
  if (found !== wanted) throw new WrongAnswer(`answered ${String(found)} instead of ${String(wanted)}`);
}
