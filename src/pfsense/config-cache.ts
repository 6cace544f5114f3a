import { z } from 'zod';

/** An answer without a stamp may hold for this call only. */
const Stamped = z.object({ stamp: z.string().min(1) });
const Unchanged = z.object({ unchanged: z.literal(true) });

interface Kept {
  readonly stamp: string;
  /** The reply as it came, so that every use of it passes the same checks. */
  readonly value: unknown;
  readonly chars: number;
}

/** Most that is kept for one firewall, in characters of JSON. */
const MAX_CHARS = 32 * 1024 * 1024;

/**
 * What one firewall said of its configuration, by the revision that it said it of. Nothing is served from here
 * unless the firewall, in the same call, has called that revision unchanged.
 */
export class ConfigCache {
  readonly #kept = new Map<string, Kept>();
  readonly #maxChars: number;
  #chars = 0;

  constructor(maxChars = MAX_CHARS) {
    this.#maxChars = maxChars;
  }

  find(snippet: string, input: unknown): { readonly stamp: string; readonly value: unknown } | undefined {
    return this.#kept.get(keyOf(snippet, input));
  }

  /** Keeps a reply that carries its stamp; the least recently kept ones make room. */
  keep(snippet: string, input: unknown, value: unknown): void {
    const stamped = Stamped.safeParse(value);
    if (!stamped.success) return;
    const key = keyOf(snippet, input);
    this.#drop(key);
    const chars = JSON.stringify(value).length;
    if (chars > this.#maxChars) return;
    this.#kept.set(key, { stamp: stamped.data.stamp, value, chars });
    this.#chars += chars;
    for (const oldest of this.#kept.keys()) {
      if (this.#chars <= this.#maxChars) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#chars -= this.#kept.get(key)?.chars ?? 0;
    this.#kept.delete(key);
  }
}

/** Does a reply say that what is kept still holds? */
export function isUnchanged(reply: unknown): boolean {
  return Unchanged.safeParse(reply).success;
}

function keyOf(snippet: string, input: unknown): string {
  return `${snippet} ${JSON.stringify(input)}`;
}
