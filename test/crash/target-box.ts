import { spawn } from 'node:child_process';
import type { FirewallSettings } from '../../src/core/settings.ts';
import { FaultProxy } from '../faults/proxy.ts';
import { buildLibrary, CHANGES, type CrashBox, clockText, HOOK, LIBRARY, ORDERS, orderText } from './crash-box.ts';

/** Puts the library in front of the PHP that runs programs, and takes it away again. */
const ARM = `mkdir -p ${ORDERS} && cat >${LIBRARY} && p=$(readlink -f /usr/local/bin/php-cgi) && case $p in *php-cgi[0-9]*)
  rm -f /usr/local/bin/php-cgi; printf '#!/bin/sh\\nLD_PRELOAD=${LIBRARY} exec %s "$@"\\n' "$p" >/usr/local/bin/php-cgi
  chmod 755 /usr/local/bin/php-cgi;; esac`;
const DISARM = `p=$(sed -n 's/.* exec \\([^ ]*\\) .*/\\1/p' /usr/local/bin/php-cgi) && [ -x "$p" ] && ln -sf "$p" /usr/local/bin/php-cgi
  rm -rf ${LIBRARY} ${ORDERS}`;
const SESSIONS = `ps -axww -o pid=,args= | grep -E '^ *[0-9]+ sshd(-session)?: ' | grep -v listener | while read p a; do kill -9 $p; done`;
/** The kernel forgets the addresses that pfSense gave it, and memory file systems are empty. */
const POWER = `ps -axww -o pid=,args= | grep -E '^ *[0-9]+ [^ ]*php-cgi[0-9.]* ' | while read p a; do kill -9 $p; done
  ${SESSIONS}; sed -i '/^inet=10[.]77[.]/d' /var/db/realbox/if/*; rm -rf /tmp/* /var/run/filter_reload_status`;
const BOOT = `cat >/tmp/crash-boot.php <<'P'
<?php
require_once 'globals.inc'; require_once 'config.inc'; require_once 'functions.inc'; require_once 'filter.inc';
require_once 'shaper.inc'; require_once 'interfaces.inc';
interfaces_vips_configure(); filter_configure_sync();
P
/usr/local/bin/php-cgi -q -f /tmp/crash-boot.php >/dev/null 2>&1; rm /tmp/crash-boot.php; [ -x ${HOOK} ] && ${HOOK} start; true`;

/** pfSense's own code on this machine, on which everything can go wrong: `inspect` runs a program there without SSH. */
export async function openTargetBox(direct: FirewallSettings, inspect: readonly string[]): Promise<CrashBox> {
  const shell = (script: string, input: Buffer | string = ''): Promise<string> =>
    output([...inspect, '/bin/sh', '-c', script], input);
  await shell(ARM, buildLibrary());
  const proxy = await FaultProxy.open(direct.port ?? 22);
  const lines = async (script: string): Promise<string[]> => (await shell(script)).split('\n').filter(Boolean);
  const run = async (script: string, input: Buffer | string = ''): Promise<void> => void (await shell(script, input));
  return {
    proxy,
    login: direct,
    wire: { ...direct, port: proxy.port },
    read: (path) => shell(`cat ${path} 2>/dev/null; true`),
    list: (folder) => lines(`ls -A ${folder} 2>/dev/null; true`),
    addresses: () => shell('/sbin/ifconfig'),
    processesOf: (id) => lines(`ps -axww -o args= | grep -F ${CHANGES}/${id}/ | grep -vE 'grep|^(/bin/)?sh '; true`),
    order: (mode, program, call) => run(`cat >${ORDERS}/plan`, orderText(mode, program, call)),
    setClock: (seconds) => run(`cat >${ORDERS}/clock`, clockText(seconds)),
    freeDisk: () => run(`rm -f ${ORDERS}/disk`),
    met: async () => (await shell(`cat ${ORDERS}/log 2>/dev/null; true`)).trim() || null,
    calm: () => run(`rm -f ${ORDERS}/*`),
    signal: (id, program, signal) =>
      run(
        `ps -axww -o pid=,args= | grep -E '^ *[0-9]+ [^ ]*php-cgi.*/${id}/${program}[.]php' | while read p a; do kill -${signal} $p; done`,
      ),
    killSessions: () => run(SESSIONS),
    cutPower: () => run(POWER),
    boot: () => run(BOOT),
    age: (id) => run(`[ ! -f ${CHANGES}/${id}/prepared ] || touch -d '1 minute ago' ${CHANGES}/${id}/prepared`),
    async close() {
      await proxy.close();
      await shell(`${DISARM}; true`);
    },
  };
}

function output([program = '', ...words]: readonly string[], input: Buffer | string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      const text = Buffer.concat(chunks).toString('utf8');
      if (code === 0) resolve(text);
      else reject(new Error(`What looks at the firewall ended with ${code}.`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
