import { readFileSync } from 'node:fs';
import type { ServerChannel } from 'ssh2';
import { inRoot } from './files.ts';
import { NOISE, type Personality } from './personalities.ts';
import type { PhpBackend } from './php/backend.ts';
import { DeadlineWatch } from './php/deadline-watch.ts';
import { startProgram } from './php/program.ts';
import type { ProcessTable } from './processes.ts';

export interface ShellParts {
  readonly personalities: readonly Personality[];
  readonly root: string;
  readonly uid: number;
  readonly php: PhpBackend;
  readonly processes: ProcessTable;
}

/**
 * The login shell of the simulated firewall. It is no shell: it knows the constant command lines that a driver
 * sends, by their shape, and refuses all others as `not found`.
 */
export function runCommandLine(line: string, channel: ServerChannel, parts: ShellParts): void {
  if (parts.personalities.includes('banner-noise')) {
    channel.write(NOISE.stdout);
    channel.stderr.write(NOISE.stderr);
  }
  // `operator` may become root without a password, as its rule in sudoers says.
  const uid = line.startsWith('sudo -n ') ? 0 : parts.uid;
  const command = line.replace(/^sudo -n /, '');
  const program = /\/usr\/local\/bin\/php -r "(.*)"; s=/.exec(command)?.[1];
  const file = /^\/bin\/cat (\/[\w./-]+)$/.exec(command)?.[1];
  if (/\/usr\/local\/sbin\/pfSsh\.php x; s=/.test(command))
    runPhp(['/usr/local/sbin/pfSsh.php', 'x'], channel, { ...parts, uid });
  else if (program !== undefined) runPhp(['-r', program.replace(/\\(["\\$`])/g, '$1')], channel, { ...parts, uid });
  else if (command.startsWith("/bin/sh -c 'read g;")) runKill(channel, parts);
  else if (command.startsWith("/bin/sh -c 'read d;")) runDetached(channel, { ...parts, uid });
  else if (command.startsWith("/bin/sh -c 'read r;")) runRevision(channel, parts);
  else if (command === "/bin/sh -c 'echo alive; id -u'") finish(channel, `alive\n${uid}\n`, 0);
  else if (file !== undefined) runCat(file, channel, parts);
  else finish(channel, '', NOT_FOUND);
}

/** sh's exit status for a program that it does not find. */
const NOT_FOUND = 127;

function finish(channel: ServerChannel, output: string, code: number): void {
  if (output !== '') channel.write(output);
  channel.exit(code);
  channel.end();
}

function runCat(file: string, channel: ServerChannel, { root }: ShellParts): void {
  try {
    finish(channel, readFileSync(inRoot(root, file), 'latin1'), 0);
  } catch {
    channel.stderr.write(`cat: ${file}: No such file or directory\n`);
    finish(channel, '', 1);
  }
}

/** A kept configuration by its number. */
function runRevision(channel: ServerChannel, parts: ShellParts): void {
  let input = '';
  channel.on('data', (chunk: Buffer) => {
    input += chunk.toString('latin1');
  });
  channel.once('end', () => {
    const revision = input.trim();
    if (!/^\d+$/.test(revision)) return finish(channel, '', 64);
    runCat(`/cf/conf/backup/config-${revision}.xml`, channel, parts);
  });
}

/** Processes that go on when the channel is gone. */
function runDetached(channel: ServerChannel, { php, processes, uid }: ShellParts): void {
  let input = '';
  channel.on('data', (chunk: Buffer) => {
    input += chunk.toString('latin1');
  });
  channel.once('end', () => {
    const [folder = '', ...names] = input.trim().split('\n');
    if (!/^\/cf\/conf\/pfsense-mcp\/[0-9a-f]*$/.test(folder)) return finish(channel, '', 64);
    const group = processes.newGroup();
    for (const name of names) startProgram(`${folder}/${name}.php`, { php, processes, uid, group });
    finish(channel, 'started\n', 0);
  });
}

function runKill(channel: ServerChannel, { processes }: ShellParts): void {
  let input = '';
  channel.on('data', (chunk: Buffer) => {
    input += chunk.toString('latin1');
  });
  channel.once('end', () => {
    processes.killGroup(Number(input.trim()));
    finish(channel, 'done\n', 0);
  });
}

/** `(cat; echo; echo exit) | php …`: the end of the input becomes `exit`, also when the client is just gone. */
function runPhp(argv: readonly string[], channel: ServerChannel, { php, processes, uid }: ShellParts): void {
  const group = processes.newGroup();
  channel.write(`${group}\n`);
  const process = php.start({ argv, uid });
  const watch = new DeadlineWatch(() => process.kill());
  processes.add({ pid: process.pid, group, args: argv.join(' '), kill: () => process.kill() });
  process.onStdout((chunk) => {
    watch.answered();
    if (channel.writable) channel.write(chunk);
  });
  process.onStderr((chunk) => void (channel.writable && channel.stderr.write(chunk)));
  channel.on('data', (chunk: Buffer) => {
    watch.asked(chunk);
    process.write(chunk);
  });
  let isOver = false;
  const endInput = (): void => {
    if (isOver) return;
    isOver = true;
    process.write(Buffer.from('\nexit\n'));
    process.end();
    watch.inputEnded();
  };
  channel.once('end', endInput);
  channel.once('close', endInput);
  void process.exit.then((code) => {
    watch.stop();
    processes.remove(process.pid);
    if (channel.writable) finish(channel, '', code);
  });
}
