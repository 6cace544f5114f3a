/** How a change of each tier is tried out. */
export const TRIALS = {
  volatile: 'Loaded without being written until it is confirmed; a reload or a reboot undoes it.',
  durable: 'Written at once, and taken out again unless it is confirmed; a reboot takes it out as well.',
} as const;
