import { nearestName } from '../../core/names.ts';
import { type Occasion, refused } from '../kind.ts';
import { accountNames } from '../supplies.ts';
import { merged } from './accounts.ts';

/** pfSense leads people to the page of their first privilege after they log in. */
const FIRST: readonly string[] = ['page-dashboard-all', 'page-system-login-logout'];

/**
 * The privileges that somebody is to have, in pfSense's order; those that are there already need not be known any more,
 * as a package that brought them may be gone.
 * @throws PfsenseError `bad_input`
 */
export function privilegesOf(old: readonly string[], wanted: readonly string[], occasion: Occasion): readonly string[] {
  const known = accountNames(occasion).privileges;
  const unknown = wanted.find((name) => !known.includes(name) && !old.includes(name));
  if (unknown !== undefined) {
    const nearest = nearestName(unknown, known);
    throw refused(
      `privileges: this firewall knows no privilege ${unknown}.`,
      nearest === undefined ? 'Names are as page-status-services or user-shell-access.' : `Did you mean ${nearest}?`,
    );
  }
  return merged(old, wanted);
}

/** The order that pfSense's page of a user saves. */
export function firstThingsFirst(privileges: readonly string[]): readonly string[] {
  const first = privileges.filter((name) => FIRST.includes(name));
  return [...first, ...privileges.filter((name) => !FIRST.includes(name))];
}
