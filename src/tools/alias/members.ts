import { type AddressBlock, contains, readBlock } from '../../config/address-block.ts';
import { type ConfigTree, listAt, textAt } from '../../config/model.ts';
import { redactLeaf } from '../../config/secrets.ts';

/** Where these texts stand; what is hidden there is hidden here. */
const DETAIL = ['aliases', 'alias', 'detail'];
const LIST = ['aliases', 'alias', 'url'];

/** An alias as the configuration has it. */
export interface Alias {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly members: readonly string[];
  /** Description of each member, in the order of the members. */
  readonly details: readonly string[];
  readonly urls: readonly string[];
}

export function readAlias(raw: ConfigTree): Alias {
  const urls = [textAt(raw, 'url'), ...listAt(raw, 'aliasurl').map((url) => (typeof url === 'string' ? url : ''))];
  return {
    name: textAt(raw, 'name') ?? '',
    type: textAt(raw, 'type') ?? '',
    description: textAt(raw, 'descr') ?? '',
    // The address of a downloaded list stands here too, with the key it may carry.
    members: words(textAt(raw, 'address')).filter((word) => !word.includes('://')),
    details: (textAt(raw, 'detail') ?? '').split('||').map((text) => redactLeaf(text, DETAIL)),
    urls: urls.flatMap((url) => (url ? [redactLeaf(withoutSecrets(url), LIST)] : [])),
  };
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

/** Addresses of lists often carry a key in their query or a login before the host. */
function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//‹login›@').replace(/\?.*$/, '?‹query›');
}

export interface Resolved {
  /** Members that are not aliases themselves, of all nesting levels. */
  readonly members: readonly string[];
  /** Aliases that were met on the way. */
  readonly nested: readonly string[];
}

/** All members of an alias with nested aliases resolved; a loop is walked once. */
export function resolveMembers(alias: Alias, all: ReadonlyMap<string, Alias>): Resolved {
  const nested = new Set<string>();
  const members = new Set<string>();
  const waiting: Alias[] = [alias];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const member of next.members) {
      const inner = all.get(member);
      if (inner === undefined) members.add(member);
      else if (inner.name !== alias.name && !nested.has(inner.name)) {
        nested.add(inner.name);
        waiting.push(inner);
      }
    }
  }
  return { members: [...members], nested: [...nested] };
}

/** The members that hold an address or network as a whole. */
export function membersHolding(members: readonly string[], wanted: AddressBlock): string[] {
  return members.filter((member) => {
    const block = readBlock(member);
    return block !== undefined && contains(block, wanted);
  });
}

/** Whether a member is a name that filterdns looks up, neither an address nor a port. */
export function isHostName(member: string): boolean {
  return readBlock(member) === undefined && !/^\d+([:-]\d+)?$/.test(member);
}
