import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { given } from '../fields.ts';
import { plainText } from '../text.ts';
import { withSettings } from './settings.ts';

export default defineKind({
  id: 'notification.set_telegram',
  summary: 'Change to whom notices go by Telegram. The key of the bot is set in the GUI alone, and stays.',
  tier: 'durable',
  input: z.strictObject({
    enabled: z.boolean().optional(),
    chatId: plainText(100)
      .regex(/^[a-zA-Z0-9@_-]*$/, 'may hold letters, digits, @, _ and -')
      .optional(),
  }),
  example: { enabled: true, chatId: '-1001234567890' },
  apply: (config, { enabled, chatId }) => withSettings(config, 'telegram', given('chatid', chatId), { enabled }),
});
