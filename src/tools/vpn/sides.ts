import type { VpnLogLine } from './log-snippet.ts';

interface Statement {
  readonly about: string;
  readonly line: RegExp;
}

/** Lines in which a daemon writes down what the other end wants. */
const STATEMENTS: readonly Statement[] = [
  { about: 'proposals', line: /received proposals: (.+)$/ },
  { about: 'networks', line: /traffic selectors (.+?) (?:unacceptable|inacceptable)/ },
  { about: 'identifier', line: /looking for peer configs matching (.+)$/ },
  { about: 'ciphers', line: /client supports ciphers? '([^']+)'/ },
  { about: 'ciphers', line: /peer info: IV_CIPHERS=(\S+)/ },
  { about: 'version', line: /peer info: IV_VER=(\S+)/ },
  { about: 'setting', line: /WARNING: '[\w-]+' is (?:used )?inconsistently, (local='.*', remote='.*')/ },
];

const MOST = 6;

/** The last of each kind that the other end said. */
export function sidesOf(lines: readonly VpnLogLine[]): string[] {
  const said = STATEMENTS.flatMap(({ about, line }) => {
    const found = lines.findLast(({ text }) => line.test(text));
    const value = found && line.exec(found.text)?.[1];
    return value ? [`${about}: ${value.slice(0, 300)}`] : [];
  });
  return [...new Set(said)].slice(0, MOST);
}
