import { describe, expect, test } from 'vitest';
import { Lanes } from '../../src/ssh/lanes.ts';

const open = new AbortController().signal;
const soon = (): AbortSignal => AbortSignal.timeout(30);

describe('the lanes of a connection', () => {
  test('hold three reads and never let them take the place of a kill', async () => {
    const lanes = new Lanes();
    for (let i = 0; i < 3; i += 1) await lanes.take('read', open);
    await expect(lanes.take('read', soon())).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(lanes.take('kill', soon())).resolves.toBeTypeOf('function');
  });

  test('give a place that was freed to who waits longest', async () => {
    const lanes = new Lanes();
    const free = await lanes.take('write', open);
    const order: string[] = [];
    const first = lanes.take('write', open).then((release) => {
      order.push('first');
      release();
    });
    const second = lanes.take('write', open).then(() => order.push('second'));
    free();
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
  });

  test('lose no place when a waiter leaves', async () => {
    const lanes = new Lanes();
    const free = await lanes.take('write', open);
    const left = lanes.take('write', soon());
    await expect(left).rejects.toMatchObject({ name: 'TimeoutError' });
    free();
    free();
    await lanes.take('write', soon());
    await expect(lanes.take('write', soon())).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
