import { describe, expect, it } from 'vitest';
import { PfSyntaxError, tokenize } from './pf-lexer.ts';

const texts = (source: string): string[] =>
  tokenize(source)
    .filter(({ kind }) => kind !== 'newline' && kind !== 'end')
    .map(({ text }) => text);

describe('tokens of a rules file', () => {
  it('splits words and symbols as pf does', () => {
    expect(texts('pass in from !10.0.0.0/8 to { a, <t> } port 79 >< 91 -> fe80::1%em0')).toEqual(
      'pass in from ! 10.0.0.0 / 8 to { a , < t > } port 79 >< 91 -> fe80::1%em0'.split(' '),
    );
  });

  it('keeps a range in one word and a range of addresses in three', () => {
    expect(texts('1024:65535 10.0.0.1 - 10.0.0.9')).toEqual(['1024:65535', '10.0.0.1', '-', '10.0.0.9']);
  });

  it('reads the text of a macro again, macros inside too', () => {
    expect(texts('a = "{ 80 443 }"\nb = "$a 22"\nport $b')).toEqual(['port', '{', '80', '443', '}', '22']);
  });

  it('takes a macro from the definition before it, not after it', () => {
    expect(texts('a = "1"\n$a\na = "2"\n$a')).toEqual(['1', '2']);
    expect(() => tokenize('$a\na = "1"')).toThrow(PfSyntaxError);
  });

  it('does not replace a macro inside quotes of a rule, and leaves comments out', () => {
    expect(texts('label "costs $a # 1" # label "x"')).toEqual(['label', 'costs $a # 1']);
  });

  it('continues a line behind a backslash', () => {
    expect(tokenize('pass \\\n in').filter(({ kind }) => kind === 'newline')).toEqual([]);
  });

  it('counts lines of the file, not those of macros', () => {
    expect(tokenize('a = "x"\n\n$a\npass').find(({ text }) => text === 'pass')?.line).toBe(4);
  });

  it.each(['pass in $', 'label "open', 'a = ', 'a = { 1 }'])('refuses %j', (source) => {
    expect(() => tokenize(source)).toThrow(PfSyntaxError);
  });
});
