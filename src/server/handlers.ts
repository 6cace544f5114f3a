import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  McpError,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { toPfsenseError } from '../core/errors.ts';
import type { ExecuteParts } from './execute.ts';
import type { OfferedTool } from './offer.ts';
import { getPrompt, listPrompts } from './prompts.ts';
import { completionOf, completions, readResource, resourceTemplates } from './resources.ts';

/** Answers requests about resources, prompts and completions. */
export function handleResourcesAndPrompts(server: Server, parts: ExecuteParts, offered: readonly OfferedTool[]): void {
  // What can be read is named by the templates: a list of every section of every firewall would help nobody.
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: [] }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: resourceTemplates(offered),
  }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }, { signal }) =>
    readResource(parts, offered, params.uri, signal),
  );
  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: listPrompts() }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => {
    try {
      return getPrompt(params.name, params.arguments, parts.fleet.names);
    } catch (thrown) {
      const error = toPfsenseError(thrown, 'input');
      throw new McpError(ErrorCode.InvalidParams, error.message, error.report());
    }
  });
  server.setRequestHandler(CompleteRequestSchema, ({ params }, { signal }) => {
    const { ref, argument, context } = params;
    if (ref.type === 'ref/prompt')
      return completionOf(argument.name === 'firewall' ? parts.fleet.names : [], argument.value);
    const request = {
      uriTemplate: ref.uri,
      variable: argument.name,
      typed: argument.value,
      firewall: context?.arguments?.['firewall'],
    };
    return completions(parts, offered, request, signal);
  });
}
