import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { given } from '../fields.ts';
import { plainText } from '../text.ts';
import { withSettings } from './settings.ts';

export default defineKind({
  id: 'notification.set_slack',
  summary: 'Change where notices go in Slack. The key is set in the GUI alone, and stays.',
  tier: 'durable',
  input: z.strictObject({
    enabled: z.boolean().optional(),
    channel: plainText(80)
      .regex(/^[a-z0-9_-]*$/, 'may hold small letters, digits, - and _')
      .optional(),
  }),
  example: { enabled: true, channel: 'firewall-notices' },
  apply: (config, { enabled, channel }) => withSettings(config, 'slack', given('channel', channel), { enabled }),
});
