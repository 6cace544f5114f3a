/** What `flock` asks for, as the C library numbers it. */
const LOCK_EX = 2;
const LOCK_NB = 4;
const LOCK_UN = 8;

export interface LockRequest {
  /** Which file, however it was opened. */
  readonly file: string;
  /** Which opening of it: of the same file even one process may have several. */
  readonly opening: string;
  /** Operation of `flock(2)`. */
  readonly operation: number;
}

interface Waiting {
  readonly opening: string;
  readonly isExclusive: boolean;
  grant(): void;
}

interface FileState {
  /** Openings that hold it, and whether the one has it alone. */
  readonly holders: Map<string, boolean>;
  waiting: Waiting[];
}

/** The advisory locks between PHP processes that the lab runs as threads: php-wasm alone grants all of them. */
export class FileLocks {
  readonly #files = new Map<string, FileState>();

  /** Whether it was granted, at once or when its turn came; `flock(2)`. */
  request({ file, opening, operation }: LockRequest): Promise<boolean> {
    const state = this.#stateOf(file);
    const isExclusive = (operation & LOCK_EX) !== 0;
    state.holders.delete(opening);
    if ((operation & LOCK_UN) !== 0) {
      this.#proceed(file, state);
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      state.waiting.push({ opening, isExclusive, grant: () => resolve(true) });
      this.#proceed(file, state);
      if ((operation & LOCK_NB) === 0 || state.holders.has(opening)) return;
      state.waiting = state.waiting.filter((one) => one.opening !== opening);
      resolve(false);
    });
  }

  /** Frees what an ended process held, and no longer lets it wait; its openings begin with `prefix`. */
  release(prefix: string): void {
    for (const [file, state] of this.#files) {
      for (const opening of state.holders.keys()) if (opening.startsWith(prefix)) state.holders.delete(opening);
      state.waiting = state.waiting.filter(({ opening }) => !opening.startsWith(prefix));
      this.#proceed(file, state);
    }
  }

  #stateOf(file: string): FileState {
    const state = this.#files.get(file) ?? { holders: new Map(), waiting: [] };
    this.#files.set(file, state);
    return state;
  }

  /** Grants in the order of asking. */
  #proceed(file: string, state: FileState): void {
    for (let next = state.waiting[0]; next && isCompatible(state, next); next = state.waiting[0]) {
      state.waiting.shift();
      state.holders.set(next.opening, next.isExclusive);
      next.grant();
    }
    if (state.holders.size === 0 && state.waiting.length === 0) this.#files.delete(file);
  }
}

function isCompatible({ holders }: FileState, { isExclusive }: Waiting): boolean {
  return holders.size === 0 || (!isExclusive && ![...holders.values()].includes(true));
}
