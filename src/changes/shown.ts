import { createHash } from 'node:crypto';
import { type ConfigTree, entriesAt, isList, textAt } from '../config/model.ts';
import { redactTree } from '../config/secrets.ts';
import { keysOf } from './kinds/user/keys.ts';

/**
 * Both ends of a change as they may be shown: only what differs, without secrets. A secret that changes stands there as
 * two stand-ins that differ.
 */
export function redactedPair(base: ConfigTree, candidate: ConfigTree): [ConfigTree, ConfigTree] {
  const names = new Set([...entriesAt(base, ''), ...entriesAt(candidate, '')].map(([name]) => name));
  const [before, after] = [new Map(entriesAt(base, '')), new Map(entriesAt(candidate, ''))];
  const differing = [...names].filter((name) => before.get(name) !== after.get(name));
  const interfaces = new Set([...differing, 'interfaces']);
  const shown = (sections: ReadonlyMap<string, ConfigTree>): ConfigTree =>
    Object.fromEntries(
      [...sections].filter(([name]) => interfaces.has(name)).map(([name, tree]) => [name, shownTree(name, tree)]),
    );
  return [shown(before), shown(after)];
}

function shownTree(name: string, tree: ConfigTree): ConfigTree {
  const redacted = redactTree(tree, [name]);
  return name === 'system' ? withFingerprints(tree, redacted) : redacted;
}

/** Public keys are no secrets, and whoever allows a change has to see whose key gets in. */
function withFingerprints(system: ConfigTree, redacted: ConfigTree): ConfigTree {
  const [users, shown] = [entriesAt(system, ''), Object.fromEntries(entriesAt(redacted, ''))];
  const list = users.find(([name]) => name === 'user')?.[1];
  const clean = shown['user'];
  if (list === undefined || clean === undefined || !isList(list) || !isList(clean)) return redacted;
  return {
    ...shown,
    user: clean.map((user, index) => {
      const field = textAt(list[index] ?? '', 'authorizedkeys') ?? '';
      return field === '' ? user : { ...Object(user), authorizedkeys: keysOf(field).map(fingerprint).join(', ') };
    }),
  };
}

/** `ssh-keygen -l` in short: SHA256 of the key, and its comment. */
function fingerprint(line: string): string {
  const [, blob = '', comment = ''] = /(AAAA[A-Za-z0-9+/]+=*)(?:\s+(.*))?$/.exec(line) ?? [];
  const hash = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace(/=+$/, '');
  return comment === '' ? `SHA256:${hash}` : `SHA256:${hash} (${comment})`;
}

/** The call that plans the same changes anew; of the id as much as is enough. */
export function planAgain(id: string): string {
  return `pf_change_plan {"again":"${id.slice(0, 12)}"}`;
}
