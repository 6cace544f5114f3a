import { type ConfigTree, entriesAt, isList } from '../../../config/model.ts';
import { isSecretPath } from '../../../config/secrets.ts';
import { refused } from '../../kind.ts';
import { meets, ownersOf } from '../owners.ts';
import type { Place } from './place.ts';

/** Places that nothing may be written to by their path, with the reason. */
const FORBIDDEN: readonly (readonly [path: string, because: string])[] = [
  ...['revision', 'version', 'lastchange'].map((path) => [path, 'pfSense writes it itself'] as const),
  ...['cert', 'ca', 'crl'].map((path) => [path, 'it holds private keys and what vouches for them'] as const),
  ['system/authserver', 'it decides who gets in, and holds a secret'],
  ...['system/proxyurl', 'system/proxyport'].map((path) => [path, 'a password is sent there'] as const),
];

/**
 * Whether a place may be changed by its path: none that has a kind of its own, none that is or stands beside a secret.
 * @throws PfsenseError `bad_input`
 */
export function checkPlace({ names, path, around }: Place): void {
  const owners = ownersOf(names);
  if (owners !== undefined)
    throw refused(
      `path: ${names.join('/')} has kinds of its own.`,
      `Use ${owners}; or name a part of it that has none.`,
    );
  const forbidden = FORBIDDEN.find(([one]) => meets(one.split('/'), names));
  if (forbidden) throw refused(`path: ${names.join('/')} cannot be changed by its path: ${forbidden[1]}.`, IN_GUI);
  if (isSecretPath(names)) throw refused(`path: ${names.join('/')} is a secret.`, IN_GUI);
  // Where a server is changed and the password for it kept, that password goes to another one.
  const parent = around.at(-1);
  if (path.length > 1 && names[0] !== 'system' && parent !== undefined && hasOwnSecret(parent, names))
    throw refused(`path: beside ${names.join('/')} stands a secret, which could get elsewhere by this.`, IN_GUI);
}

const IN_GUI = 'Change it in the GUI of pfSense.';

function hasOwnSecret(section: ConfigTree, names: readonly string[]): boolean {
  const around = names.slice(0, -1);
  return entriesAt(section, '').some(([name, child]) => isFilled(child) && isSecretPath([...around, name]));
}

/** Whether a part of the configuration holds a secret anywhere. */
export function holdsSecret(tree: ConfigTree | undefined, names: readonly string[]): boolean {
  if (tree === undefined) return false;
  if (typeof tree === 'string') return tree !== '' && isSecretPath(names);
  if (isList(tree)) return tree.some((item) => holdsSecret(item, names));
  return Object.entries(tree).some(([name, child]) => holdsSecret(child, [...names, name]));
}

function isFilled(tree: ConfigTree): boolean {
  return typeof tree !== 'string' || tree !== '';
}
