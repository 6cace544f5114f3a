import type { AnyAuthMethod, AuthenticationType, NextAuthHandler } from 'ssh2';
import { PfsenseError } from '../core/errors.ts';
import { type Credential, credentialHash, resolveCredentials } from './credentials.ts';
import type { CredentialLatch } from './latch.ts';
import type { SshTarget } from './target.ts';

type Methods = readonly AuthenticationType[] | null;

/** Offers one credential, once; a second only after the server said that the first was right but not enough. */
export class Authentication {
  readonly #target: SshTarget;
  readonly #latch: CredentialLatch;
  readonly #credentials: readonly Credential[];
  #offered = 0;
  #hasAskedMethods = false;
  #hasAnswered = false;

  private constructor(target: SshTarget, latch: CredentialLatch, credentials: readonly Credential[]) {
    this.#target = target;
    this.#latch = latch;
    this.#credentials = credentials;
  }

  /**
   * Reads the credentials before anything is sent.
   * @throws PfsenseError `auth_latched` when they were refused before, `credential_unusable`.
   */
  static async prepare(target: SshTarget, latch: CredentialLatch, signal: AbortSignal): Promise<Authentication> {
    const credentials = await resolveCredentials(target.settings, target.identityFile, signal);
    const prepared = new Authentication(target, latch, credentials);
    if (latch.isLatched(target.firewall, prepared.#hash())) {
      throw new PfsenseError('auth_latched', `The credential for ${target.label} was refused before.`, {
        phase: 'settings',
      });
    }
    return prepared;
  }

  get hasOffered(): boolean {
    return this.#offered > 0;
  }

  /** For ssh2: which method to try now. When nothing is left `onEnd` hears why, and ssh2 nothing. */
  handler(onEnd: (failure: PfsenseError) => void) {
    return (methods: Methods, isPartial: boolean | null, next: NextAuthHandler): void => {
      const isRefused = this.#offered > 0 && !isPartial;
      const method = isRefused ? undefined : this.#nextMethod(methods);
      if (method) next(method);
      else if (this.#offered === 0) onEnd(this.#keysOnly());
      else onEnd(this.#endOf(methods, isPartial));
    };
  }

  /** Remembers the refusal, so that these credentials are not offered again. */
  refused(): PfsenseError {
    this.#latch.latch(this.#target.firewall, this.#hash());
    const kind = this.#credentials[Math.max(0, this.#offered - 1)]?.kind ?? 'key';
    const what = { password: 'password', key: 'key', agent: 'key of the SSH agent' }[kind];
    const message = `${this.#target.label} refused the ${what} of user ${this.#target.user}.`;
    return new PfsenseError('auth_failed', message, { phase: 'auth' });
  }

  #endOf(methods: Methods, isPartial: boolean | null): PfsenseError {
    if (methods === null) {
      return new PfsenseError('credential_unusable', 'The key could not be used for signing.', { phase: 'auth' });
    }
    if (!isPartial) return this.refused();
    this.#latch.latch(this.#target.firewall, this.#hash());
    return new PfsenseError('auth_failed', `${this.#target.label} accepted the key and wants a password as well.`, {
      phase: 'auth',
      hint: 'Add the password to the settings (`passwordCommand`); the firewall asks for key and password.',
    });
  }

  #keysOnly(): PfsenseError {
    const message = `${this.#target.label} takes no password, so none was offered.`;
    const hint = 'Set `privateKey` or use an SSH agent; System > Advanced > Secure Shell decides what is taken.';
    return new PfsenseError('credential_unusable', message, { phase: 'auth', hint });
  }

  #nextMethod(methods: Methods): AnyAuthMethod | undefined {
    const credential = this.#credentials[this.#offered];
    if (!credential) return undefined;
    const username = this.#target.user;
    if (credential.kind === 'password' && methods === null && !this.#hasAskedMethods) {
      this.#hasAskedMethods = true;
      // The methods are not known yet, and offering a password the wrong way would count as a failure.
      return { type: 'none', username };
    }
    if (credential.kind === 'password' && methods && !takesPasswords(methods)) return undefined;
    this.#offered += 1;
    if (credential.kind === 'key') return { type: 'publickey', username, key: credential.key };
    if (credential.kind === 'agent') return { type: 'agent', username, agent: credential.agent };
    return this.#passwordMethod(credential.password, methods);
  }

  #passwordMethod(password: string, methods: Methods): AnyAuthMethod {
    const username = this.#target.user;
    const isInteractive = methods?.includes('keyboard-interactive') && !methods.includes('password');
    if (!isInteractive) return { type: 'password', username, password };
    return {
      type: 'keyboard-interactive',
      username,
      // One prompt, answered once: a second is about something else, such as a new password.
      prompt: (_name, _instructions, _language, prompts, finish) => {
        const isPassword = prompts.length === 1 && !this.#hasAnswered;
        this.#hasAnswered = true;
        finish(isPassword ? [password] : prompts.map(() => ''));
      },
    };
  }

  #hash(): string {
    const { user, host, port } = this.#target;
    return credentialHash(this.#credentials, `${user}\0${host}\0${port}`, this.#latch.hashKey());
  }
}

function takesPasswords(methods: readonly AuthenticationType[]): boolean {
  return methods.includes('password') || methods.includes('keyboard-interactive');
}
