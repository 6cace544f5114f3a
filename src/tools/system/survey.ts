import { z } from 'zod';
import { Snapshot } from '../../alan/snapshot.ts';
import { outgoingValue } from '../../core/outlet.ts';
import type { Attention } from './attention.ts';

const Texts = z.record(z.string(), z.string());

/** What one look brings beside the status, to be compared later. */
export const Survey = z.object({
  interfaces: Texts,
  services: Texts.nullable(),
  packages: Texts.nullable(),
  rules: z.int().nullable(),
});

interface Seen {
  readonly version: string;
  readonly survey: z.output<typeof Survey>;
  readonly attention: z.output<typeof Attention>;
  readonly gateways: readonly { readonly name: string; readonly state: string }[] | null;
}

/** The state that is remembered; `at` is ours, in milliseconds since the epoch. */
export function snapshotOf({ version, survey, attention, gateways }: Seen, at: number): Snapshot {
  const { certificatesExpiring: certificates } = attention;
  const snapshot: Snapshot = {
    at,
    version,
    parts: {
      interface: survey.interfaces,
      gateway: gateways && Object.fromEntries(gateways.map(({ name, state }) => [name, state])),
      service: survey.services,
      package: survey.packages,
      certificate:
        certificates &&
        Object.fromEntries(
          certificates.map(({ name, refid, daysLeft }) => [
            `${name} (${refid})`,
            daysLeft < 0 ? 'expired' : 'expiring',
          ]),
        ),
      rules: survey.rules === null ? null : { loaded: String(survey.rules) },
    },
  };
  // What is kept went through this gate, so what is compared with it has to as well.
  return Snapshot.parse(outgoingValue(snapshot));
}
