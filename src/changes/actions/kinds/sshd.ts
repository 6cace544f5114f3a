import { z } from 'zod';
import { textAt, treeAt } from '../../../config/model.ts';
import { defineAction } from '../kind.ts';

export const sshdRestart = defineAction({
  id: 'sshd.restart',
  usage: '{}',
  level: 'service',
  input: z.strictObject({}),
  example: {},
  draft(_args, { config, session }) {
    const port = Number(textAt(config, 'system/ssh/port') || '22');
    const dangers = [];
    if (treeAt(config, 'system/ssh/enable') === undefined)
      dangers.push('Secure Shell is not enabled in the configuration, so it would not come back.');
    if (session.connection !== null && session.connection.serverPort !== port)
      dangers.push(
        `This session came in by port ${session.connection.serverPort}, and sshd would come back at ${port}.`,
      );
    return {
      text: [
        'Restart sshd, after it was asked whether it accepts its configuration.',
        'Open sessions stay; when the new one does not answer, the configuration before is put back.',
      ],
      dangers,
      work: 'sshd',
      args: { port },
      cutsSession: true,
    };
  },
});
