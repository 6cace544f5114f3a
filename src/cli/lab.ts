import { PfsenseError } from '../core/errors.ts';
import { untilStopped } from './until-stopped.ts';

export interface LabCommandOptions {
  readonly port?: string;
  readonly config?: string;
  readonly php?: string;
}

/** Serves a simulated firewall until it is asked to stop; its address is one JSON line on stdout. */
export async function lab(options: LabCommandOptions): Promise<void> {
  if (options.php !== undefined && options.php !== 'wasm') {
    throw new PfsenseError('lab_unavailable', 'Only the WebAssembly backend exists.', {
      phase: 'start',
      hint: 'Use --php wasm.',
    });
  }
  const { startLab } = await import('../lab/lab.ts');
  const stop = untilStopped();
  const started = await startLab({
    port: Number(options.port ?? 0),
    ...(options.config ? { config: options.config } : {}),
  });
  process.stdout.write(`${JSON.stringify(started.address)}\n`);
  await new Promise<void>((resolve) => {
    // Keeps the process alive although nobody is connected.
    const alive = setInterval(() => undefined, 60_000);
    stop.addEventListener(
      'abort',
      () => {
        clearInterval(alive);
        resolve();
      },
      { once: true },
    );
  });
  await started.close();
}
