import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Beside, openBeside, PLACES } from '../crash/beside.ts';
import { IS_LAB, LAB_PHP } from './target.ts';

/** Calls from one that is tried to the next; `npm run test:crash -- --beside` tries them all. */
const STRIDE = 6;

// Only the lab with PHP of this machine can be stopped at a call.
describe.runIf(IS_LAB && LAB_PHP === 'native')(
  'somebody else who saves while a program of a change stands still',
  () => {
    let stage: Awaited<ReturnType<typeof openBeside>>;
    beforeAll(async () => {
      stage = await openBeside();
    });
    afterAll(() => stage.close());

    test.each(PLACES)(
      'loses nothing, and the change is whole or gone or said to be overwritten: $tier, $phase',
      async (place) => {
        const found: Beside[] = [];
        for (let call = 1; found.at(-1)?.met !== null; call += STRIDE) found.push(await stage.run(place, call));
        expect(found.filter(({ problems }) => problems.length > 0)).toEqual([]);
        expect(found.length).toBeGreaterThan(1);
      },
      600_000,
    );
  },
);
