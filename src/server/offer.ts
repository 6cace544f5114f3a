import { z } from 'zod';
import type { Settings } from '../core/settings.ts';
import { RUNGS } from '../pfsense/box.ts';
import { judge } from '../policy/permissions.ts';
import { TOOLS } from '../tools/index.ts';
import type { Tool } from '../tools/tool.ts';

export interface OfferOptions {
  readonly settings: Pick<Settings, 'permissions' | 'deny' | 'toolsets'>;
  /** Names of the configured firewalls. */
  readonly firewalls: readonly string[];
}

/** A tool as clients see it. */
export interface OfferedTool {
  readonly tool: Tool;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
}

export type JsonSchema = { readonly type: 'object'; readonly [key: string]: unknown };

/** The tools that the policy allows. What is forbidden is not offered at all. */
export function offeredTools({ settings, firewalls }: OfferOptions): OfferedTool[] {
  return TOOLS.filter(({ toolset }) => settings.toolsets?.includes(toolset) ?? true)
    .filter(({ name, effect, level = effect }) => judge(settings, { tool: name, effect: level }).isAllowed)
    .map((tool) => offered(tool, firewalls));
}

/** Schemas are written when a client first asks for them: it waits for the server's start, and often never lists. */
function offered(tool: Tool, firewalls: readonly string[]): OfferedTool {
  const schemas: { input?: JsonSchema; output?: JsonSchema } = {};
  return {
    tool,
    get inputSchema() {
      schemas.input ??= inputSchema(tool, firewalls);
      return schemas.input;
    },
    get outputSchema() {
      schemas.output ??= outputSchema(tool);
      return schemas.output;
    },
  };
}

/** The argument `firewall`, and what is about several of them, is there only when there is a choice. */
export function argumentsOf(tool: Tool, firewalls: readonly string[]): z.ZodObject {
  const [first, ...others] = firewalls;
  if (tool.target === 'local' || first === undefined || others.length === 0) return withoutFleet(tool);
  const choice = z
    .enum([first, ...others])
    .optional()
    .describe('Which firewall');
  return tool.input.extend({ firewall: choice });
}

function withoutFleet({ input, fleetArguments = [] }: Tool): z.ZodObject {
  if (fleetArguments.length === 0) return input;
  return z.strictObject(
    Object.fromEntries(Object.entries(input.shape).filter(([name]) => !fleetArguments.includes(name))),
  );
}

function inputSchema(tool: Tool, firewalls: readonly string[]): JsonSchema {
  return jsonSchema(argumentsOf(tool, firewalls), 'input');
}

function outputSchema(tool: Tool): JsonSchema {
  const common = {
    firewall: z.string(),
    servedBy: z.enum(RUNGS),
    stale: z.object({ ageMs: z.int() }).optional(),
    pendingChanges: z.array(z.string()).optional(),
    notes: z.array(z.string()).optional(),
    untrusted: z.literal(true).optional(),
  };
  return jsonSchema(tool.output.extend(common), 'output');
}

function jsonSchema(schema: z.ZodObject, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, override: dropLimits, unrepresentable: 'any' });
  return { ...rest, type: 'object' };
}

/** Limits of JavaScript's numbers say nothing to a reader and cost tokens. */
function dropLimits({ jsonSchema: node }: { jsonSchema: Record<string, unknown> }): void {
  if (node['maximum'] === Number.MAX_SAFE_INTEGER) delete node['maximum'];
  if (node['minimum'] === Number.MIN_SAFE_INTEGER) delete node['minimum'];
}
