/** Splits a command line as sh would, quotes included; no expansion, as the lab's PHP sends plain words only. */
export function splitCommand(line: string): string[] {
  const words = line.match(/(?:[^\s'"\\]|'[^']*'|"(?:[^"\\]|\\.)*"|\\.)+/gs) ?? [];
  return words.map((word) =>
    word.replace(
      /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
      (_whole, single, double, plain) =>
        single ?? (double === undefined ? plain : double.replace(/\\([\\"$`])/g, '$1')),
    ),
  );
}
