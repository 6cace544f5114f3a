import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KINDS } from '../../../src/changes/kinds/index.ts';
import { type ConfigTree, isList } from '../../../src/config/model.ts';
import { applied } from './applied.ts';
import { requestsOn } from './requests.ts';
import { sample } from './sample.ts';

const NAMES = Object.getOwnPropertyNames(Object.prototype);
const IDS = KINDS.map(({ id }) => id);

/** Aliases may well be called so, and rules use them. */
const named = NAMES.filter((name) => /^\w+$/.test(name)).map((name) => ({
  kind: 'alias.create',
  args: { name, type: 'host', members: ['192.0.2.1'] },
}));
const base = named.reduce((config: ConfigTree, step) => applied(config, step) ?? config, sample());

/** Some of the texts replaced by names; `turn` tells which. */
function renamed(value: unknown, turn: () => string | undefined): unknown {
  if (typeof value === 'string') return turn() ?? value;
  if (Array.isArray(value)) return value.map((one) => renamed(one, turn));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, renamed(child, turn)]));
}

function isConfig(tree: unknown): boolean {
  if (typeof tree === 'string') return true;
  if (Array.isArray(tree) && isList(tree)) return tree.every(isConfig);
  const isPlain = typeof tree === 'object' && tree !== null && Object.getPrototypeOf(tree) === Object.prototype;
  return isPlain && Object.values(tree).every(isConfig);
}

describe.each(IDS)('%s', (id) => {
  test('takes a name that every object inherits for a name', () => {
    const turns = fc.array(fc.option(fc.constantFrom(...NAMES), { nil: undefined, freq: 3 }), { minLength: 1 });
    fc.assert(
      fc.property(requestsOn(base, id), turns, ({ kind, args }, names) => {
        let at = 0;
        const turn = (): string | undefined => names[at++ % names.length];
        const config = applied(base, { kind, args: Object(renamed(args, turn)) });
        if (config !== undefined) expect(isConfig(config)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
