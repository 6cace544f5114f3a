import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { FirewallSettings } from '../../src/core/settings.ts';
import { startLab } from '../../src/lab/lab.ts';
import { descendantsOf } from '../../src/lab/native/descendants.ts';
import { ask, open, session } from '../contract/driver.ts';
import { FaultProxy } from '../faults/proxy.ts';
import {
  buildLibrary,
  CHANGES,
  type CrashBox,
  clockText,
  HOOK,
  isSession,
  LIBRARY,
  ORDERS,
  orderText,
} from './crash-box.ts';

/** Addresses of the simulated kernel. */
const DEVICES = '/var/db/lab-devices.json';

const BOOT = `foreach (config_get_path("virtualip/vip", []) as $vip) { interface_ipalias_configure($vip); }
  McpBox::run(["/etc/rc.filter_configure_sync"], "", 60);
  is_file("${HOOK}") && McpBox::run(["${HOOK}", "start"], "", 100);
  return [];`;

/** A simulated firewall on which everything can go wrong. */
export async function openLabBox(): Promise<CrashBox> {
  const lab = await startLab({ php: 'native' });
  const { root, host, port, hostKey, privateKeyFile } = lab.address;
  const at = (path: string): string => join(root, path);
  const read = (path: string): string => (existsSync(at(path)) ? readFileSync(at(path), 'utf8') : '');
  const list = (folder: string): string[] => (existsSync(at(folder)) ? readdirSync(at(folder)) : []);
  const put = (name: string, text: string): void => writeFileSync(at(`${ORDERS}/${name}`), text);
  const processesOf = (id: string) => lab.processes().filter(({ args }) => args.includes(id));
  const killSessions = (): void => {
    const init = descendantsOf(process.pid).find(({ argv }) => argv.includes(root));
    const all = descendantsOf(init?.pid ?? 0);
    for (const { pid, argv } of all) if (isSession(argv.join(' '))) end(pid, 'SIGKILL');
  };
  arm(root);
  const devices = read(DEVICES);
  const proxy = await FaultProxy.open(port);
  const login = (through: number): FirewallSettings =>
    ({ host, port: through, hostKey, privateKey: privateKeyFile, user: 'root', sshConfig: false }) as never;
  return {
    proxy,
    login: login(port),
    wire: login(proxy.port),
    read: async (path) => read(path),
    list: async (folder) => list(folder),
    addresses: async () => read(DEVICES),
    processesOf: async (id) => processesOf(id).map(({ args }) => args),
    order: async (mode, program, call) => put('plan', orderText(mode, program, call)),
    setClock: async (seconds) => put('clock', clockText(seconds)),
    freeDisk: async () => rmSync(at(`${ORDERS}/disk`), { force: true }),
    met: async () => read(`${ORDERS}/log`).trim() || null,
    async calm() {
      for (const name of list(ORDERS)) rmSync(at(`${ORDERS}/${name}`));
    },
    async signal(id, program, signal) {
      for (const { pid, args } of processesOf(id)) if (args.includes(`/${program}.php`)) end(pid, `SIG${signal}`);
    },
    killSessions: async () => killSessions(),
    async cutPower() {
      for (const process of lab.processes()) process.kill();
      killSessions();
      writeFileSync(at(DEVICES), devices);
      for (const name of list('/tmp')) rmSync(at(`/tmp/${name}`), { recursive: true });
      for (const name of list('/var/run').filter((name) => !/^lab|\.pid$/.test(name))) {
        rmSync(at(`/var/run/${name}`), { recursive: true });
      }
    },
    async boot() {
      const connection = await open(login(port));
      const shell = await session(connection);
      await ask(shell, BOOT, {}, 120_000);
      await shell.close();
      await connection.close();
    },
    async age(id) {
      const [mark, old] = [at(`${CHANGES}/${id}/prepared`), Date.now() / 1000 - 60];
      if (existsSync(mark)) utimesSync(mark, old, old);
    },
    async close() {
      await proxy.close();
      await lab.close();
    },
  };
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}

/** Puts the library in front of every PHP program. */
function arm(root: string): void {
  writeFileSync(join(root, LIBRARY), buildLibrary(), { mode: 0o755 });
  mkdirSync(join(root, ORDERS));
  for (const program of ['php', 'php-cgi']) {
    const file = join(root, 'usr/local/bin', program);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('exec ', `LD_PRELOAD=${LIBRARY} exec `));
    chmodSync(file, 0o755);
  }
}
