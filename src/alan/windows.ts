import { DAY_MS } from './statistics.ts';

/** A span in which everything that happened was seen; folded ones hold gaps, so less of them is covered. Milliseconds. */
export interface Window {
  readonly began: number;
  readonly ended: number;
  readonly coveredMs: number;
}

/** Gaps of the last days are kept one by one; older ones only as sums by day, then by month. */
const FOLD_BY_DAY_AFTER_MS = 7 * DAY_MS;
const FOLD_BY_MONTH_AFTER_MS = 120 * DAY_MS;
const MONTH_MS = 30 * DAY_MS;

/** The windows with one more at their end; it continues the last one where the two touch. */
export function addWindow(windows: readonly Window[], began: number, ended: number): Window[] {
  const last = windows.at(-1);
  if (!last || began > last.ended) return fold([...windows, { began, ended, coveredMs: ended - began }], ended);
  const coveredMs = last.coveredMs + Math.max(0, ended - last.ended);
  return fold([...windows.slice(0, -1), { ...last, ended: Math.max(ended, last.ended), coveredMs }], ended);
}

/** Time since `since` that was certainly covered, in milliseconds; never more than that. */
export function coveredSince(windows: readonly Window[], since: number): number {
  return windows.reduce((sum, { began, ended, coveredMs }) => {
    if (ended <= since) return sum;
    return sum + Math.max(0, coveredMs - Math.max(0, since - began));
  }, 0);
}

/** Time between `since` and the last window's end that was not covered, its number of gaps and the longest, in milliseconds. */
export function gapsSince(windows: readonly Window[], since: number): { count: number; longestMs: number } {
  const gaps = windows.flatMap((window, index) => {
    const next = windows[index + 1];
    const between = next && next.began > since ? [next.began - Math.max(since, window.ended)] : [];
    const inside = window.ended > since ? window.ended - window.began - window.coveredMs : 0;
    return inside > 0 ? [inside, ...between] : between;
  });
  return { count: gaps.length, longestMs: Math.max(0, ...gaps) };
}

function fold(windows: readonly Window[], now: number): Window[] {
  const folded: Window[] = [];
  for (const window of windows) {
    const last = folded.at(-1);
    if (!last || !isFoldable(last, window, now)) folded.push(window);
    else folded[folded.length - 1] = { ...window, began: last.began, coveredMs: last.coveredMs + window.coveredMs };
  }
  return folded;
}

function isFoldable(a: Window, b: Window, now: number): boolean {
  const age = now - b.ended;
  const unit = age > FOLD_BY_MONTH_AFTER_MS ? MONTH_MS : age > FOLD_BY_DAY_AFTER_MS ? DAY_MS : undefined;
  return unit !== undefined && Math.floor(a.ended / unit) === Math.floor(b.ended / unit);
}
