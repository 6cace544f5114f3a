import { ask, open, session } from './driver.ts';
import type { Target } from './target.ts';

/** Somebody else who saves the configuration with pfSense's own function, in a PHP process that knows nothing of ours. */
export interface ForeignWriter {
  /** Reads what is written now, changes it by PHP that sees it as `$config`, and writes it. */
  save(php: string): Promise<void>;
  /** Reads what is written now, as a page of the GUI does when it is opened. */
  openPage(): Promise<void>;
  /** Writes what was read when the page was opened, changed by PHP, whatever was written since. */
  savePage(php: string): Promise<void>;
  /** Runs PHP there. */
  ask(php: string): Promise<unknown>;
  close(): Promise<void>;
}

const WRITE = 'return ["isWritten" => is_array(write_config("a colleague"))];';

export async function startForeignWriter(target: Pick<Target, 'users'>): Promise<ForeignWriter> {
  const login = target.users['root'];
  if (!login) throw new Error('The target has no user root.');
  const connection = await open(login);
  const php = await session(connection);
  const run = (body: string) => ask(php, `global $config, $opened; ${body}`, {}, 60_000);
  const write = async (body: string): Promise<void> => {
    const { isWritten } = Object(await run(`${body} ${WRITE}`));
    if (isWritten !== true) throw new Error('pfSense did not write.');
  };
  return {
    save: write,
    async openPage() {
      await run('$opened = $config; return [];');
    },
    savePage: (body) => write(`$config = $opened; ${body}`),
    ask: run,
    async close() {
      await php.close();
      await connection.close();
    },
  };
}

/** PHP that leaves a text in a place that no change of a test is about. */
export function markOf(text: string): string {
  return `$config["system"]["mcptest"] = ${JSON.stringify(text)};`;
}
