import type { Server } from '@modelcontextprotocol/sdk/server/index.js';

/** A person may take this long to answer, in milliseconds. */
const PATIENCE_MS = 600_000;

/**
 * A way to ask whoever sits at the client, through the client and past the model; undefined when the client says that it
 * cannot ask. Anything but a clear yes is a no.
 */
export function personAt(server: Server): ((question: string) => Promise<boolean>) | undefined {
  if (server.getClientCapabilities()?.elicitation === undefined) return undefined;
  return async (question) => {
    const request = {
      message: question,
      requestedSchema: {
        type: 'object' as const,
        properties: { allow: { type: 'boolean' as const, title: 'Allow this', default: false } },
        required: ['allow'],
      },
    };
    try {
      const { action, content } = await server.elicitInput(request, { timeout: PATIENCE_MS });
      return action === 'accept' && content?.['allow'] === true;
    } catch {
      return false;
    }
  };
}
