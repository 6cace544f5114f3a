import { z } from 'zod';
import { type Box, liveOf } from '../../pfsense/box.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { changeSession } from '../lockout/session.ts';
import type { ActionFacts, Question } from './kind.ts';
import { serviceList } from './services.ts';

const Network = z.strictObject({ address: z.string(), bits: z.int() }).nullable();

const Client = z.object({
  name: z.string(),
  user: z.string(),
  address: z.string(),
  from: z.string(),
  client: z.string(),
});
export type Client = z.output<typeof Client>;

const actionFacts = defineSnippet({
  id: 'action/facts',
  effect: 'read',
  complexity: 'config',
  input: z.strictObject({
    about: z.enum(['states', 'vpn', 'package', 'nothing']),
    from: Network,
    to: Network,
    package: z.string().nullable(),
  }),
  output: z.object({
    states: z.int().nullable(),
    /** States between the networks that are asked about. */
    matching: z.int().nullable(),
    /** null clients: the server does not answer. */
    servers: z
      .array(z.object({ id: z.string(), description: z.string(), clients: z.array(Client).nullable() }))
      .nullable(),
    /** What is saved in the GUI and not applied yet; null when nobody could look. */
    pending: z.array(z.string()).nullable(),
    package: z.object({ installed: z.string().nullable(), available: z.string().nullable() }).nullable(),
  }),
});
export type BoxFacts = z.output<typeof actionFacts.output>;

/** Looks at everything that an action is weighed by. */
export async function lookFor(box: Box, question: Question, keep: ActionFacts['keep']): Promise<ActionFacts> {
  const { about, from = null, to = null, package: name = null } = question;
  const document = await liveOf(box).readDocument();
  const session = await box.call(changeSession, { addresses: [] });
  const { services } = await box.call(serviceList, {});
  const facts = await box.call(actionFacts, { about, from, to, package: name });
  return { config: document.tree, session, keep, services, box: facts };
}
