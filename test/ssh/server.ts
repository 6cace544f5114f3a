import { type AddressInfo, connect as connectTcp } from 'node:net';
import ssh2, { type AuthContext, type Connection, type ServerChannel } from 'ssh2';
import type { FirewallSettings } from '../../src/core/settings.ts';
import { type ConnectOptions, connect, type SshConnection } from '../../src/ssh/connection.ts';
import { fingerprint } from '../../src/ssh/known-hosts.ts';
import { memoryLatch } from '../../src/ssh/latch.ts';
import { resolveTarget } from '../../src/ssh/target.ts';

export interface ServerBehaviour {
  /** Private host keys in OpenSSH's format; default a new one. */
  readonly hostKeys?: readonly string[];
  /** Default: everybody may in. */
  readonly authenticate?: (context: AuthContext, client: Connection) => void;
  readonly exec?: (channel: ServerChannel, command: string) => void;
  readonly refusesExec?: true;
  /** Whether it connects further, as a jump host does. */
  readonly forwards?: true;
}

/** An SSH server of a test: what it does, and what it saw. */
export interface TestServer {
  readonly settings: FirewallSettings;
  /** Names of the authentication methods that were asked for. */
  readonly methods: string[];
  /** Logins that ended with a goodbye (SSH_MSG_DISCONNECT), which sshguard counts before authentication. */
  goodbyes(): number;
  connections(): number;
  close(): Promise<void>;
}

/** A new key pair; about one in two hundred that ssh2 makes is malformed, and so not used. */
export function newKey(type: 'ed25519' | 'rsa' = 'ed25519'): ReturnType<typeof ssh2.utils.generateKeyPairSync> {
  const pair =
    type === 'rsa' ? ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }) : ssh2.utils.generateKeyPairSync('ed25519');
  return ssh2.utils.parseKey(pair.private) instanceof Error ? newKey(type) : pair;
}

/** `SHA256:…` of a key in OpenSSH's format. */
export function printOf(key: string): string {
  return fingerprint(publicBytes(key));
}

export function publicBytes(key: string): Buffer {
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error) throw parsed;
  return parsed.getPublicSSH();
}

export async function startServer(behaviour: ServerBehaviour = {}): Promise<TestServer> {
  const hostKeys = [...(behaviour.hostKeys ?? [newKey().private])];
  const methods: string[] = [];
  let goodbyes = 0;
  let connections = 0;
  const clients = new Set<Connection>();
  const debug = (text: string): void => {
    if (text.includes('Received DISCONNECT')) goodbyes += 1;
  };
  const server = new ssh2.Server({ hostKeys, debug }, (client) => {
    connections += 1;
    clients.add(client);
    client.on('close', () => void clients.delete(client));
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      methods.push(context.method);
      if (behaviour.authenticate) behaviour.authenticate(context, client);
      else context.accept();
    });
    client.on('session', (accept) => serveExec(accept(), behaviour));
    if (behaviour.forwards) client.on('tcpip', forward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    settings: {
      host: '127.0.0.1',
      port,
      user: 'root',
      password: 'right',
      hostKey: firstPrint(hostKeys),
      sshConfig: false,
    },
    methods,
    goodbyes: () => goodbyes,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const client of clients) client.end();
      }),
  };
}

function forward(accept: () => ServerChannel, reject: () => void, { destIP, destPort }: ssh2.TcpipRequestInfo): void {
  const socket = connectTcp(destPort, destIP);
  socket.once('connect', () => {
    const channel = accept();
    channel.on('error', () => undefined);
    channel.pipe(socket).pipe(channel);
  });
  socket.once('error', () => reject());
}

function firstPrint([key]: readonly string[]): string {
  return printOf(key ?? '');
}

function serveExec(session: ssh2.Session, { exec, refusesExec }: ServerBehaviour): void {
  session.on('exec', (accept, reject, { command }) => {
    if (refusesExec) return reject();
    const channel = accept();
    channel.on('error', () => undefined);
    exec?.(channel, command);
  });
}

export async function login(settings: FirewallSettings, options: Partial<ConnectOptions> = {}): Promise<SshConnection> {
  const target = await resolveTarget('fw', settings);
  return connect(target, { latch: memoryLatch(), signal: AbortSignal.timeout(5_000), ...options });
}
