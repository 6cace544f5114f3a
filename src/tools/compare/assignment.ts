import { entriesAt, textAt, treeAt } from '../../config/model.ts';
import { type Findings, NOTHING } from './carp.ts';
import type { Node } from './facts.ts';

/**
 * Rules, DHCP and VIPs name interfaces by their key, so opt1 has to be the same network on both nodes. The device below it
 * matters to copied states alone.
 */
export function assignmentFindings(a: Node, b: Node): Findings {
  const ids = [...new Set([a, b].flatMap(({ config }) => entriesAt(config, 'interfaces').map(([id]) => id)))];
  const blockers = ids.flatMap((id) => {
    const [mine, theirs] = [nameOf(a, id), nameOf(b, id)];
    if (mine === undefined || theirs === undefined)
      return [`Interface ${id} is assigned on ${(mine === undefined ? b : a).name} only.`];
    if (mine.toLowerCase() === theirs.toLowerCase()) return [];
    return [
      `Interface ${id} is ${mine} on ${a.name} and ${theirs} on ${b.name}: rules would apply to another network.`,
    ];
  });
  const warnings = ids.flatMap((id) => {
    const [mine, theirs] = [a, b].map(({ config }) => textAt(config, `interfaces/${id}/if`));
    const isOther = mine !== undefined && theirs !== undefined && mine !== theirs;
    return isOther
      ? [`${id} is the device ${mine} on ${a.name} and ${theirs} on ${b.name}: copied states may not match.`]
      : [];
  });
  return { ...NOTHING, blockers, warnings };
}

function nameOf({ config }: Node, id: string): string | undefined {
  const path = `interfaces/${id}`;
  return treeAt(config, path) === undefined ? undefined : textAt(config, `${path}/descr`) || id.toUpperCase();
}
