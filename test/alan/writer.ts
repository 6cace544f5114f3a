import { openStore } from '../../src/alan/open.ts';

// Records a hundred calls from a process of its own: argv holds the state directory.
const folder = process.argv[2] ?? '';
const store = await openStore({ folder, retentionDays: 30, maxMegabytes: 100 });
for (let n = 0; n < 100; n += 1) {
  store.record({
    tool: 'pf_test',
    firewall: 'fw',
    complexity: 'simple',
    durationMs: n,
    success: true,
    errorType: undefined,
    isCensored: false,
    rung: undefined,
    preview: '{}',
    at: Date.now(),
  });
  if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}
store.close();
