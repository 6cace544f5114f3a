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

const Client = z.object({
  user: z.string().describe('Name of the user, else the identity of the device'),
  from: z.string(),
  addresses: z.array(z.string()),
  state: z.string(),
  establishedSeconds: z.int().nullable(),
  inBytes: z.int(),
  outBytes: z.int(),
});

export const IpsecRow = z.object({
  id: z.string(),
  name: z.string(),
  remoteGateway: z.string(),
  state: z
    .string()
    .nullable()
    .describe('ESTABLISHED, CONNECTING, not connected, disabled, listening (for mobile clients); null: could not look'),
  peer: z.string().optional(),
  establishedSeconds: z.int().nullable().optional(),
  tunnels: z.array(Child),
  connected: z.int().nullable().optional(),
  connections: z.array(Client).nullable().optional().describe('Mobile clients'),
});
type IpsecRow = z.output<typeof IpsecRow>;
type Phase = VpnFacts['ipsec']['phase1'][number];

/** Configured phase 1 entries, each with its phase 2 entries, and what the daemon says of both. */
export function ipsecRows({ ipsec }: VpnFacts): IpsecRow[] {
  const live = ipsec.sas === null ? undefined : readVici(ipsec.sas);
  return ipsec.phase1.map((phase1) => {
    const phase2 = ipsec.phase2.filter((entry) => text(entry, 'ikeid') === text(phase1, 'ikeid'));
    const mine = live?.filter(([name]) => isOf(name, phase1)).map(([, sa]) => sa);
    return phase1.mobile ? mobileRow(phase1, phase2, mine) : peerRow(phase1, phase2, mine);
  });
}

type Sas = readonly Vici[] | undefined;

function peerRow(phase1: Phase, phase2: readonly Phase[], sas: Sas): IpsecRow {
  // During a rekey the old one is still there: what is up tells how the tunnel is.
  const best = bestOf(sas, 'ESTABLISHED');
  const children = sas?.flatMap(childrenOf);
  return {
    id: text(phase1, 'ikeid'),
    name: text(phase1, 'descr'),
    remoteGateway: text(phase1, 'remote-gateway'),
    state: stateOf(phase1.disabled, sas === undefined, best),
    ...(best
      ? {
          peer: [textOf(best, 'remote-host'), textOf(best, 'remote-id')].filter(Boolean).join(' '),
          establishedSeconds: numberOf(textOf(best, 'established')),
        }
      : {}),
    tunnels: phase2.map((entry) => tunnelOf(entry, phase1.disabled, children)),
  };
}

/** All mobile clients use one connection, so each has an association of that name, with children for every phase 2. */
function mobileRow(phase1: Phase, phase2: readonly Phase[], sas: Sas): IpsecRow {
  const children = sas?.flatMap(childrenOf);
  const state = (isDisabled: boolean): string | null =>
    stateOf(isDisabled || phase1.disabled, sas === undefined, bestOf(children, 'INSTALLED'));
  return {
    id: text(phase1, 'ikeid'),
    name: text(phase1, 'descr'),
    remoteGateway: 'mobile clients',
    state: phase1.disabled ? 'disabled' : sas ? 'listening' : null,
    tunnels: phase2.map((entry) => ({
      name: text(entry, 'descr'),
      local: text(entry, 'local'),
      remote: 'mobile clients',
      state: state(entry.disabled),
      inBytes: null,
      outBytes: null,
    })),
    connected: sas?.length ?? null,
    connections: sas?.map(clientOf) ?? null,
  };
}

function clientOf(sa: Vici): z.output<typeof Client> {
  const sum = (name: string): number =>
    childrenOf(sa).reduce((total, child) => total + (numberOf(textOf(child, name)) ?? 0), 0);
  return {
    user: textOf(sa, 'remote-eap-id') || textOf(sa, 'remote-xauth-id') || textOf(sa, 'remote-id') || '',
    from: textOf(sa, 'remote-host') ?? '',
    addresses: textsOf(sa, 'remote-vips'),
    state: textOf(sa, 'state') ?? 'unknown',
    establishedSeconds: numberOf(textOf(sa, 'established')),
    inBytes: sum('bytes-in'),
    outBytes: sum('bytes-out'),
  };
}

/** pfSense calls connections `con` and the id of the phase 1, and the one for mobile clients con-mobile. */
function isOf(name: string, phase1: Phase): boolean {
  const id = text(phase1, 'ikeid');
  return phase1.mobile ? name === 'con-mobile' : name === `con${id}` || name.startsWith(`con${id}_`);
}

function tunnelOf(phase2: Phase, isDisabled: boolean, children: Sas) {
  const mine = children?.filter((child) => isChildOf(child, phase2));
  const fitting = mine?.filter((child) =>
    textsOf(child, 'remote-ts')
      .map(plain)
      .includes(plain(text(phase2, 'remote'))),
  );
  const best = bestOf(fitting?.length ? fitting : mine, 'INSTALLED');
  return {
    name: text(phase2, 'descr'),
    local: (best && textsOf(best, 'local-ts').join(' ')) || text(phase2, 'local'),
    remote: (best && textsOf(best, 'remote-ts').join(' ')) || text(phase2, 'remote'),
    state: stateOf(phase2.disabled || isDisabled, children === undefined, best),
    inBytes: best ? numberOf(textOf(best, 'bytes-in')) : null,
    outBytes: best ? numberOf(textOf(best, 'bytes-out')) : null,
  };
}

/**
 * By its name, as pfSense does it: a child of one phase 2 carries that one's reqid in its name, one without carries all
 * phase 2 entries of its phase 1 (IKEv2 without splitting). The reqid inside is strongSwan's own count.
 */
function isChildOf(child: Vici, phase2: Phase): boolean {
  const connection = `con${text(phase2, 'ikeid')}`;
  return [connection, `${connection}_${text(phase2, 'reqid')}`].includes(textOf(child, 'name') ?? '');
}

/** A host is written with and without the length of its prefix. */
function plain(network: string): string {
  return network.replace(network.includes(':') ? /\/128$/ : /\/32$/, '');
}

function childrenOf(sa: Vici): Vici[] {
  return sectionsOf(sectionOf(sa, 'child-sas')).map(([, child]) => child);
}

function bestOf(sas: Sas, state: string): Vici | undefined {
  return sas?.find((sa) => textOf(sa, 'state') === state) ?? sas?.[0];
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
