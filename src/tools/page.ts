import { z } from 'zod';
import { PfsenseError } from '../core/errors.ts';

/** Arguments of every list. */
export const pageInput = {
  limit: z.int().min(1).max(200).default(25).describe('Most items to return'),
  cursor: z.string().max(40).optional().describe('Where to go on, from the previous answer'),
};

/** Part of every list's answer; `cursor` is there when something was left out. */
export const pageOutput = {
  total: z.int(),
  shown: z.int(),
  cursor: z.string().optional(),
};

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** The part of a list that was asked for, and how to get the next one. */
export function pageOf<T>(items: readonly T[], request: PageRequest) {
  const start = startOf(request);
  const part = items.slice(start, start + request.limit);
  return { part, facts: pageFacts(start, part.length, items.length) };
}

/** Number of items before the page. */
export function startOf({ cursor }: PageRequest): number {
  if (cursor === undefined) return 0;
  const match = /^after-(\d{1,9})$/.exec(cursor);
  if (match) return Number(match[1]);
  throw new PfsenseError('bad_input', 'cursor is not one that an answer gave.', { phase: 'input' });
}

export function pageFacts(start: number, shown: number, total: number) {
  const end = start + shown;
  return { total, shown, ...(end < total ? { cursor: `after-${end}` } : {}) };
}

/** Rows of one answer together take no more than this, in characters of compact JSON: under 10,000 tokens. */
const MAX_PAGE_CHARS = 22_000;

export interface PageFacts {
  readonly total: number;
  readonly shown: number;
  readonly cursor?: string;
}

/** As many of the rows of a page as an answer may carry; the cursor then goes on at the first that was left out. */
export function fitPage<T>(rows: readonly T[], facts: PageFacts, start: number): { rows: T[]; facts: PageFacts } {
  let size = 0;
  const fitting = rows.findIndex((row) => {
    size += JSON.stringify(row).length + 1;
    return size > MAX_PAGE_CHARS;
  });
  if (fitting === -1) return { rows: [...rows], facts };
  const kept = Math.max(1, fitting);
  return { rows: rows.slice(0, kept), facts: pageFacts(start, kept, facts.total) };
}

/** A page of rows that are ready to be shown, no larger than an answer may be. */
export function fittingPage<T>(items: readonly T[], request: PageRequest): { part: T[]; facts: PageFacts } {
  const { part, facts: page } = pageOf(items, request);
  const { rows, facts } = fitPage(part, page, startOf(request));
  return { part: rows, facts };
}
