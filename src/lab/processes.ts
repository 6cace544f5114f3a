/** A process of the simulated firewall. */
export interface LabProcess {
  readonly pid: number;
  readonly group: number;
  readonly args: string;
  kill(): void;
}

/** The process table of one lab. */
export class ProcessTable {
  readonly #processes = new Map<number, LabProcess>();
  #nextGroup = 5_000;

  newGroup(): number {
    this.#nextGroup += 1;
    return this.#nextGroup;
  }

  add(process: LabProcess): void {
    this.#processes.set(process.pid, process);
  }

  remove(pid: number): void {
    this.#processes.delete(pid);
  }

  list(): LabProcess[] {
    return [...this.#processes.values()];
  }

  killGroup(group: number): void {
    for (const process of this.list()) if (process.group === group) process.kill();
  }
}
