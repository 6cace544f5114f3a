import { z } from 'zod';
import { Service, serviceList } from '../../changes/actions/services.ts';
import { defineTool } from '../tool.ts';

export default defineTool({
  name: 'pf_service_list',
  title: 'Services',
  description:
    'Enabled services and whether each is running, as Status > Services shows them. A service that is switched off in the configuration is not listed.',
  toolset: 'system',
  effect: 'read',
  complexity: 'interface',
  isOpenWorld: false,
  input: z.strictObject({ state: z.enum(['running', 'stopped']).optional().describe('Only services in this state') }),
  output: z.object({ services: z.array(Service), running: z.int(), stopped: z.int() }),
  async run(args, { box, note }) {
    const { services } = await box.call(serviceList, {});
    const count = (wanted: boolean | null): number => services.filter(({ running }) => running === wanted).length;
    const unknown = count(null);
    if (unknown > 0) note(`running null: ${unknown} services could not be asked, so they are in neither count.`);
    const shown = services.filter(
      ({ running: isRunning }) => args.state === undefined || isRunning === (args.state === 'running'),
    );
    return { services: shown, running: count(true), stopped: count(false) };
  },
});
