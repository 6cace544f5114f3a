import { PfsenseError } from '../core/errors.ts';
import { nearestName } from '../core/names.ts';
import { PERSONALITIES, type Personality } from '../lab/personalities.ts';
import { untilStopped } from './until-stopped.ts';

export interface LabCommandOptions {
  readonly port?: string;
  readonly config?: string;
  readonly php?: string;
  readonly personality?: string;
}

/** Serves a simulated firewall until it is asked to stop; its address is one JSON line on stdout. */
export async function lab(options: LabCommandOptions): Promise<void> {
  const { LAB_BACKENDS, startLab } = await import('../lab/lab.ts');
  const php = oneOf('--php', options.php ?? 'wasm', LAB_BACKENDS);
  const personalities = (options.personality?.split(',') ?? []).map((name) =>
    oneOf('--personality', name, Object.keys(PERSONALITIES) as Personality[]),
  );
  const stop = untilStopped();
  const started = await startLab({
    port: Number(options.port ?? 0),
    php,
    personalities,
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

/** @throws PfsenseError `bad_input` that names the nearest choice. */
function oneOf<T extends string>(flag: string, name: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === name);
  if (found !== undefined) return found;
  const nearest = nearestName(name, choices);
  throw new PfsenseError('bad_input', `${flag} knows no ${JSON.stringify(name)}.`, {
    phase: 'input',
    hint: `${nearest ? `Did you mean ${nearest}? ` : ''}Choices: ${choices.join(', ')}.`,
  });
}
