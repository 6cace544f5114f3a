import { PfsenseError } from '../core/errors.ts';
import { holdsPseudonym } from '../core/pseudonym.ts';

/**
 * A stand-in for a secret is no value: as an argument it would be searched for, or one day be written in the place of the
 * secret.
 * @throws PfsenseError `bad_input` that names the argument.
 */
export function refuseStandIns(args: unknown): void {
  const place = placeOf(args, []);
  if (place === undefined) return;
  const [name] = place;
  throw new PfsenseError('bad_input', `${isPlain(name) ? name : 'An argument'}: a stand-in for a secret is no value.`, {
    phase: 'input',
    hint: 'Values like ‹…:3f9a01› only show which secrets are equal. Search by name or path instead.',
  });
}

/** Names and indexes that lead to the first stand-in. */
function placeOf(value: unknown, path: readonly string[]): readonly string[] | undefined {
  if (typeof value === 'string') return holdsPseudonym(value) ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, child] of Object.entries(value)) {
    if (holdsPseudonym(name)) return path;
    const found = placeOf(child, [...path, name]);
    if (found) return found;
  }
  return undefined;
}

function isPlain(name: string | undefined): name is string {
  return name !== undefined && /^\w{1,40}$/.test(name);
}
