import type { AnyAuthMethod, AuthenticationType, Client, NextAuthHandler } from 'ssh2';
import ssh2 from 'ssh2';
import { PfsenseError } from '../core/errors.ts';
import { type Credential, credentialHash, resolveCredentials } from './credentials.ts';
import type { CredentialLatch } from './latch.ts';
import type { SshTarget } from './target.ts';

type Methods = AuthenticationType[] | null;

/** Offers one credential, once; a second only after the server said that the first was right but not enough. */
export class Authentication {
  readonly #target: SshTarget;
  readonly #latch: CredentialLatch;
  readonly #credentials: readonly Credential[];
  #next = 0;
  #hasAskedMethods = false;

  private constructor(target: SshTarget, latch: CredentialLatch, credentials: readonly Credential[]) {
    this.#target = target;
    this.#latch = latch;
    this.#credentials = credentials;
  }

  /**
   * Reads the credentials before anything is sent.
   * @throws PfsenseError `auth_latched` when one of them was refused before, `credential_unusable`.
   */
  static async prepare(target: SshTarget, latch: CredentialLatch): Promise<Authentication> {
    const credentials = await resolveCredentials(target.settings, target.identityFile);
    const prepared = new Authentication(target, latch, credentials);
    if (credentials.some((credential) => latch.isLatched(target.firewall, prepared.#hash(credential)))) {
      throw new PfsenseError('auth_latched', `The credential for ${target.firewall} was refused before.`, {
        phase: 'settings',
      });
    }
    return prepared;
  }

  /** For ssh2: which method to try now. */
  readonly handler = (methods: Methods, isPartial: boolean | null, next: NextAuthHandler): void => {
    const method = this.#nextMethod(methods, isPartial);
    if (method) next(method);
    // ssh2 takes `false` for "nothing left", which its types do not know.
    else Reflect.apply(next, undefined, [false]);
  };

  #nextMethod(methods: Methods, isPartial: boolean | null): AnyAuthMethod | undefined {
    const credential = this.#credentials[this.#next];
    const isRefused = methods !== null && this.#next > 0 && !isPartial;
    if (!credential || isRefused) return undefined;
    if (credential.kind === 'password' && methods === null && !this.#hasAskedMethods) {
      this.#hasAskedMethods = true;
      // The methods are not known yet, and offering a password the wrong way would count as a failure.
      return { type: 'none', username: this.#target.user };
    }
    this.#next += 1;
    return this.#method(credential, methods);
  }

  /** Remembers the refusal, so that this credential is not offered again. */
  refused(): PfsenseError {
    const credential = this.#credentials[Math.max(0, this.#next - 1)];
    if (credential) this.#latch.latch(this.#target.firewall, this.#hash(credential));
    const what = { password: 'password', key: 'key', agent: 'key of the SSH agent' }[credential?.kind ?? 'key'];
    const message = `${this.#target.firewall} refused the ${what} of user ${this.#target.user}.`;
    return new PfsenseError('auth_failed', message, { phase: 'auth' });
  }

  /** Answers the one password prompt of keyboard-interactive; any other dialogue is declined. */
  listen(client: Client): void {
    client.on('keyboard-interactive', (_name, _instructions, _language, prompts, finish) => {
      const credential = this.#credentials[this.#next - 1];
      const isPassword = credential?.kind === 'password' && prompts.length === 1;
      finish(isPassword ? [credential.password] : []);
    });
  }

  #hash(credential: Credential): string {
    return credentialHash(credential, this.#target.user, this.#latch.hashKey());
  }

  #method(credential: Credential, methods: Methods): AnyAuthMethod {
    const username = this.#target.user;
    if (credential.kind === 'key') return { type: 'publickey', username, key: credential.key };
    if (credential.kind === 'agent') return { type: 'agent', username, agent: oneKeyAgent(credential) };
    const isInteractive = methods?.includes('keyboard-interactive') && !methods.includes('password');
    return isInteractive
      ? { type: 'keyboard-interactive', username, prompt: (_n, _i, _l, _p, finish) => finish([credential.password]) }
      : { type: 'password', username, password: credential.password };
  }
}

/** An agent that shows one key only: every further key would be a failed attempt. */
function oneKeyAgent({ agent, publicKey }: Extract<Credential, { kind: 'agent' }>): ssh2.BaseAgent {
  class OneKeyAgent extends ssh2.BaseAgent {
    override getIdentities(callback: ssh2.IdentityCallback): void {
      callback(null, [publicKey]);
    }
    override sign: ssh2.BaseAgent['sign'] = agent.sign.bind(agent);
  }
  return new OneKeyAgent();
}
