import type { Moment, Watcher } from './steps.ts';

type Strike = (step: number, name: string, moment: Moment) => Promise<void> | void;

/** Numbers the steps from 1 on. */
export function counting(strike: Strike, before: (name: string) => Promise<void> | void = () => undefined): Watcher {
  let count = 0;
  return {
    before(name) {
      count += 1;
      return before(name);
    },
    at: (name, moment) => strike(count, name, moment),
  };
}
