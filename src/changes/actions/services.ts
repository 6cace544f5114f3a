import { z } from 'zod';
import { PfsenseError } from '../../core/errors.ts';
import { nearestName } from '../../core/names.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';

export const Service = z.object({
  name: z.string(),
  description: z.string(),
  running: z.boolean().nullable(),
  id: z.string().nullable(),
  mode: z.string().nullable(),
});
export type Service = z.output<typeof Service>;

export const serviceList = defineSnippet({
  id: 'service/list',
  effect: 'read',
  complexity: 'interface',
  input: z.strictObject({}),
  output: z.object({ services: z.array(Service) }),
});

/**
 * The one service that is meant.
 * @throws PfsenseError `not_found`, or `bad_input` when several of that name are told apart by their id.
 */
export function serviceNamed(services: readonly Service[], name: string, id: string | undefined): Service {
  const named = services.filter((service) => service.name === name);
  const found = id === undefined ? named : named.filter((service) => service.id === id);
  const [service, ...others] = found;
  if (service && others.length === 0) return service;
  if (service) throw ambiguous(found);
  const nearest = nearestName(
    name,
    services.map((one) => one.name),
  );
  throw new PfsenseError('not_found', 'No enabled service has that name and id.', {
    phase: 'input',
    hint:
      nearest === undefined ? 'pf_service_list lists them.' : `Did you mean ${nearest}? pf_service_list lists them.`,
  });
}

function ambiguous(services: readonly Service[]): PfsenseError {
  const ids = services.map(({ id, mode }) => [mode, id].filter((word) => word !== null).join(' '));
  return new PfsenseError('bad_input', 'Several services have that name.', {
    phase: 'input',
    hint: `Name one by its id: ${ids.slice(0, 20).join(', ')}.`,
  });
}
