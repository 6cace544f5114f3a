import { own } from '../core/own.ts';
import { type Identified, identified } from './identity.ts';
import { type ConfigSection, type ConfigTree, isList } from './model.ts';
import { type Move, movesOf } from './moves.ts';
import { labelOf } from './object-label.ts';
import { sectionOf } from './update.ts';

/** One field of an object that differs; `null` stands for absent. */
export interface FieldChange {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What happened to one object between two configurations. */
export interface ObjectChange {
  readonly change: 'added' | 'removed' | 'changed';
  /** What people call it: `rule 'Allow DNS' on LAN`. */
  readonly object: string;
  /** Its section and, within a list, its identity: `filter/rule/1700000001`. */
  readonly path: string;
  /** Places in its list as the GUI counts them, from 1, when it changed its order relative to others. */
  readonly moved?: Move;
  readonly fields: readonly FieldChange[];
}

/** Said by the revisions themselves rather than by what they change. */
const NOT_COMPARED = new Set(['revision', 'lastchange']);

/**
 * The changes that lead from one configuration to another, object by object and in the order of the document.
 * Redact both before: values are repeated.
 */
export function diffConfigs(before: ConfigTree, after: ConfigTree): ObjectChange[] {
  const [a, b] = [sectionOf(before), sectionOf(after)];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => !NOT_COMPARED.has(name));
  const scope = { before, after };
  return names.flatMap((name) => diffSection(own(a, name), own(b, name), [name], scope));
}

interface Scope {
  readonly before: ConfigTree;
  readonly after: ConfigTree;
}

type Maybe = ConfigTree | undefined;

/** Looks for lists of objects; what lies between them belongs to the section itself. */
function diffSection(a: Maybe, b: Maybe, path: readonly string[], scope: Scope): ObjectChange[] {
  if (same(a, b)) return [];
  if (isObjects(a) || isObjects(b)) return diffList(itemsOf(a), itemsOf(b), path, scope);
  if (!isSection(a) && !isSection(b)) return [sectionChange(path, [fieldChange('', a, b)])];
  const own: FieldChange[] = [];
  const deeper: ObjectChange[] = [];
  const [left, right] = [sectionOf(a), sectionOf(b)];
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const [x, y] = [left[name], right[name]];
    if (same(x, y)) continue;
    if (isSection(x) || isSection(y) || isObjects(x) || isObjects(y))
      deeper.push(...diffSection(x, y, [...path, name], scope));
    else own.push(fieldChange(name, x, y));
  }
  return own.length === 0 ? deeper : [sectionChange(path, own, changeKind(a, b)), ...deeper];
}

function sectionChange(
  path: readonly string[],
  fields: readonly FieldChange[],
  change: ObjectChange['change'] = 'changed',
): ObjectChange {
  const isSingle = fields.length === 1 && fields[0]?.field === '';
  const name = path.at(-1) ?? '';
  return isSingle
    ? {
        change,
        object: path.slice(0, -1).join(' ') || name,
        path: path.join('/'),
        fields: fields.map((field) => ({ ...field, field: name })),
      }
    : { change, object: path.join(' '), path: path.join('/'), fields };
}

function diffList(
  a: readonly ConfigTree[],
  b: readonly ConfigTree[],
  path: readonly string[],
  scope: Scope,
): ObjectChange[] {
  const where = path.join('/');
  const [before, after] = [identified(a, where), identified(b, where)];
  const old = new Map(before.map((entry) => [entry.identity, entry]));
  const present = new Set(after.map(({ identity }) => identity));
  const moves = movesOf(before, after, where);
  const removed = before
    .filter(({ identity }) => !present.has(identity))
    .map((entry) => objectChange('removed', entry, where, scope.before, fieldsOf(entry.item, undefined)));
  const others = after.flatMap((entry) => {
    const was = old.get(entry.identity);
    if (!was) return [objectChange('added', entry, where, scope.after, fieldsOf(undefined, entry.item))];
    const moved = moves.get(entry.identity);
    const fields = fieldsOf(was.item, entry.item);
    if (fields.length === 0 && !moved) return [];
    return [{ ...objectChange('changed', entry, where, scope.after, fields), ...(moved ? { moved } : {}) }];
  });
  return [...removed, ...others];
}

function objectChange(
  change: ObjectChange['change'],
  { identity, item }: Identified,
  where: string,
  config: ConfigTree,
  fields: readonly FieldChange[],
): ObjectChange {
  return { change, object: labelOf(item, where, config), path: `${where}/${identity}`, fields };
}

/** Every leaf that differs within an object, by its path in it. */
function fieldsOf(a: Maybe, b: Maybe, prefix = ''): FieldChange[] {
  if (same(a, b)) return [];
  if (!isSection(a) && !isSection(b)) return [fieldChange(prefix, a, b)];
  const [left, right] = [sectionOf(a), sectionOf(b)];
  // A leaf that gave way to a section, or the other way round, is a field of its own.
  const own = [a, b].some((side) => typeof side === 'string' && side !== '')
    ? [fieldChange(prefix, leafOf(a), leafOf(b))]
    : [];
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [
    ...own,
    ...[...names].flatMap((name) => fieldsOf(left[name], right[name], prefix === '' ? name : `${prefix}/${name}`)),
  ];
}

function leafOf(tree: Maybe): Maybe {
  return isSection(tree) ? undefined : tree;
}

function fieldChange(field: string, before: Maybe, after: Maybe): FieldChange {
  return { field, before: shown(before), after: shown(after) };
}

function shown(tree: Maybe): string | null {
  if (tree === undefined) return null;
  if (typeof tree === 'string') return tree;
  return isList(tree) && tree.every((item) => typeof item === 'string') ? tree.join(', ') : JSON.stringify(tree);
}

function changeKind(a: Maybe, b: Maybe): ObjectChange['change'] {
  if (a === undefined) return 'added';
  return b === undefined ? 'removed' : 'changed';
}

function isSection(tree: Maybe): tree is ConfigSection {
  return tree !== undefined && typeof tree !== 'string' && !isList(tree);
}

/** A list that holds objects; lists of texts are fields. */
function isObjects(tree: Maybe): boolean {
  return (
    tree !== undefined && typeof tree !== 'string' && isList(tree) && tree.some((item) => typeof item !== 'string')
  );
}

function itemsOf(tree: Maybe): readonly ConfigTree[] {
  return tree !== undefined && typeof tree !== 'string' && isList(tree) ? tree : [];
}

function same(a: Maybe, b: Maybe): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
