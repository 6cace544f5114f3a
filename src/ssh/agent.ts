import ssh2, { type BaseAgent, type IdentityCallback, type ParsedKey } from 'ssh2';
import { PfsenseError } from '../core/errors.ts';
import { fingerprint } from './known-hosts.ts';

/**
 * The agent of SSH_AUTH_SOCK reduced to one key, because every further key it offered would be a failed attempt.
 * @param wanted `SHA256:…` of the key; without it the agent has to hold exactly one.
 * @throws PfsenseError `credential_unusable`.
 */
export async function oneKeyOfAgent(wanted: string | undefined) {
  const socket = process.env['SSH_AUTH_SOCK'];
  if (!socket) throw unusable('No key, no password and no SSH agent is configured.');
  const agent = ssh2.createAgent(socket);
  const keys = await identities(agent);
  const fitting = keys.filter((key) => wanted === undefined || fingerprint(key.getPublicSSH()) === wanted);
  const [publicKey] = fitting;
  if (!publicKey) throw unusable('The SSH agent does not hold the wanted key, or holds no key.');
  if (fitting.length > 1) throw unusable('The SSH agent holds several keys; name the one to offer in agentKey.');
  return { agent: new OneKeyAgent(agent, publicKey), publicKey };
}

class OneKeyAgent extends ssh2.BaseAgent {
  override readonly sign: BaseAgent['sign'];
  readonly #publicKey: ParsedKey;

  constructor(agent: BaseAgent, publicKey: ParsedKey) {
    super();
    this.sign = agent.sign.bind(agent);
    this.#publicKey = publicKey;
  }

  override getIdentities(callback: IdentityCallback): void {
    callback(null, [this.#publicKey]);
  }
}

function identities(agent: BaseAgent): Promise<ParsedKey[]> {
  return new Promise((resolve, reject) => {
    agent.getIdentities((error, keys) => {
      if (error) reject(unusable('The SSH agent does not answer.', error));
      else resolve((keys ?? []).filter(isParsedKey));
    });
  });
}

/** ssh2's types promise other things here than its agent gives. */
function isParsedKey(key: unknown): key is ParsedKey {
  return typeof key === 'object' && key !== null && 'getPublicSSH' in key;
}

function unusable(message: string, cause?: unknown): PfsenseError {
  return new PfsenseError('credential_unusable', message, { phase: 'settings', cause });
}
