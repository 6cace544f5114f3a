import { createServer, type Server as TcpServer } from 'node:net';
import ssh2, { type Client, type ClientChannel, type Connection, type ServerChannel, type Session } from 'ssh2';
import { flood, type Line, type OutputMoment, pass } from './line.ts';

/** What the SSH server does wrong. */
export type SessionFault =
  | 'auth stall'
  | 'auth reject'
  | 'host key changed'
  | 'max sessions'
  | 'exec unanswered'
  | 'never exits'
  | 'child holds stdout'
  | 'stdout flood'
  | 'stderr flood'
  | 'silent start'
  | 'program missing'
  | 'ends without status'
  | 'noise before output';

export interface Login {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly privateKey: string;
}

export interface RelayOptions {
  /** The real firewall behind. */
  readonly box: Login;
  readonly hostKey: string;
  /** Shown instead of `hostKey` by the fault of that name. */
  readonly otherHostKey: string;
  /** The only password it takes. */
  readonly password: string;
}

/** sshd's own limit. */
const MAX_SESSIONS = 10;

/** Faults that concern commands leave the remote kill alone: a box that can start nothing is `max sessions`. */
const isKill = (command: string): boolean => command.includes('read g;');

/**
 * An SSH server that passes every command on to the firewall behind it, unless a fault says otherwise.
 * It knows the moments that a TCP proxy cannot see: a request is on its way, the first output has come.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #server: TcpServer;
  #fault: SessionFault | undefined;
  #onRequest: (() => void) | undefined;
  #onOutput: OutputMoment | undefined;
  #attempts = 0;
  #channels = 0;

  private constructor(options: RelayOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (socket) => {
      const server = new ssh2.Server({ hostKeys: [this.#hostKey()], ident: 'OpenSSH_9.7' }, (front) =>
        this.#serve(front),
      );
      socket.on('error', () => undefined);
      server.injectSocket(socket);
    });
  }

  static async open(options: RelayOptions): Promise<Relay> {
    const relay = new Relay(options);
    await new Promise<void>((resolve) => relay.#server.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** Credentials offered since the last `heal`, right or wrong. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Command channels that are open now. */
  get channels(): number {
    return this.#channels;
  }

  meet(fault: SessionFault): void {
    this.#fault = fault;
  }

  /** Calls `strike` once, when the client asks for something next. */
  atRequest(strike: () => void): void {
    this.#onRequest = strike;
  }

  /** Calls `strike` once, when the first half of the next output has left. */
  atOutput(strike: OutputMoment): void {
    this.#onOutput = strike;
  }

  heal(): void {
    this.#fault = undefined;
    this.#onRequest = undefined;
    this.#onOutput = undefined;
    this.#attempts = 0;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #hostKey(): string {
    return this.#fault === 'host key changed' ? this.#options.otherHostKey : this.#options.hostKey;
  }

  #serve(front: Connection): void {
    const back = this.#connectBack();
    let sessions = 0;
    front.on('error', () => undefined);
    front.on('close', () => back.then((client) => client.destroy()).catch(() => undefined));
    front.on('authentication', (context) => {
      if (context.method === 'none') return context.reject(['password']);
      this.#attempts += 1;
      if (this.#fault === 'auth stall') return;
      const isRight = context.method === 'password' && context.password === this.#options.password;
      if (isRight && this.#fault !== 'auth reject') context.accept();
      else context.reject(['password']);
    });
    front.on('session', (accept, reject) => {
      this.#requested();
      if (sessions >= MAX_SESSIONS || this.#fault === 'max sessions') return reject();
      sessions += 1;
      const session = accept();
      session.on('close', () => {
        sessions -= 1;
      });
      this.#serveSession(session, back);
    });
  }

  #serveSession(session: Session, back: Promise<Client>): void {
    session.on('exec', (accept, _reject, { command }) => {
      const fault = isKill(command) ? undefined : this.#fault;
      if (fault === 'exec unanswered') return;
      const front = accept();
      this.#channels += 1;
      front.on('close', () => {
        this.#channels -= 1;
      });
      front.on('error', () => undefined);
      void back.then((client) => this.#forward(front, client, command, fault)).catch(() => front.close());
    });
  }

  #forward(front: ServerChannel, client: Client, command: string, fault: SessionFault | undefined): void {
    const line: Line = {
      front,
      onRequest: () => this.#requested(),
      takeOutputMoment: () => {
        const moment = isKill(command) ? undefined : this.#onOutput;
        if (moment) this.#onOutput = undefined;
        return moment;
      },
    };
    if (fault === 'program missing') {
      front.exit(127);
      front.end();
    } else if (fault === 'stdout flood' || fault === 'stderr flood') {
      flood(fault === 'stdout flood' ? front : front.stderr, () => run(client, command, front, line, undefined));
    } else {
      run(client, command, front, line, fault);
    }
  }

  #requested(): void {
    const strike = this.#onRequest;
    this.#onRequest = undefined;
    strike?.();
  }

  #connectBack(): Promise<Client> {
    const client = new ssh2.Client();
    const ready = new Promise<Client>((resolve, reject) => {
      client.once('ready', () => resolve(client));
      client.on('error', reject);
      client.once('close', () => reject(new Error('closed')));
    });
    ready.catch(() => undefined);
    client.connect(this.#options.box);
    client.setNoDelay(true);
    return ready;
  }
}

function run(client: Client, command: string, front: ServerChannel, line: Line, fault: SessionFault | undefined): void {
  client.exec(command, (error: Error | undefined, back: ClientChannel) => {
    if (error) front.close();
    else pass(back, line, fault);
  });
}
