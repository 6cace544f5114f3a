/**
 * Remembers whether this process has shown text by strangers (logs, leases, names from the network). From then on
 * nobody can tell whose wishes the model follows, so a policy that was written beforehand no longer approves a change.
 */
export class Exposure {
  readonly #tools = new Set<string>();

  get shownUntrustedText(): boolean {
    return this.#tools.size > 0;
  }

  /** Notes an answer of a tool. */
  note({ name, isOpenWorld }: { readonly name: string; readonly isOpenWorld: boolean }): void {
    if (isOpenWorld) this.#tools.add(name);
  }
}
