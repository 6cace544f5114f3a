// One PHP process: a worker thread with one WebAssembly instance that blocks on its stdin as a process would.
// Plain JavaScript, because a worker is loaded from its file both before and after the build.
import { EventEmitter } from 'node:events';
import { fstatSync } from 'node:fs';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

const { module, stdinPort, wake, root, mounts, ini, processId } = workerData;
/** As `flock(2)` numbers it. */
const LOCK_UN = 8;
const wakeup = new Int32Array(wake);
const decoder = { pending: Buffer.alloc(0), isEnded: false };
const commands = new Map();
let nextCommand = 1;

parentPort.on('message', ({ id, result }) => {
  commands.get(id)?.(result);
  commands.delete(id);
});

/** Blocks the thread until there is input or its end. */
function readInput(length) {
  while (decoder.pending.length === 0 && !decoder.isEnded) {
    const seen = Atomics.load(wakeup, 0);
    const received = receiveMessageOnPort(stdinPort);
    if (!received) Atomics.wait(wakeup, 0, seen);
    else if (received.message === null) decoder.isEnded = true;
    else decoder.pending = Buffer.from(received.message);
  }
  const piece = decoder.pending.subarray(0, length);
  decoder.pending = decoder.pending.subarray(length);
  return piece;
}

function replaceStdin(FS) {
  const device = FS.makedev(90, 0);
  FS.registerDevice(device, {
    open: () => undefined,
    close: () => undefined,
    read(_stream, buffer, offset, length) {
      const piece = readInput(length);
      buffer.set(piece, offset);
      return piece.length;
    },
  });
  FS.unlink('/dev/stdin');
  FS.mkdev('/dev/stdin', device);
  FS.close(FS.getStream(0));
  FS.open('/dev/stdin', 0);
}

function mountRoot(FS) {
  for (const folder of mounts) {
    FS.mkdirTree(`/${folder}`);
    FS.mount(FS.filesystems.NODEFS, { root: `${root}/${folder}` }, `/${folder}`);
  }
  FS.symlink('/cf/conf', '/conf');
}

/** Programs are simulated in the main thread. Output, start and end in one turn spare php-wasm its polling. */
function spawnProcess(command, args) {
  const child = new EventEmitter();
  child.pid = processId * 1000 + nextCommand;
  child.stdout = new EventEmitter();
  child.stderr = new EventEmitter();
  child.stdin = { write: () => true, end: () => undefined, on: () => undefined };
  child.kill = () => true;
  const id = nextCommand++;
  const slow = setTimeout(() => child.emit('spawn'), 500);
  commands.set(id, ({ stdout, stderr, code }) => {
    clearTimeout(slow);
    if (stdout) child.stdout.emit('data', Buffer.from(stdout));
    if (stderr) child.stderr.emit('data', Buffer.from(stderr));
    child.emit('spawn');
    child.emit('exit', code);
  });
  parentPort.postMessage({ kind: 'command', id, argv: args.length > 0 ? [command, ...args] : command });
  return child;
}

/** Sleeps until the main thread, which knows the locks of all processes, has answered. */
function askForLock(file, opening, operation) {
  const answer = new SharedArrayBuffer(4);
  parentPort.postMessage({ kind: 'lock', file, opening, operation, answer });
  const result = new Int32Array(answer);
  Atomics.wait(result, 0, 0);
  return result[0] === 1;
}

/** What php-wasm asks its host for; of files that only this process sees it grants every lock itself. */
function bindUserSpace({ FS, wasmImports, errnoCodes }) {
  const held = new Map();
  return {
    flock(fd, operation) {
      const stream = FS.getStream(fd);
      if (stream?.nfd === undefined) return 0;
      const { dev, ino } = fstatSync(stream.nfd);
      const [file, opening] = [`${dev}:${ino}`, `${processId}:${fd}`];
      held.set(fd, file);
      return askForLock(file, opening, operation) ? 0 : -errnoCodes.EWOULDBLOCK;
    },
    fd_close(fd) {
      if (held.has(fd)) askForLock(held.get(fd), `${processId}:${fd}`, LOCK_UN);
      held.delete(fd);
      return wasmImports.builtin_fd_close(fd);
    },
    fcntl64: wasmImports.builtin_fcntl64,
    js_release_file_locks() {
      for (const [fd, file] of held) askForLock(file, `${processId}:${fd}`, LOCK_UN);
      held.clear();
    },
  };
}

const loader = await import(workerData.loaderUrl);
const { dependencyFilename: _wasm, init } = await loader.getPHPLoaderModule();

const output = (kind) => (chunk) => parentPort.postMessage({ kind, bytes: Uint8Array.from(chunk) });

const php = await new Promise((resolve, reject) => {
  const instance = init('NODE', {
    noInitialRun: true,
    processId,
    locateFile: (path) => path,
    instantiateWasm(imports, done) {
      WebAssembly.instantiate(module, imports).then((created) => done(created, module), reject);
      return {};
    },
    onStdout: output('stdout'),
    onStderr: output('stderr'),
    onHeaders: () => undefined,
    print: () => undefined,
    printErr: () => undefined,
    spawnProcess,
    bindUserSpace,
    quit: (_code, error) => {
      throw error;
    },
    onRuntimeInitialized: () => resolve(instance),
  });
});

mountRoot(php.FS);
replaceStdin(php.FS);
php.FS.writeFile('/internal-php.ini', ini);
php.ccall('wasm_set_phpini_path', null, ['string'], ['/internal-php.ini']);
parentPort.postMessage({ kind: 'ready' });

// A spare process waits here until it is told what to run.
const { argv: words, uid } = JSON.parse(Buffer.from(readInput(1_000_000)).toString('utf8'));
for (const word of ['php', '-c', '/internal-php.ini', '-d', `lab.uid=${uid}`, ...words])
  php.ccall('wasm_add_cli_arg', null, ['string'], [word]);

let code = 255;
try {
  code = await php.ccall('run_cli', 'number', [], [], { async: true });
} catch (error) {
  code = typeof error?.status === 'number' ? error.status : 255;
}
parentPort.postMessage({ kind: 'exit', code });
