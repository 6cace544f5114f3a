import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { PfsenseError } from '../core/errors.ts';
import { nearestName } from '../core/names.ts';
import { own } from '../core/own.ts';
import { FirewallSettings, PolicyRule, Settings } from '../core/settings.ts';
import { expandHome } from '../ssh/expand-home.ts';
import { isToolset, TOOLSETS } from '../tools/toolsets.ts';
import { readSettingsFile, settingsFileWarnings } from './settings-file.ts';

/** What flags say; they beat the environment, which beats the settings file. */
export interface Flags {
  readonly config?: string | undefined;
  readonly configFile?: string | undefined;
  readonly toolsets?: string | undefined;
  readonly readOnly?: boolean | undefined;
}

export interface LoadedSettings {
  readonly settings: Settings;
  readonly stateDir: string;
  /** Sentences for stderr. */
  readonly warnings: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;
type Json = Record<string, unknown>;

/**
 * Reads settings file, environment and flags.
 * @throws PfsenseError `settings_invalid` that names the setting and never shows its value.
 */
export function loadSettings(flags: Flags, variables: Environment = process.env): LoadedSettings {
  // An empty variable is how container tools say that there is none.
  const environment = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const file = settingsFile(flags, environment);
  const fromFile = file === undefined ? {} : readSettingsFile(file);
  const merged = { ...fromFile, ...environmentSettings(environment, fromFile), ...flagSettings(flags) };
  const settings = parseSettings(merged);
  const twice = Object.keys(settings.configFiles).find((name) => name in settings.firewalls);
  if (twice !== undefined) throw invalid(`The name ${JSON.stringify(twice)} stands in firewalls and in configFiles.`);
  for (const name of settings.toolsets ?? []) if (!isToolset(name)) throw unknownToolset(name);
  return {
    settings: withHomeExpanded(settings),
    stateDir: stateDir(settings, environment),
    warnings: [...(file === undefined ? [] : settingsFileWarnings(file)), ...offlineWarnings(settings)],
  };
}

function settingsFile({ config }: Flags, environment: Environment): string | undefined {
  const named = config ?? environment['PFSENSE_MCP_CONFIG'];
  if (named !== undefined) return named;
  const usual = defaultSettingsFile(environment);
  return statSync(usual, { throwIfNoEntry: false }) ? usual : undefined;
}

/** Where the settings file is looked for when nobody names one. */
export function defaultSettingsFile(environment: Environment = process.env): string {
  return join(environment['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'pfsense-mcp', 'config.json');
}

/** PFSENSE_HOST and its companions describe the firewall `default`, or the only one of the file. */
function environmentSettings(environment: Environment, fromFile: Json): Json {
  const firewall = environmentFirewall(environment);
  const permissions = environment['PFSENSE_PERMISSIONS'];
  const toolsets = environment['PFSENSE_TOOLSETS'];
  const state = environment['PFSENSE_MCP_STATE'];
  const configFile = environment['PFSENSE_CONFIG_FILE'];
  const configured = z.record(z.string(), z.unknown()).catch({}).parse(fromFile['firewalls']);
  return {
    ...(Object.keys(firewall).length > 0 ? { firewalls: withFirewall(configured, firewall) } : {}),
    ...(permissions === undefined ? {} : { permissions: split(permissions) }),
    ...(toolsets === undefined ? {} : { toolsets: split(toolsets) }),
    ...(state === undefined ? {} : { stateDir: state }),
    ...(configFile === undefined ? {} : { configFile }),
  };
}

function withFirewall(configured: Json, firewall: Json): Json {
  const names = Object.keys(configured);
  if ('host' in firewall) return { ...configured, default: firewall };
  if (names.length !== 1) throw hostMissing();
  const [name = ''] = names;
  return { [name]: { ...z.record(z.string(), z.unknown()).catch({}).parse(own(configured, name)), ...firewall } };
}

const FIREWALL_VARIABLES = {
  PFSENSE_HOST: 'host',
  PFSENSE_PORT: 'port',
  PFSENSE_USER: 'user',
  PFSENSE_PASSWORD: 'password',
  PFSENSE_PRIVATE_KEY: 'privateKey',
  PFSENSE_PASSPHRASE: 'passphrase',
  PFSENSE_HOST_KEY: 'hostKey',
} as const;

function environmentFirewall(environment: Environment): Json {
  const entries = Object.entries(FIREWALL_VARIABLES).flatMap(([variable, key]) => {
    const value = environment[variable];
    return value === undefined ? [] : [[key, key === 'port' ? Number(value) : value]];
  });
  return Object.fromEntries(entries);
}

function flagSettings({ toolsets, readOnly, configFile }: Flags): Json {
  return {
    ...(configFile === undefined ? {} : { configFile }),
    ...(toolsets === undefined ? {} : { toolsets: split(toolsets) }),
    ...(readOnly ? { permissions: ['read'] } : {}),
  };
}

function split(list: string): string[] {
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function parseSettings(merged: Json): Settings {
  const parsed = Settings.safeParse(merged);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') throw unknownKey(issue.keys[0] ?? '', issue.path);
  throw invalid(`Setting ${issue?.path.map(String).join('.') || '(root)'}: ${issue?.message ?? 'not valid'}.`);
}

function hostMissing(): PfsenseError {
  const message = 'The environment describes a firewall, but PFSENSE_HOST is not set.';
  const hint = 'Set PFSENSE_HOST too; without it the settings file must have exactly one firewall.';
  return new PfsenseError('settings_invalid', message, {
    phase: 'settings',
    hint,
  });
}

function unknownKey(key: string, path: readonly PropertyKey[]): PfsenseError {
  const nearest = nearestName(key, knownKeys(path));
  const where = [...path.map(String), key].join('.');
  return invalid(`Setting ${JSON.stringify(where)} is not known${nearest ? `; did you mean ${nearest}?` : '.'}`);
}

/** Keys that may stand where an unknown one was found. */
function knownKeys([section]: readonly PropertyKey[]): string[] {
  if (section === 'firewalls') return Object.keys(FirewallSettings.shape);
  if (section === 'deny') return Object.keys(PolicyRule.shape);
  return Object.keys(section === 'breaker' ? Settings.parse({}).breaker : Settings.shape);
}

function unknownToolset(name: string): PfsenseError {
  const nearest = nearestName(name, Object.keys(TOOLSETS));
  const hint = `Toolsets: ${Object.keys(TOOLSETS).join(', ')}.`;
  const message = `Toolset ${JSON.stringify(name)} is not known${nearest ? `; did you mean ${nearest}?` : '.'}`;
  return new PfsenseError('settings_invalid', message, { phase: 'settings', hint });
}

function withHomeExpanded(settings: Settings): Settings {
  const { configFile } = settings;
  const configFiles = Object.fromEntries(
    Object.entries(settings.configFiles).map(([name, path]) => [name, expandHome(path)]),
  );
  return { ...settings, configFiles, ...(configFile === undefined ? {} : { configFile: expandHome(configFile) }) };
}

function offlineWarnings({ configFile, firewalls }: Settings): string[] {
  const isBoth = configFile !== undefined && Object.keys(firewalls).length > 0;
  return isBoth ? ['Answers come from the configuration file; the configured firewalls are not contacted.'] : [];
}

function stateDir(settings: Settings, environment: Environment): string {
  const base = environment['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
  return settings.stateDir === undefined ? join(base, 'pfsense-mcp') : expandHome(settings.stateDir);
}

function invalid(message: string): PfsenseError {
  return new PfsenseError('settings_invalid', message, { phase: 'settings' });
}
