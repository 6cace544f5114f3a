import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** More connections than the listen queue of the blackhole holds. */
const FILLERS = 4;

const LISTENER = `
const { parentPort, workerData } = require('node:worker_threads');
const server = require('node:net').createServer();
server.listen({ host: '127.0.0.1', port: workerData.port, backlog: 1 }, () => {
  parentPort.postMessage('listening');
  setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 5);
});`;

/**
 * A port that swallows SYNs, without privileges: a listener that never accepts and whose queue is full. Linux
 * then drops further SYNs, so a connect hangs as it does behind a firewall that drops.
 */
export class Blackhole {
  readonly #worker: Worker;
  readonly #fillers: Socket[] = [];

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  static async open(port: number): Promise<Blackhole> {
    const worker = new Worker(LISTENER, { eval: true, workerData: { port } });
    await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const hole = new Blackhole(worker);
    for (let count = 0; count < FILLERS; count += 1) hole.#fillers.push(filler(port));
    await new Promise((resolve) => setTimeout(resolve, 20));
    return hole;
  }

  async close(): Promise<void> {
    for (const socket of this.#fillers) socket.destroy();
    await this.#worker.terminate();
  }
}

function filler(port: number): Socket {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  return socket;
}
