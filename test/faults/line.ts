import type { Writable } from 'node:stream';
import type { ClientChannel, ServerChannel } from 'ssh2';
import type { SessionFault } from './relay.ts';

/** Called when the first half of an output has left; the rest follows when it resolves. */
export type OutputMoment = () => void;

/** One command between client and firewall. */
export interface Line {
  readonly front: ServerChannel;
  readonly onRequest: () => void;
  readonly takeOutputMoment: () => OutputMoment | undefined;
}

/** Bytes already written have left this process after this time, in milliseconds. */
const FLUSH_MS = 20;

const FLOOD_CHUNK = Buffer.alloc(64 * 1024, 'all work and no play makes a dull log line\n');
const FLOOD_CHUNKS = 1_024;

/** Joins both ends of a command; both directions stop when the other side does not read. */
export function pass(back: ClientChannel, { front, onRequest, takeOutputMoment }: Line, fault?: SessionFault): void {
  let status: { code: number; signal: string | undefined } | undefined;
  let isPaused = false;
  let held: Promise<void> = Promise.resolve();
  front.on('data', (chunk: Buffer) => {
    onRequest();
    back.write(chunk);
  });
  front.once('end', () => back.end());
  front.once('close', () => back.close());
  back.on('error', () => undefined);
  back.on('exit', (code: number | null, signal?: string) => {
    status = { code: code ?? 255, signal };
  });
  const output = (chunk: Buffer): void => {
    if (!front.writable || fault === 'never exits') return;
    if (fault === 'silent start' && isPaused) return;
    isPaused = fault === 'silent start';
    const moment = takeOutputMoment();
    if (!moment) {
      if (!front.write(chunk)) holdUntilDrained(back, front);
      return;
    }
    const half = Math.floor(chunk.length / 2);
    front.write(chunk.subarray(0, half));
    back.pause();
    held = new Promise((resolve) => setTimeout(resolve, FLUSH_MS)).then(() => {
      moment();
      front.write(chunk.subarray(half));
      back.resume();
    });
  };
  if (fault === 'noise before output') front.write('\u001e\u0000\u0007*** NOTICE ***\r\nterm: Undefined variable.\n');
  back.on('data', output);
  back.stderr.on('data', (chunk: Buffer) => void (front.writable && front.stderr.write(chunk)));
  back.on('close', async () => {
    await held;
    if (fault === 'never exits' || fault === 'silent start' || !front.writable) return;
    if (fault !== 'ends without status') say(front, status);
    if (fault !== 'child holds stdout') front.end();
  });
}

function say(front: ServerChannel, status: { code: number; signal: string | undefined } | undefined): void {
  if (status?.signal) front.exit(status.signal, false, '');
  else if (status) front.exit(status.code);
}

function holdUntilDrained(back: ClientChannel, front: ServerChannel): void {
  back.pause();
  front.once('drain', () => back.resume());
}

/** 64 MiB that the client did not ask for, as fast as it takes them. */
export function flood(out: Writable, then: () => void, chunk = 0): void {
  if (!out.writable) return;
  if (chunk === FLOOD_CHUNKS) {
    then();
    return;
  }
  const next = (): void => flood(out, then, chunk + 1);
  if (out.write(FLOOD_CHUNK)) setImmediate(next);
  else out.once('drain', next);
}
