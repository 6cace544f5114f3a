import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { z } from 'zod';
import { memoryStore } from '../../src/alan/memory-store.ts';
import type { Store } from '../../src/alan/open.ts';
import { BackupFolder } from '../../src/changes/backup-folder.ts';
import { PlanStore } from '../../src/changes/plan-store.ts';
import type { ConfigTree } from '../../src/config/model.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { createLogger } from '../../src/core/log.ts';
import { Settings } from '../../src/core/settings.ts';
import { createFleet } from '../../src/pfsense/fleet.ts';
import { AuditLog } from '../../src/policy/audit-log.ts';
import { type McpClient, memoryClient } from '../../src/server/client.ts';
import { createServer } from '../../src/server/mcp.ts';
import type { Target } from './target.ts';

type Answer = Record<string, unknown>;

/** The tools of one login on a target, asked through a real MCP client. */
export interface Asking {
  readonly mcp: McpClient;
  /** Folder of the audit log. */
  readonly stateDir: string;
  /** The structured answer; an error fails the test with its text. */
  ask(tool: string, args?: Record<string, unknown>): Promise<Answer>;
  /** The error that a call is answered with. */
  refusal(tool: string, args: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

export async function startAsking(
  target: Target,
  user: string,
  { store = memoryStore('a test'), ...more }: Partial<z.input<typeof Settings>> & { store?: Store } = {},
): Promise<Asking> {
  const stateDir = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  const settings = Settings.parse({ firewalls: { fw: target.users[user] }, ...more });
  const fleet = createFleet({ settings, store, stateDir });
  const kept = { plans: new PlanStore(stateDir), backups: new BackupFolder(stateDir), audit: new AuditLog(stateDir) };
  const parts = { settings, fleet, ...kept, logger: createLogger('silent'), version: '0' };
  const mcp = await memoryClient(createServer(parts));
  return {
    mcp,
    stateDir,
    async ask(tool, args = {}) {
      const { isError, content, structuredContent } = await mcp.call(tool, args);
      if (isError || !structuredContent) throw new Error(JSON.stringify(content));
      expect(Object.keys(structuredContent)[0]).toBe('firewall');
      return structuredContent;
    },
    async refusal(tool, args) {
      const { isError, content } = await mcp.call(tool, args);
      expect(isError).toBe(true);
      return JSON.stringify(content);
    },
    async close() {
      await mcp.close();
      await fleet.close();
      rmSync(stateDir, { recursive: true });
    },
  };
}

/** The rows under a name of an answer. */
export function rowsOf(answer: Answer, name: string): Record<string, unknown>[] {
  const rows = answer[name];
  if (!Array.isArray(rows)) throw new Error(`The answer has no list ${name}.`);
  return rows;
}

export async function configOf(target: Target): Promise<ConfigTree> {
  return parseConfigXml(await target.readFile('/cf/conf/config.xml'));
}

/** The file's text, or nothing when the box has no such file. */
export async function textOrNothing(target: Target, path: string): Promise<string> {
  return target.readFile(path).catch(() => '');
}
