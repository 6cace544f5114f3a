import { z } from 'zod';
import { textAt, treeAt } from '../../../config/model.ts';
import { PfsenseError } from '../../../core/errors.ts';
import { own } from '../../../core/own.ts';
import { defineAction } from '../kind.ts';
import { devicesOfSession } from '../session-path.ts';

export const interfaceRestart = defineAction({
  id: 'interface.restart',
  usage: '{interface}: its key, as lan',
  level: 'service',
  input: z.strictObject({ interface: z.string().regex(/^[a-z0-9_]{1,32}$/, 'the key of an interface, such as lan') }),
  example: { interface: 'opt1' },
  draft({ interface: key }, { config, session, keep, box }) {
    const settings = treeAt(config, `interfaces/${key}`);
    if (settings === undefined || treeAt(settings, 'enable') === undefined)
      throw new PfsenseError('not_found', 'No enabled interface has that key.', {
        phase: 'input',
        hint: 'pf_interface_list shows the keys.',
      });
    const device = own(session.devices, key) ?? textAt(settings, 'if') ?? '';
    const way = devicesOfSession(config, session);
    const dangers = [];
    if (way === undefined) dangers.push('By which interface this session comes in is not known.');
    if (way?.includes(device)) dangers.push('This session comes in by that interface.');
    if (keep.some((flow) => flow.interface === key)) dangers.push('A connection that must survive comes in by it.');
    if (box.pending?.includes('interfaces') ?? true)
      dangers.push('Interfaces were changed in the GUI without being applied, and this would apply it.');
    return {
      text: [
        `Take interface ${textAt(settings, 'descr') || key.toUpperCase()} (${key}, ${device}) down and configure it anew.`,
        'Everything that passes by it is cut for some seconds; a lease or a dialled line may come back with another address.',
      ],
      dangers,
      work: 'interface',
      args: { interface: key },
    };
  },
});
