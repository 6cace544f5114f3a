import { z } from 'zod';
import { PfsenseError } from '../../../core/errors.ts';
import type { Client } from '../facts.ts';
import { type ActionFacts, defineAction } from '../kind.ts';

export const vpnDisconnect = defineAction({
  id: 'vpn.disconnect',
  usage: '{client: name, user or address of an OpenVPN client, server?: its id}',
  level: 'service',
  input: z.strictObject({ client: z.string().min(1).max(200), server: z.string().regex(/^\d+$/).optional() }),
  example: { client: 'road' },
  question: () => ({ about: 'vpn' }),
  draft({ client: wanted, server: only }, facts) {
    const servers = (facts.box.servers ?? []).filter(({ id }) => only === undefined || id === only);
    const silent = servers.filter(({ clients }) => clients === null);
    const found = servers.flatMap(({ id, description, clients }) =>
      (clients ?? []).filter((client) => isCalled(client, wanted)).map((client) => ({ id, description, client })),
    );
    const [one, ...others] = found;
    if (!one || others.length > 0) throw notOne(found.length, silent.length);
    const { id, description, client } = one;
    return {
      text: [
        `Disconnect ${client.name} (user ${client.user}, ${client.address}, from ${client.from}) from OpenVPN server ${id} (${description}).`,
        'Its program may connect anew; to keep somebody out, take the account or certificate away.',
      ],
      dangers: dangersOf(id, client, facts),
      work: 'disconnect',
      args: { server: id, from: client.from, client: client.client },
    };
  },
});

function isCalled({ name, user, address, from }: Client, wanted: string): boolean {
  return [name, user, address, from, from.replace(/^[a-z]+\d?:/, ''), from.replace(/:\d+$/, '')].includes(wanted);
}

function notOne(found: number, silent: number): PfsenseError {
  if (found > 1)
    return new PfsenseError('bad_input', `${found} connected clients are called so.`, {
      phase: 'input',
      hint: 'Name it by its address, or give the id of the server. pf_vpn_status lists them.',
    });
  const asked = silent > 0 ? ` ${silent} servers did not answer.` : '';
  return new PfsenseError('not_found', `No connected client of an OpenVPN server is called so.${asked}`, {
    phase: 'input',
    hint: 'pf_vpn_status lists them.',
  });
}

function dangersOf(id: string, client: Client, { session, box }: ActionFacts): string[] {
  const { connection, replyDevice } = session;
  if (connection === null) return ['By which way this session comes in is not known.'];
  if (connection.client === client.address) return ['This session comes in by that client.'];
  if (replyDevice !== `ovpns${id}`) return [];
  const others = box.servers?.find((server) => server.id === id)?.clients ?? [];
  // A network behind a client is not told from here.
  return others.some(({ address }) => address === connection.client)
    ? []
    : ['This session comes in through that server, perhaps by that client.'];
}
