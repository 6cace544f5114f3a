import type { Draft } from './plan.ts';
import { placesWithoutStep } from './steps.ts';

/** Places that a sentence names. */
const MAX_NAMED = 12;

/** What of a plan is written and not brought into force, as a sentence; none when there is nothing of that. */
export function onlyWritten({ operations }: Pick<Draft, 'operations'>): string[] {
  const places = placesWithoutStep(operations);
  if (places.length === 0) return [];
  const more = places.length > MAX_NAMED ? ` and ${places.length - MAX_NAMED} more` : '';
  return [
    `Only written, as no step is known that brings it into force: ${places.slice(0, MAX_NAMED).join(', ')}${more}. ` +
      'It counts once pfSense sets that part up anew, at the latest after a reboot.',
  ];
}
