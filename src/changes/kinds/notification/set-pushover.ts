import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { given } from '../fields.ts';
import { withSettings } from './settings.ts';

const SOUNDS = [
  ...['devicedefault', 'pushover', 'bike', 'bugle', 'cashregister', 'classical', 'cosmic', 'falling', 'gamelan'],
  ...['incoming', 'intermission', 'magic', 'mechanical', 'pianobar', 'siren', 'spacealarm', 'tugboat', 'alien'],
  ...['climb', 'persistent', 'echo', 'updown', 'vibrate', 'none'],
] as const;

export default defineKind({
  id: 'notification.set_pushover',
  summary: 'Change how notices sound in Pushover. The keys are set in the GUI alone, and stay.',
  tier: 'durable',
  input: z.strictObject({
    enabled: z.boolean().optional(),
    sound: z.enum(SOUNDS).optional(),
    priority: z.int().min(-2).max(2).optional().describe('-2 without a sound, 2 until somebody acknowledges'),
    retrySeconds: z.int().min(30).max(10_800).optional().describe('Between repeats at priority 2'),
    expireSeconds: z.int().min(30).max(10_800).optional().describe('End of repeats at priority 2'),
  }),
  example: { enabled: true, sound: 'siren', priority: 1 },
  apply: (config, { enabled, sound, priority, retrySeconds, expireSeconds }) =>
    withSettings(
      config,
      'pushover',
      {
        ...given('sound', sound),
        ...given('priority', priority?.toString()),
        ...given('retry', retrySeconds?.toString()),
        ...given('expire', expireSeconds?.toString()),
      },
      { enabled },
    ),
});
