import { monotonicMs } from '../../core/clock.ts';
import type { McpClient } from '../../server/client.ts';

/** Of one answer, in characters. */
const SHOWN_CHARS = 420;

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export interface Shown {
  readonly text: string;
  readonly ms: number;
}

/** Calls a tool and prints the beginning of its answer; returns all of it, and how long it took in milliseconds. */
export async function show(client: McpClient, tool: string, args: Record<string, unknown> = {}): Promise<Shown> {
  const began = monotonicMs();
  const text = await answer(client, tool, args);
  const ms = monotonicMs() - began;
  const shown = text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}… (${text.length} characters)` : text;
  say(`> ${tool} ${JSON.stringify(args)}   ${duration(ms)}\n${shown}`);
  return { text, ms };
}

export async function answer(client: McpClient, tool: string, args: Record<string, unknown> = {}): Promise<string> {
  const { content } = await client.call(tool, args);
  const [first] = content;
  return first?.type === 'text' ? first.text : '';
}

export function duration(ms: number): string {
  return ms < 1_000 ? `${ms.toFixed(1)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}
