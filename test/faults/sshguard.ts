interface Rule {
  readonly points: number;
  readonly line: RegExp;
}

/**
 * Lines of sshd that sshguard takes for an attack, and what each is worth: ten points, but two for a connection
 * that was closed or reset before authentication (since 2.3; a goodbye before authentication still counts ten).
 */
const RULES: readonly Rule[] = [
  { points: 2, line: /^Connection (?:closed|reset) by .*\[preauth\]/ },
  { points: 10, line: /^Failed (?!none)\S+ for .+ from \S+ port \d+/ },
  { points: 10, line: /error: PAM: [Aa]uthentication (?:error|failure) for .+ from / },
  { points: 10, line: /maximum authentication attempts exceeded for .+ from / },
  { points: 10, line: /^User .+ from \S+ not allowed because / },
  { points: 10, line: /^ROOT LOGIN REFUSED FROM / },
  { points: 10, line: /^Did not receive identification string from / },
  { points: 10, line: /^(?:Bad protocol version identification|banner exchange: Connection from .+: invalid format)/ },
  { points: 10, line: /^Disconnected from .*\[preauth\]/ },
  { points: 10, line: /^Unable to negotiate with .+ no matching .+ found/ },
  { points: 10, line: /Timeout before authentication for / },
];

/** Points that these lines of an auth log are worth. */
export function attackPoints(log: string): number {
  return attackLines(log).reduce((sum, line) => sum + pointsOf(line), 0);
}

/** The messages that count, without their date. */
export function attackLines(log: string): string[] {
  const messages = log.split('\n').map((line) => line.replace(/^.*?sshd(?:-session)?\[\d+\]: /, ''));
  return messages.filter((message) => pointsOf(message) > 0);
}

function pointsOf(message: string): number {
  return RULES.find(({ line }) => line.test(message))?.points ?? 0;
}
