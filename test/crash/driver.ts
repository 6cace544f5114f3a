import { z } from 'zod';
import type { Plan } from '../../src/changes/plan.ts';
import { FirewallSettings } from '../../src/core/settings.ts';
import { startTrials } from '../contract/trials.ts';
import { answer } from '../faults/rpc.ts';
import { counting } from './counting.ts';
import { KINDS } from './kinds.ts';
import { isMet } from './point.ts';
import { MOMENTS, watched } from './steps.ts';

const Order = z.object({
  login: FirewallSettings,
  plan: z.custom<Plan>(),
  phase: z.enum(['begin', 'confirm', 'end']),
  /** Where this process dies. */
  death: z.object({ step: z.union([z.int(), z.string()]), moment: z.enum(MOMENTS) }).nullable(),
});

/** A driver in a process of its own that dies at a step. */
answer({
  async run(order) {
    const { login, plan, phase, death } = Order.parse(order);
    const watcher = counting((step, name, moment) => {
      if (death && isMet(death, step, name, moment)) process.kill(process.pid, 'SIGKILL');
    });
    const trials = startTrials(login, KINDS, { seen: (box) => watched(box, watcher) });
    await trials[phase](plan);
    await trials.close();
  },
});
