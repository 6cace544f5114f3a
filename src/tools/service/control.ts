import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { carriesConnections } from '../../changes/actions/carries.ts';
import { carryOut } from '../../changes/actions/carry-out.ts';
import { Seen, seenOf } from '../../changes/actions/service-effect.ts';
import { serviceList, serviceNamed } from '../../changes/actions/services.ts';
import { PfsenseError } from '../../core/errors.ts';
import { defineTool } from '../tool.ts';

/** Within the deadline of its class, as looking takes a while. */
const PATIENCE_MS = 50_000;

export default defineTool({
  name: 'pf_service_control',
  title: 'Start or stop a service',
  description:
    'Starts, stops or restarts an enabled service as Status > Services does, and looks at its process afterwards. Services that this connection may depend on (sshd, VPN) go by pf_action_plan.',
  toolset: 'action',
  effect: 'service',
  complexity: 'config',
  isOpenWorld: false,
  input: z.strictObject({
    service: z.string().min(1).max(60).describe('Name from pf_service_list'),
    action: z.enum(['start', 'stop', 'restart']),
    id: z.string().max(60).optional().describe('Where several have that name'),
  }),
  output: Seen.extend({ service: z.string(), id: z.string().nullable(), action: z.string() }),
  async run({ service: name, action, id }, { box }) {
    if (carriesConnections(name)) throw byPlan();
    const { services } = await box.call(serviceList, {});
    const service = serviceNamed(services, name, id);
    const errand = {
      id: randomBytes(16).toString('hex'),
      action: `service.${action}`,
      work: 'service',
      args: { service: service.name, id: service.id, mode: service.mode, action },
      person: 'pfsense-mcp',
      reason: '',
    };
    const seen = seenOf(await carryOut(box, errand, PATIENCE_MS));
    return { service: service.name, id: service.id, action, ...seen };
  },
});

function byPlan(): PfsenseError {
  return new PfsenseError('refused', 'This connection may depend on that service.', {
    phase: 'policy',
    hint: 'Plan it with pf_action_plan (sshd.restart, service.control); a person has to allow it.',
  });
}
