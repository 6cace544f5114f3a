import { type NatKind, natPath } from '../../../src/config/nat-identity.ts';
import type { Here, Row } from './row.ts';

/** Place of a NAT rule by its description. */
export const idOf = (here: Here, kind: NatKind, description: string) => here.place(natPath(kind), 'descr', description);

/** Deletes one NAT rule. */
export function deletion(kind: NatKind, page: string, description: string, touches: readonly string[]): Row {
  return {
    kind: `nat_${kind}.delete`,
    args: (here) => ({ id: here.nat(kind, description) }),
    touches,
    entry: [natPath(kind), 'descr', description],
    becomes: null,
    page: [page, (here) => ({ act: 'del', id: idOf(here, kind, description) })],
    rules: { lack: [new RegExp(description)] },
    list: [page, {}, description, false],
  };
}
