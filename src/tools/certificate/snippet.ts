import { z } from 'zod';
import { type ConfigTree, entriesAt, isList, listAt, textAt } from '../../config/model.ts';
import { wallMs } from '../../core/clock.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';

const Item = z.object({
  refid: z.string(),
  descr: z.string(),
  type: z.string(),
  caref: z.string(),
  /** PEM in base64; empty for a request that was never signed. */
  crt: z.string(),
  serial: z.string(),
  hasKey: z.boolean(),
  isRequest: z.boolean(),
});
export type CertificateItem = z.output<typeof Item>;

const Revoked = z.object({ refid: z.string(), caref: z.string(), crt: z.string(), serial: z.string() });
const RevocationList = z.object({
  refid: z.string(),
  descr: z.string(),
  caref: z.string(),
  isImported: z.boolean(),
  revoked: z.array(Revoked),
});
export type RevocationList = z.output<typeof RevocationList>;

const Use = z.object({ refid: z.string(), path: z.string(), label: z.string() });
export type Use = z.output<typeof Use>;

export const CertificateFacts = z.object({
  authorities: z.array(Item),
  certificates: z.array(Item),
  lists: z.array(RevocationList),
  uses: z.array(Use),
  now: z.int(),
});

/** Everything public about certificates; the configuration alone says it all. */
export const certificateList = defineSnippet({
  id: 'certificate/list',
  effect: 'read',
  complexity: 'firewall',
  input: z.strictObject({}),
  output: CertificateFacts,
  fromConfig(config) {
    const [authorities, certificates] = [listAt(config, 'ca').map(readItem), listAt(config, 'cert').map(readItem)];
    const known = new Set([...authorities, ...certificates].map(({ refid }) => refid));
    return {
      authorities,
      certificates,
      lists: listAt(config, 'crl').map(readList),
      uses: entriesAt(config, '')
        .filter(([section]) => !['ca', 'cert', 'crl'].includes(section))
        .flatMap(([section, child]) => usesIn(child, section, '', known)),
      now: Math.floor(wallMs() / 1000),
    };
  },
});

function readItem(entry: ConfigTree): CertificateItem {
  const text = (key: string): string => textAt(entry, key) ?? '';
  return {
    refid: text('refid'),
    descr: text('descr'),
    type: text('type'),
    caref: text('caref'),
    crt: text('crt'),
    serial: text('serial'),
    hasKey: text('prv') !== '',
    isRequest: text('csr') !== '' && text('crt') === '',
  };
}

function readList(entry: ConfigTree): RevocationList {
  const text = (from: ConfigTree, key: string): string => textAt(from, key) ?? '';
  const revoked = listAt(entry, 'cert').map((item) => ({
    refid: text(item, 'refid'),
    caref: text(item, 'caref'),
    crt: text(item, 'crt'),
    serial: text(item, 'serial'),
  }));
  return {
    refid: text(entry, 'refid'),
    descr: text(entry, 'descr'),
    caref: text(entry, 'caref'),
    isImported: text(entry, 'text') !== '' && revoked.length === 0,
    revoked,
  };
}

const LABELS = ['name', 'description', 'descr', 'zone'];

function usesIn(tree: ConfigTree, path: string, label: string, known: ReadonlySet<string>): Use[] {
  if (typeof tree === 'string') return known.has(tree) ? [{ refid: tree, path, label }] : [];
  const children = isList(tree) ? [...tree.entries()] : Object.entries(tree);
  const own = isList(tree) ? undefined : LABELS.map((key) => textAt(tree, key)).find((text) => text);
  return children.flatMap(([key, child]) => usesIn(child, `${path}/${key}`, own ?? label, known));
}
