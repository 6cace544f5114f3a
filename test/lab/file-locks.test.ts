import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FileLocks } from '../../src/lab/php/file-locks.ts';

const [SHARED, EXCLUSIVE, AT_ONCE, FREE] = [1, 2, 4, 8];
const OPENINGS = ['1:5', '1:6', '12:5', '2:5'];

test('nobody has a file beside one who has it alone, and whoever can have it does not wait', async () => {
  const step = fc.record({
    file: fc.constantFrom('a', 'b'),
    opening: fc.constantFrom(...OPENINGS),
    operation: fc.constantFrom(SHARED, EXCLUSIVE, SHARED | AT_ONCE, EXCLUSIVE | AT_ONCE, FREE, 0),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const locks = new FileLocks();
      const held = new Map<string, number>();
      const waiting = new Set<string>();
      for (const { file, opening, operation } of steps) {
        // A process that waits does nothing else.
        if ([...waiting].some((one) => one.endsWith(` ${opening}`))) continue;
        const key = `${file} ${opening}`;
        held.delete(key);
        if (operation === 0) {
          // Its process ends.
          const prefix = `${opening.split(':')[0]}:`;
          for (const one of [...held.keys()]) if (one.split(' ')[1]?.startsWith(prefix)) held.delete(one);
          for (const one of waiting) if (one.split(' ')[1]?.startsWith(prefix)) waiting.delete(one);
          locks.release(prefix);
        } else {
          waiting.add(key);
          void locks.request({ file, opening, operation }).then((isGranted) => {
            waiting.delete(key);
            if (isGranted && operation !== FREE) held.set(key, operation & EXCLUSIVE);
          });
        }
        await settled();
        for (const name of ['a', 'b']) {
          const holders = [...held].filter(([one]) => one.startsWith(name)).map(([, isAlone]) => isAlone);
          if (holders.some((isAlone) => isAlone > 0)) expect(holders).toHaveLength(1);
          if (holders.length === 0) expect([...waiting].filter((one) => one.startsWith(name))).toEqual([]);
        }
      }
    }),
  );
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
