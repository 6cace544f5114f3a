import type { VpnLogLine } from './log-snippet.ts';

export interface Transitions {
  readonly ups: number;
  readonly downs: number;
  /** Seconds since the epoch. */
  readonly lastDown: number | null;
}

type Change = { readonly at: number | null; readonly isUp: boolean; readonly id: string };

/**
 * How often a tunnel came up and went down in these lines. A new key is no flap: of IPsec every association is followed
 * by its number, and a tunnel is down when the last of them is gone.
 */
export function transitionsOf(log: 'openvpn' | 'ipsec', lines: readonly VpnLogLine[]): Transitions {
  const alive = new Set<string>();
  let isUp: boolean | undefined;
  let [ups, downs]: [number, number] = [0, 0];
  let lastDown: number | null = null;
  for (const line of lines) {
    const change = log === 'ipsec' ? ikeChange(line) : openVpnChange(line);
    if (!change) continue;
    if (change.isUp) alive.add(change.id);
    else alive.delete(change.id);
    const isNowUp = alive.size > 0;
    // Of what was before the log begins, only an end tells.
    if (isNowUp === isUp || (isUp === undefined && isNowUp === false && change.isUp)) continue;
    if (isNowUp) ups++;
    else {
      downs++;
      lastDown = change.at;
    }
    isUp = isNowUp;
  }
  return { ups, downs, lastDown };
}

function openVpnChange({ text, at }: VpnLogLine): Change | undefined {
  if (/Initialization Sequence Completed/.test(text)) return { at, isUp: true, id: 'tunnel' };
  if (/Inactivity timeout|Connection reset, restarting|SIG(?:USR1|TERM|HUP|INT)\[/.test(text))
    return { at, isUp: false, id: 'tunnel' };
  return undefined;
}

function ikeChange({ text, at }: VpnLogLine): Change | undefined {
  const up = /IKE_SA [\w-]+\[(\d+)\] (?:established|rekeyed) between/.exec(text);
  if (up?.[1]) return { at, isUp: true, id: up[1] };
  const closed = /(?:deleting|received DELETE for) IKE_SA [\w-]+\[(\d+)\]/.exec(text);
  const silent = /<[\w-]+\|(\d+)> (?:giving up after|sending DPD request timed out|DPD check timed out)/.exec(text);
  const id = closed?.[1] ?? silent?.[1];
  return id === undefined ? undefined : { at, isUp: false, id };
}
