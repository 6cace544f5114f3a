#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { toPfsenseError } from '../core/errors.ts';
import { createLogger } from '../core/log.ts';
import { packageVersion } from './composition.ts';

/** Exit codes: 0 well, 1 the work failed, 2 the command line cannot be understood. */
const USAGE = 2;

const program = new Command('pfsense-mcp')
  .description('MCP server and agentless SSH driver for pfSense firewalls')
  .version(packageVersion())
  .option('--config <file>', 'settings file')
  .option('--config-file <path>', 'answer from a config.xml or a folder of backups, without a firewall')
  .exitOverride()
  .showHelpAfterError();

/** The global options together with those of the command. */
type Options = Record<string, string | boolean | undefined>;

program
  .command('serve', { isDefault: true })
  .description('serve MCP on stdio, or over HTTP')
  .option('--http <address>', 'serve Streamable HTTP at 127.0.0.1:PORT')
  .option('--toolsets <list>', 'offer only these toolsets')
  .option('--read-only', 'offer only tools that read')
  .action(async (_options: Options, command: Command) => (await import('./serve.ts')).serve(command.optsWithGlobals()));

program
  .command('call')
  .description('call one tool')
  .argument('<tool>', 'name of the tool')
  .argument('[json]', 'its arguments', '{}')
  .option('--firewall <name>', 'which firewall')
  .option('--toolsets <list>', 'offer only these toolsets')
  .option('--read-only', 'offer only tools that read')
  .option('--json', 'print the structured result')
  .action(async (tool: string, json: string, _options: Options, command: Command) => {
    process.exitCode = await (await import('./call.ts')).call(tool, json, command.optsWithGlobals());
  });

program
  .command('tools')
  .description('list the offered tools and what they cost a model')
  .option('--toolsets <list>', 'only these toolsets')
  .option('--read-only', 'only tools that read')
  .option('--json', 'print JSON')
  .action(async (_options: Options, command: Command) => (await import('./tools.ts')).tools(command.optsWithGlobals()));

program
  .command('doctor')
  .description('check the way to each firewall step by step')
  .option('--firewall <name>', 'which firewall')
  .option('--json', 'print JSON')
  .option('--accept-host-key', 'record the key of a host that is not known yet')
  .option('--retry-auth', 'offer a refused credential again')
  .action(async (_options: Options, command: Command) => {
    process.exitCode = await (await import('./doctor.ts')).doctor(command.optsWithGlobals());
  });

program
  .command('stats')
  .description('what A.L.A.N. recorded in the last 24 hours')
  .option('--json', 'print JSON')
  .action(async (_options: Options, command: Command) => (await import('./stats.ts')).stats(command.optsWithGlobals()));

program
  .command('init')
  .description('write a read-only settings file')
  .requiredOption('--host <host>', 'host name or address of the firewall')
  .option('--name <name>', 'what to call it', 'default')
  .option('--user <user>', 'login name', 'root')
  .option('--port <port>', 'SSH port', '22')
  .option('--private-key <file>', 'private key file')
  .action(async (_options: Options, command: Command) => (await import('./init.ts')).init(command.optsWithGlobals()));

program
  .command('approve')
  .description('let a planned change be applied, or an applied one be made permanent; asks on the terminal')
  .argument('<plan>', 'id of the plan, or its beginning')
  .action(async (plan: string, _options: Options, command: Command) => {
    process.exitCode = await (await import('./approve.ts')).approve(plan, command.optsWithGlobals());
  });

const config = program
  .command('config')
  .description('work on configuration files without a firewall; - is standard input');
const PARSER = ['--parser <version>', 'read as this version does: auto, 2.7, 2.8 or 2.9', 'auto'] as const;
config
  .command('parse')
  .description('print the tree as JSON, as pfSense reads it, secrets included')
  .argument('<file...>', 'config.xml or backup')
  .option(...PARSER)
  .action(async (files: string[], _options: Options, command: Command) =>
    (await import('./config.ts')).parse(files, command.opts()),
  );
config
  .command('diff')
  .description('what changed between two files, object by object, without secrets')
  .argument('<before>', 'the older file')
  .argument('<after>', 'the newer file')
  .option('--format <format>', 'text, json or unified', 'text')
  .option(...PARSER)
  .action(async (before: string, after: string, _options: Options, command: Command) =>
    (await import('./config.ts')).diff(before, after, command.opts()),
  );
config
  .command('redact')
  .description('print the same document without its secrets')
  .argument('<file>', 'config.xml or backup')
  .option('--addresses', 'replace IP and MAC addresses, too')
  .option(...PARSER)
  .action(async (file: string, _options: Options, command: Command) =>
    (await import('./config.ts')).redact(file, command.opts()),
  );

const auditLog = program.command('audit-log').description('the log of all calls');
auditLog
  .command('verify')
  .description('look for edited, dropped, moved or cut entries')
  .option('--json', 'print JSON')
  .action(async (_options: Options, command: Command) => {
    process.exitCode = (await import('./audit-log.ts')).verify(command.optsWithGlobals());
  });

program
  .command('lab')
  .description('serve a simulated firewall on 127.0.0.1')
  .option('--port <port>', 'SSH port; 0 takes a free one', '0')
  .option('--config <file>', 'its config.xml')
  .option('--php <backend>', "wasm, or native: this machine's PHP behind its sshd (Linux, root)", 'wasm')
  .option('--personality <list>', 'ways to differ, such as 2.7,slow-php; a wrong one is answered by the list')
  .action(async (_options: Options, command: Command) => (await import('./lab.ts')).lab(command.opts()));

program
  .command('demo')
  .description('show the main job on a simulated firewall')
  .action(async () => {
    process.exitCode = await (await import('./demo.ts')).demo();
  });

try {
  await program.parseAsync();
} catch (thrown) {
  process.exitCode = failure(thrown);
}

function failure(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : USAGE;
  const error = toPfsenseError(thrown, 'settings');
  const { code, message, hint } = error.report();
  if (code === 'internal') createLogger().error({ err: error.cause }, 'unexpected');
  process.stderr.write(`pfsense-mcp: ${message} [${code}]\n${hint}\n`);
  return code === 'bad_input' ? USAGE : 1;
}
