import { readdirSync, readFileSync } from 'node:fs';

export interface SystemProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly argv: readonly string[];
}

/** Every process below `ancestor`, as Linux's /proc shows them; zombies have an empty `argv`. */
export function descendantsOf(ancestor: number): SystemProcess[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)));
  const found: SystemProcess[] = [];
  for (let parents = new Set([ancestor]); parents.size > 0; ) {
    const children = all.filter(({ parent }) => parents.has(parent));
    found.push(...children);
    parents = new Set(children.map(({ pid }) => pid));
  }
  return found;
}

function readProcess(pid: number): SystemProcess[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, parent = '0', group = '0'] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    return [{ pid, parent: Number(parent), group: Number(group), argv }];
  } catch {
    // It ended between the two looks.
    return [];
  }
}
