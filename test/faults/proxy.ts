import { connect, createServer, type Server, type Socket } from 'node:net';
import { Blackhole } from './blackhole.ts';
import { Flow, type FlowMode } from './flow.ts';

/** What meets a client that connects. */
export type AcceptFault =
  | 'refused'
  | 'blackhole'
  | 'silent'
  | 'banner only'
  | 'slow banner'
  | 'web server'
  | 'noise'
  | 'endless preamble'
  | 'reset on accept'
  | 'max startups'
  | 'kex stall';

/** What happens to connections that exist. */
export type StreamFault = 'stall' | 'fin' | 'rst' | 'corrupt' | 'drip' | 'drop replies' | 'drop requests';

const BANNER = 'SSH-2.0-OpenSSH_9.7\r\n';

/** Bytes of the server that pass before a `kex stall`: its banner and half of its KEXINIT. */
const KEX_STALL_BYTES = 300;

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly up: Flow;
  readonly down: Flow;
}

/** A TCP proxy on 127.0.0.1 in front of any SSH server, with faults that can be switched on at any moment. */
export class FaultProxy {
  readonly #target: number;
  readonly #pairs = new Set<Pair>();
  readonly #strays = new Set<Socket>();
  #server: Server | undefined;
  #hole: Blackhole | undefined;
  #fault: AcceptFault | undefined;
  #port = 0;
  #accepted = 0;

  private constructor(target: number) {
    this.#target = target;
  }

  /** Listens on a free port and passes everything on to `target`. */
  static async open(target: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await proxy.#listen();
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  /** Connections that clients hold now. */
  get connections(): number {
    return [...this.#pairs].filter(({ client }) => !client.destroyed).length + this.#strays.size;
  }

  /** Connections that clients made since the last `heal`. */
  get accepted(): number {
    return this.#accepted;
  }

  /** From now on this meets every client; the connections that exist are cut. */
  async meet(fault: AcceptFault): Promise<void> {
    this.#fault = fault;
    this.cutAll();
    if (fault !== 'refused' && fault !== 'blackhole') return;
    await this.#deafen();
    if (fault === 'blackhole') this.#hole = await Blackhole.open(this.#port);
  }

  /** Does this to every connection that exists. */
  strike(fault: StreamFault): void {
    for (const pair of this.#pairs) strike(pair, fault);
  }

  cutAll(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
    for (const socket of this.#strays) socket.destroy();
    this.#pairs.clear();
  }

  /** Ends all faults and all connections. */
  async heal(): Promise<void> {
    this.#fault = undefined;
    this.#accepted = 0;
    this.cutAll();
    await this.#hole?.close();
    this.#hole = undefined;
    if (!this.#server) await this.#listen();
  }

  async close(): Promise<void> {
    this.cutAll();
    await this.#hole?.close();
    await this.#deafen();
  }

  async #listen(): Promise<void> {
    const server = createServer({ noDelay: true }, (client) => this.#accept(client));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    const address = server.address();
    this.#port = typeof address === 'object' && address ? address.port : this.#port;
    this.#server = server;
  }

  async #deafen(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  #accept(client: Socket): void {
    this.#accepted += 1;
    client.on('error', () => undefined);
    const act = this.#fault === undefined ? undefined : GREETINGS[this.#fault];
    if (act) {
      this.#strays.add(client);
      client.on('close', () => this.#strays.delete(client));
      client.resume();
      act(client);
    } else {
      this.#join(client);
    }
  }

  #join(client: Socket): void {
    const server = connect({ host: '127.0.0.1', port: this.#target, noDelay: true });
    server.on('error', () => client.destroy());
    const pair = { client, server, up: new Flow(client, server), down: new Flow(server, client) };
    this.#pairs.add(pair);
    // Where a direction is stalled or dropped, neither side learns that the other is gone, as on a cut cable.
    client.on('close', () => {
      if (pair.up.isOpen) server.destroy();
      if (pair.up.isOpen) this.#pairs.delete(pair);
    });
    server.on('close', () => pair.down.isOpen && client.destroy());
    if (this.#fault === 'kex stall') pair.down.stallAfter(KEX_STALL_BYTES);
  }
}

/** Faults that need no server behind. */
const GREETINGS: Partial<Record<AcceptFault, (client: Socket) => void>> = {
  silent: () => undefined,
  'banner only': (client) => void client.write(BANNER),
  'slow banner': (client) => every(client, 200, (turn) => BANNER.charAt(turn)),
  'web server': (client) => client.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n<html></html>\r\n'),
  noise: (client) => void client.write(Buffer.from(Array.from({ length: 2_000 }, (_, at) => (at * 37) % 251))),
  'endless preamble': (client) => every(client, 5, () => 'Welcome to a machine with much to say.\r\n'),
  'reset on accept': (client) => void client.resetAndDestroy(),
  'max startups': (client) => void client.end('Not allowed at this time\r\n'),
};

function every(client: Socket, ms: number, text: (turn: number) => string): void {
  let turn = 0;
  const timer = setInterval(() => {
    client.write(text(turn));
    turn += 1;
  }, ms);
  client.on('close', () => clearInterval(timer));
}

const MODES: Partial<Record<StreamFault, { up?: FlowMode; down?: FlowMode }>> = {
  stall: { up: 'stall', down: 'stall' },
  corrupt: { down: 'corrupt' },
  drip: { down: 'drip' },
  'drop replies': { down: 'drop' },
  'drop requests': { up: 'drop' },
};

function strike({ client, server, up, down }: Pair, fault: StreamFault): void {
  const modes = MODES[fault];
  if (modes?.up) up.mode = modes.up;
  if (modes?.down) down.mode = modes.down;
  if (fault === 'fin') client.end();
  if (fault === 'rst') client.resetAndDestroy();
  if (fault === 'fin' || fault === 'rst') server.destroy();
}
