import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeRequest, FrameDecoder } from '../../src/ssh/frames.ts';

const NONCE = 'a1b2c3';

function frame(json: string): Buffer {
  const bytes = Buffer.from(json);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  return Buffer.concat([Buffer.from(`\u001e${NONCE} ${bytes.length} ${hash}\n`), bytes, Buffer.from('\n')]);
}

/** The same bytes in pieces of the given sizes. */
function pieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const parts: Buffer[] = [];
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    parts.push(bytes.subarray(at, at + size));
    at += size;
  }
  return parts;
}

describe('the decoder of reply frames', () => {
  test('finds the frames however the stream is cut and whatever stands around them', () => {
    const noise = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(fc.tuple(noise, fc.json())), fc.array(fc.integer({ min: 1, max: 20 })), (parts, sizes) => {
        // A noise that ends in the prefix itself would be a header, and is as unlikely as guessing the nonce.
        const stream = Buffer.concat(parts.flatMap(([before, json]) => [before, frame(json)]));
        const decoder = new FrameDecoder(NONCE);
        const found = pieces(stream, sizes).flatMap((piece) => decoder.push(piece));
        expect(found).toEqual(parts.map(([, json]) => json));
      }),
    );
  });

  test('keeps what stands outside of frames, up to a bound', () => {
    const decoder = new FrameDecoder(NONCE);
    decoder.push(Buffer.from('Warning: something\n'));
    decoder.push(frame('{}'));
    decoder.push(Buffer.alloc(100_000, 'x'));
    expect(decoder.stray).toMatch(/^Warning: something\n/);
    expect(decoder.stray.length).toBeLessThanOrEqual(16_384);
  });

  test('ignores frames with another nonce', () => {
    const decoder = new FrameDecoder('other');
    expect(decoder.push(frame('{}'))).toEqual([]);
  });

  test.each([
    ['a changed byte', () => Buffer.from(frame('{"a":1}').toString('latin1').replace('1}', '2}'), 'latin1')],
    ['a header that is none', () => Buffer.from(`\u001e${NONCE} x y\n`)],
    ['a header without end', () => Buffer.from(`\u001e${NONCE} ${'1'.repeat(100)}`)],
  ])('refuses %s', (_name, bytes) => {
    expect(() => new FrameDecoder(NONCE).push(bytes())).toThrow(expect.objectContaining({ code: 'bad_reply' }));
  });

  test('refuses a frame that announces too many bytes before they arrive', () => {
    const decoder = new FrameDecoder(NONCE, 10);
    expect(() => decoder.push(Buffer.from(`\u001e${NONCE} 11 00000000\n`))).toThrow(
      expect.objectContaining({ code: 'reply_too_large' }),
    );
  });
});

test('a request is its length in bytes and its JSON', () => {
  expect(encodeRequest({ a: 'ä' }).toString()).toBe('10\n{"a":"ä"}');
});

test('a lone half of a surrogate pair is replaced, a whole pair is kept', () => {
  expect(encodeRequest({ a: '\ud800', b: '\ude00\ud83d', c: '\ud83d\ude00' }).toString()).toContain(
    '{"a":"�","b":"��","c":"😀"}',
  );
});
