import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { candidateOf } from '../../../src/changes/candidate.ts';
import { KINDS } from '../../../src/changes/kinds/index.ts';
import { type ConfigTree, isList } from '../../../src/config/model.ts';
import { PfsenseError } from '../../../src/core/errors.ts';
import { requestsOn } from './requests.ts';
import { OCCASION, sample } from './sample.ts';

const NAMES = Object.getOwnPropertyNames(Object.prototype);
const IDS = KINDS.map(({ id }) => id);

/** Aliases may well be called so, and rules use them. */
const named = NAMES.filter((name) => /^\w+$/.test(name)).map((name) => ({
  kind: 'alias.create',
  args: { name, type: 'host', members: ['192.0.2.1'] },
}));
const base = named.reduce((config: ConfigTree, step) => appliedTo(config, step) ?? config, sample());

function appliedTo(config: ConfigTree, step: { kind: string; args: unknown }): ConfigTree | undefined {
  try {
    return candidateOf(config, [{ kind: step.kind, args: Object(step.args) }], KINDS, OCCASION).config;
  } catch (error) {
    if (error instanceof PfsenseError && error.code !== 'internal') return undefined;
    throw error;
  }
}

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
        const config = appliedTo(base, { kind, args: renamed(args, turn) });
        if (config !== undefined) expect(isConfig(config)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
