import type { ProcessTable } from '../processes.ts';
import type { PhpBackend, PhpProcess } from './backend.ts';

export interface ProgramParts {
  readonly php: PhpBackend;
  readonly processes: ProcessTable;
  readonly uid: number;
  readonly group: number;
}

/** A PHP file that runs without input, as a process of the lab. */
export function startProgram(file: string, { php, processes, uid, group }: ProgramParts): PhpProcess {
  const process = php.start({ argv: [file], uid });
  process.end();
  processes.add({ pid: process.pid, group, args: `/usr/local/bin/php-cgi -q -f ${file}`, kill: () => process.kill() });
  void process.exit.then(() => processes.remove(process.pid));
  return process;
}
