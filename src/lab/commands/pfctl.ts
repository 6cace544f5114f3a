import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult } from '../php/backend.ts';
import { pfTables } from './diagnostics.ts';
import { type LabBox, ok } from './program.ts';
import { verboseStates } from './traffic.ts';

/** pf of the simulated box: knows the rules of its config.xml by tracker and counts steadily. */
export function pfctl(args: readonly string[], box: LabBox): CommandResult {
  const question = args.join(' ');
  if (question === '-si') return ok(status(box));
  if (question === '-sm')
    return ok(
      'states        hard limit   405000\nsrc-nodes     hard limit   405000\ntable-entries hard limit   400000\n',
    );
  if (question === '-vvss') return verboseStates(box);
  if (question === '-vvsr') return ok(rules(box));
  return pfTables(args) ?? { stdout: '', stderr: 'pfctl: not simulated\n', code: 1 };
}

function status(box: LabBox): string {
  const seconds = Math.floor((Date.now() - box.startedAt) / 1000);
  return [
    'Status: Enabled for 3 days 01:53:20           Debug: Urgent',
    '',
    'State Table                          Total             Rate',
    `  current entries                 ${String(212 + (seconds % 40)).padStart(8)}               `,
    '  searches                         9012345           33.9/s',
    '',
  ].join('\n');
}

function rules({ root, startedAt }: LabBox): string {
  const config = readFileSync(join(root, 'cf/conf/config.xml'), 'utf8');
  const seconds = Math.floor((Date.now() - startedAt) / 1000);
  const filter = /<filter>([\s\S]*?)<\/filter>/.exec(config)?.[1] ?? '';
  const blocks = filter.match(/<rule>[\s\S]*?<\/rule>/g) ?? [];
  const enabled = blocks.filter((block) => !block.includes('<disabled>'));
  return enabled
    .map((block, index) => {
      const tracker = /<tracker>(\d+)<\/tracker>/.exec(block)?.[1] ?? '0';
      const packets = (index * 37) % 500 === 0 ? 0 : index * 137 + seconds;
      return `@${index} pass in quick inet from any to any flags S/SA keep state label "id:${tracker}" ridentifier ${tracker}
  [ Evaluations: ${2_000 - index}      Packets: ${packets}       Bytes: ${packets * 84}        States: ${index % 7}     ]
  [ Inserted: uid 0 pid 0 State Creations: ${packets}     ]
`;
    })
    .join('');
}
