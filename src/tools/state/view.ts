import { z } from 'zod';
import { optional } from '../rule/endpoint.ts';
import type { State } from './source.ts';

const Both = z.object({ sent: z.int(), received: z.int() });

/** One entry of the state table, told from the side that opened the connection. */
export const StateView = z.object({
  on: z.string().describe('Interface and direction of the first packet'),
  protocol: z.string(),
  source: z.string(),
  sourceBeforeNat: z.string().optional(),
  destination: z.string(),
  destinationBeforeNat: z.string().optional(),
  state: z.string().describe('As pf prints it; for in the destination comes first'),
  ageSeconds: z.int().nullable(),
  expiresSeconds: z.int().nullable(),
  bytes: Both.nullable(),
  packets: Both.nullable().optional(),
  rule: z.string().nullable().describe('Description and tracker; null: the rule is not loaded any more or not known'),
  gateway: z.string().optional(),
  device: z.string().optional(),
  id: z.string().optional(),
});
export type StateView = z.output<typeof StateView>;

export function viewState(state: State, detail: 'concise' | 'detailed'): StateView {
  const { rule } = state;
  return {
    on: `${state.interface} ${state.direction}`,
    protocol: state.protocol,
    source: state.source,
    ...optional('sourceBeforeNat', state.sourceBefore ?? undefined),
    destination: state.destination,
    ...optional('destinationBeforeNat', state.destinationBefore ?? undefined),
    state: state.status,
    ageSeconds: state.age,
    expiresSeconds: state.expires,
    bytes: state.bytes,
    rule: rule === null ? null : [rule.description, rule.tracker].filter((part) => part).join(' #'),
    ...optional('gateway', state.gateway ?? undefined),
    ...(detail === 'detailed'
      ? { packets: state.packets, device: state.device, ...optional('id', state.id ?? undefined) }
      : {}),
  };
}
