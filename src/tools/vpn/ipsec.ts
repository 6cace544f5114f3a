import { z } from 'zod';
import type { VpnFacts } from './snippet.ts';
import { readVici, sectionOf, sectionsOf, textOf, textsOf, type Vici } from './vici.ts';

const Child = z.object({
  name: z.string(),
  local: z.string(),
  remote: z.string(),
  state: z.string().nullable().describe('INSTALLED: traffic can flow; not connected; disabled'),
  inBytes: z.int().nullable(),
  outBytes: z.int().nullable(),
});

export const IpsecRow = z.object({
  id: z.string(),
  name: z.string(),
  remoteGateway: z.string(),
  state: z.string().nullable().describe('ESTABLISHED, CONNECTING, not connected, disabled; null: could not look'),
  peer: z.string().optional(),
  establishedSeconds: z.int().nullable().optional(),
  tunnels: z.array(Child),
});
type IpsecRow = z.output<typeof IpsecRow>;
type Phase = VpnFacts['ipsec']['phase1'][number];

/** Configured phase 1 entries, each with its phase 2 entries, and what the daemon says of both. */
export function ipsecRows({ ipsec }: VpnFacts): IpsecRow[] {
  const live = ipsec.sas === null ? undefined : sectionsOf(readVici(ipsec.sas));
  return ipsec.phase1.map((phase1) => {
    const id = text(phase1, 'ikeid');
    // Several at a time are normal: old ones live on during a rekey, mobile clients have one each.
    const mine = live?.filter(([name]) => isOf(name, id, phase1.mobile)).map(([, sa]) => sa);
    const best = mine?.find((sa) => textOf(sa, 'state') === 'ESTABLISHED') ?? mine?.[0];
    const children = mine?.flatMap((sa) => sectionsOf(sectionOf(sa, 'child-sas')).map(([, child]) => child));
    return {
      id,
      name: text(phase1, 'descr'),
      remoteGateway: phase1.mobile ? 'mobile clients' : text(phase1, 'remote-gateway'),
      state: stateOf(phase1.disabled, live === undefined, best),
      ...(best
        ? {
            peer: [textOf(best, 'remote-host'), textOf(best, 'remote-id')].filter(Boolean).join(' '),
            establishedSeconds: numberOf(textOf(best, 'established')),
          }
        : {}),
      tunnels: ipsec.phase2
        .filter((phase2) => text(phase2, 'ikeid') === id)
        .map((phase2) => childOf(phase2, phase1.disabled, children)),
    };
  });
}

/** Connections are called con1, con1_2 (of one phase 2) or con-mobile; old versions wrote con1000 for the first. */
function isOf(name: string, id: string, isMobile: boolean): boolean {
  if (isMobile) return name === 'con-mobile' || name === `con${id}`;
  return name === `con${id}` || name.startsWith(`con${id}_`) || name === `con${id}000`;
}

function childOf(phase2: Phase, isDisabled: boolean, children: readonly Vici[] | undefined) {
  const mine = children?.filter((child) => isChildOf(child, phase2));
  const best = mine?.find((child) => textOf(child, 'state') === 'INSTALLED') ?? mine?.[0];
  return {
    name: text(phase2, 'descr'),
    local: (best && textsOf(best, 'local-ts').join(' ')) || text(phase2, 'local'),
    remote: (best && textsOf(best, 'remote-ts').join(' ')) || text(phase2, 'remote'),
    state: stateOf(phase2.disabled || isDisabled, children === undefined, best),
    inBytes: best ? numberOf(textOf(best, 'bytes-in')) : null,
    outBytes: best ? numberOf(textOf(best, 'bytes-out')) : null,
  };
}

/** One child SA may carry several phase 2 entries (IKEv2 without splitting), so its traffic selectors count too. */
function isChildOf(child: Vici, phase2: Phase): boolean {
  const remote = text(phase2, 'remote');
  return (
    textOf(child, 'reqid') === text(phase2, 'reqid') || (remote !== '' && textsOf(child, 'remote-ts').includes(remote))
  );
}

function stateOf(isDisabled: boolean, isUnknown: boolean, sa: Vici | undefined): string | null {
  if (isDisabled) return 'disabled';
  if (isUnknown) return null;
  return sa ? (textOf(sa, 'state') ?? 'unknown') : 'not connected';
}

function text(phase: Phase, key: string): string {
  return String(phase[key] ?? '');
}

function numberOf(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : null;
}
