import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PfsenseError } from '../core/errors.ts';
import { Settings } from '../core/settings.ts';
import { defaultSettingsFile } from './settings.ts';

export interface InitOptions {
  readonly config?: string;
  readonly host: string;
  readonly name: string;
  readonly user: string;
  readonly port: string;
  readonly privateKey?: string;
}

/** Writes a settings file with mode 0600 that allows reading only; never over one that is there, never with a password. */
export async function init(options: InitOptions): Promise<void> {
  const file = options.config ?? defaultSettingsFile();
  if (existsSync(file)) {
    throw new PfsenseError('settings_invalid', 'There is a settings file already.', {
      phase: 'settings',
      hint: `Edit ${file}.`,
    });
  }
  const { host, user, name, privateKey } = options;
  const firewall = { host, port: Number(options.port), user, ...(privateKey ? { privateKey } : {}) };
  const settings = { firewalls: { [name]: firewall }, permissions: ['read'] };
  const parsed = Settings.safeParse(settings);
  if (!parsed.success)
    throw new PfsenseError('bad_input', parsed.error.issues[0]?.message ?? 'Not valid.', { phase: 'input' });
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  process.stdout.write(`Wrote ${file}\nNext: pfsense-mcp doctor --accept-host-key\n`);
}
