import { appendFileSync } from 'node:fs';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import ssh2, { type AuthContext, type Connection, type ParsedKey, type Session } from 'ssh2';
import type { AuthAttempt } from './host.ts';
import { serveMenu } from './menu.ts';
import { runCommandLine, type ShellParts } from './shell.ts';
import { isUser, USERS } from './users.ts';

/** sshd's default. */
const MAX_SESSIONS = 10;

export interface LabServerParts extends Omit<ShellParts, 'uid'> {
  readonly hostKey: string;
  readonly clientKey: ParsedKey;
}

/** The SSH server of the lab. */
export function createSshServer(parts: LabServerParts, attempts: AuthAttempt[]): TcpServer {
  const server = new ssh2.Server({ hostKeys: [parts.hostKey], ident: 'OpenSSH_9.7' }, (client) =>
    serve(client, parts, attempts),
  );
  // Without this every small answer waits for the delayed acknowledgement of the one before.
  return createTcpServer({ noDelay: true }, (socket) => server.injectSocket(socket));
}

function serve(client: Connection, parts: LabServerParts, attempts: AuthAttempt[]): void {
  let uid: number = USERS.operator.uid;
  let sessions = 0;
  client.on('error', () => undefined);
  client.on('authentication', (context) => {
    const isAccepted = accepts(context, parts.clientKey);
    note(context, isAccepted, parts.root, attempts);
    uid = isUser(context.username) ? USERS[context.username].uid : uid;
    if (isAccepted) context.accept();
    else context.reject(['publickey', 'password', 'keyboard-interactive']);
  });
  client.on('session', (accept, reject) => {
    if (sessions >= MAX_SESSIONS) {
      reject();
      return;
    }
    sessions += 1;
    const session = accept();
    session.on('close', () => {
      sessions -= 1;
    });
    serveSession(session, { ...parts, uid });
  });
}

function serveSession(session: Session, parts: ShellParts): void {
  session.on('exec', (accept, _reject, { command }) => {
    const channel = accept();
    channel.on('error', () => undefined);
    runCommandLine(command, channel, parts);
  });
  session.on('pty', (accept) => accept?.());
  session.on('shell', (accept) => serveMenu(accept()));
}

function accepts(context: AuthContext, clientKey: ParsedKey): boolean {
  if (!isUser(context.username)) return false;
  if (context.method === 'password') return context.password === USERS[context.username].password;
  if (context.method !== 'publickey' || context.username === 'operator') return false;
  const isKnown = context.key.data.equals(clientKey.getPublicSSH());
  if (!isKnown || !context.signature || !context.blob) return isKnown;
  return clientKey.verify(context.blob, context.signature, context.hashAlgo) === true;
}

/** `none` only asks for the methods, and a key without signature only asks whether it would do. */
function note(context: AuthContext, isAccepted: boolean, root: string, attempts: AuthAttempt[]): void {
  const isQuestion = context.method === 'none' || (context.method === 'publickey' && !context.signature && isAccepted);
  if (isQuestion) return;
  attempts.push({ user: context.username, method: context.method, isAccepted });
  const what = isAccepted ? 'Accepted' : 'Failed';
  const line = `${new Date().toUTCString().slice(8, 11)} 24 00:00:00 lab-fw sshd[700]: ${what} ${context.method} for ${context.username} from 127.0.0.1 port 0 ssh2\n`;
  appendFileSync(join(root, 'var/log/auth.log'), line);
}
