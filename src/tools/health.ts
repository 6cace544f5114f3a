import { z } from 'zod';
import { HealthReport } from '../pfsense/health-report.ts';
import { defineTool } from './tool.ts';

export default defineTool({
  name: 'pf_health',
  title: 'Health of the driver',
  description:
    'State of pfsense-mcp itself, answered without asking the firewall: connection, circuit breaker, learned time-outs, queue, health probes, and 24-hour statistics of all calls (success rate, p50/p95/p99). Use it when calls fail or are slow.',
  toolset: 'system',
  effect: 'read',
  complexity: 'simple',
  isOpenWorld: false,
  target: 'local',
  input: z.strictObject({}),
  output: HealthReport.extend({
    shownUntrustedText: z.boolean().describe('Whether this session has shown text by strangers'),
  }),
  run: async (_args, { health }) => health(),
});
