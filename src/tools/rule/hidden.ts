import { z } from 'zod';
import { Counters, type HiddenRule } from './source.ts';

/** A rule of pf that stands in no tab of the GUI. */
export const HiddenView = z.object({
  tracker: z.string().nullable(),
  label: z.string(),
  rule: z.string().describe('As pf prints it'),
  place: z.enum(['before', 'after']).describe('Before or after the first rule of the GUI'),
  counters: Counters.partial(),
});

export function viewHidden({
  tracker,
  label,
  rule,
  isBefore,
  packets,
  states,
}: HiddenRule): z.output<typeof HiddenView> {
  // Label and tracker stand beside it already.
  const text = rule.replace(/ (?:label "[^"]*"|ridentifier \d+)/g, '');
  return { tracker, label, rule: text, place: isBefore ? 'before' : 'after', counters: { packets, states } };
}
