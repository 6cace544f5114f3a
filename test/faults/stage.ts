import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { FirewallSettings } from '../../src/core/settings.ts';
import { newKeyPair } from '../../src/lab/keys.ts';
import type { Fault } from './faults.ts';
import { fingerprint } from './fingerprint.ts';
import { Peer } from './rpc.ts';

const PASSWORD = 'pfsense';

const Opened = z.object({ name: z.string(), login: FirewallSettings });

const Census = z.object({ channels: z.int(), attempts: z.int(), accepted: z.int() });
export type Census = z.infer<typeof Census>;

/** A firewall and a faulty way to it, each in a process of its own. */
export class Stage {
  readonly name: string;
  readonly #box: Peer;
  readonly #login: FirewallSettings;
  readonly #folder: string;
  readonly #hostKey = newKeyPair();
  readonly #otherHostKey = newKeyPair();
  #far: Peer | undefined;
  #port = 0;

  private constructor(box: Peer, folder: string, { name, login }: z.infer<typeof Opened>) {
    this.#box = box;
    this.#folder = folder;
    this.name = name;
    this.#login = login;
  }

  static async open(): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'faults-'));
    const config = join(folder, 'config.xml');
    writeFileSync(config, largeConfig());
    const box = new Peer('./box-host.ts');
    const stage = new Stage(box, folder, Opened.parse(await box.ask('open', config)));
    await stage.#openFar();
    return stage;
  }

  /** Settings of a client that goes the faulty way. */
  get settings(): FirewallSettings {
    return {
      host: '127.0.0.1',
      port: this.#port,
      user: 'root',
      password: PASSWORD,
      hostKey: fingerprint(this.#hostKey.public),
      sshConfig: false,
    };
  }

  async arm({ strike }: Fault): Promise<void> {
    if (!strike) return;
    const isOnBox = strike.at === 'box' && (await this.#box.ask('hold')) === true;
    if (strike.at !== 'box') await this.#ask('arm', strike);
    else if (!isOnBox) await this.#ask('arm', { at: 'session', what: strike.instead });
  }

  /** What the far side sees now; undefined when the fault has killed or stopped it. */
  async census(): Promise<Census | undefined> {
    const answer = this.#ask('census').then(
      (value) => Census.parse(value),
      () => undefined,
    );
    const done = new AbortController();
    const late = pause(250, done.signal).then(() => undefined);
    return Promise.race([answer, late]).finally(() => done.abort());
  }

  /** Command lines of our sessions on the firewall. */
  async sessions(): Promise<string[]> {
    return z.array(z.string()).parse(await this.#box.ask('sessions'));
  }

  async readFile(path: string): Promise<string> {
    return z.string().parse(await this.#box.ask('readFile', path));
  }

  /** Ends the fault and every connection. */
  async heal(): Promise<void> {
    await this.#box.ask('release');
    const { child } = this.#far ?? {};
    child?.kill('SIGCONT');
    const isAlive = child && child.exitCode === null && child.signalCode === null;
    if (isAlive) await this.#ask('heal').catch(() => this.#openFar());
    else await this.#openFar();
  }

  async close(): Promise<void> {
    await this.#far?.stop();
    await this.#box.ask('close');
    await this.#box.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #ask(name: string, argument?: unknown): Promise<unknown> {
    return this.#far?.ask(name, argument) ?? Promise.reject(new Error('There is no far side.'));
  }

  async #openFar(): Promise<void> {
    const { host, port = 22, user: username = 'root', privateKey = '' } = this.#login;
    this.#far = new Peer('./far-host.ts');
    const box = { host, port, username, privateKey: readFileSync(privateKey, 'utf8') };
    const keys = { hostKey: this.#hostKey.private, otherHostKey: this.#otherHostKey.private };
    this.#port = z.int().parse(await this.#far.ask('open', { box, ...keys, password: PASSWORD }));
  }
}

/** Waits; an aborted signal ends the wait early, so that no timer stays behind. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

const STATIC_MAPS = 1_500;

/** The lab's configuration with as many static mappings as a large site has. */
function largeConfig(): string {
  const template = readFileSync(new URL('../../fixtures/lab/root/cf/conf/config.xml', import.meta.url), 'utf8');
  const maps = Array.from({ length: STATIC_MAPS }, (_, at) => {
    const [high, low] = [Math.floor(at / 250), at % 250];
    const mac = `02:00:00:00:${hex(high)}:${hex(low)}`;
    return `<staticmap><mac>${mac}</mac><ipaddr>10.9.${high}.${low + 1}</ipaddr><hostname>host${at}</hostname><descr><![CDATA[made for the fault tests]]></descr></staticmap>`;
  });
  return template.replace('</pfsense>', `<faulttest>${maps.join('\n')}</faulttest></pfsense>`);
}

function hex(value: number): string {
  return value.toString(16).padStart(2, '0');
}
