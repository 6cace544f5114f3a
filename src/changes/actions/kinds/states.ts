import { z } from 'zod';
import { isAddress } from '../../../config/address.ts';
import { PfsenseError } from '../../../core/errors.ts';
import { defineAction, type Network } from '../kind.ts';
import { connectionsBetween, isTunnel } from '../session-path.ts';

const Place = z.string().max(50).describe('Address or network');

export const statesKill = defineAction({
  id: 'states.kill',
  usage: '{from?, to?}: addresses or networks; one alone counts at either end',
  level: 'service',
  input: z.strictObject({ from: Place.optional(), to: Place.optional() }),
  example: { from: '192.168.1.102' },
  question: ({ from, to }) => ({ about: 'states', ...placesOf(from, to) }),
  draft({ from: start, to: end }, facts) {
    const { from, to } = placesOf(start, end);
    const { session, box } = facts;
    const hit = connectionsBetween(facts, from, to);
    const dangers = hit.map((name) => `It would end ${name}.`);
    if (session.connection === null || session.replyDevice === null)
      dangers.push('By which way this session comes in is not known.');
    else if (isTunnel(session.replyDevice))
      dangers.push('This session comes in through a tunnel, whose own states it may end.');
    const between = from && to ? `from ${textOf(from)} to ${textOf(to)}` : `with ${textOf(from ?? to)} at either end`;
    return {
      text: [
        `End the states ${between}: ${box.matching ?? 'an unknown number'} now, of ${box.states ?? 'unknown'} in all.`,
      ],
      dangers,
      work: 'states',
      args: { from, to },
    };
  },
});

export const statesFlush = defineAction({
  id: 'states.flush',
  usage: '{}: all states',
  level: 'dangerous',
  input: z.strictObject({}),
  example: {},
  question: () => ({ about: 'states' }),
  draft: (_args, { box, keep, session }) => ({
    text: [
      `End all ${box.states ?? '(number unknown)'} states: every connection through the firewall is cut, this one as well.`,
      'It is tried first whether a new connection to the firewall still comes in.',
      ...keep.map(({ protocol, from, to }) => `Cut too: ${protocol} from ${from} to ${to}, which is to be kept.`),
    ],
    dangers: session.connection === null ? ['By which way this session comes in is not known.'] : [],
    work: 'states',
    args: { from: null, to: null },
    cutsSession: true,
  }),
});

function placesOf(from: string | undefined, to: string | undefined): { from: Network | null; to: Network | null } {
  const places = { from: from === undefined ? null : networkOf(from), to: to === undefined ? null : networkOf(to) };
  if (places.from === null && places.to === null) throw unusable('from or to is needed; states.flush ends all.');
  const families = [places.from, places.to].flatMap((place) => (place === null ? [] : place.address.includes(':')));
  if (new Set(families).size > 1) throw unusable('from and to are of different families.');
  return places;
}

function networkOf(text: string): Network {
  const [address = '', bits, ...more] = text.split('/');
  const most = address.includes(':') ? 128 : 32;
  const length = bits === undefined ? most : Number(bits);
  const isLength = bits === undefined || (/^\d{1,3}$/.test(bits) && length >= 1 && length <= most);
  // A mask of no bits would be a flush under another name.
  if (more.length > 0 || !isAddress(address) || address.includes('%') || !isLength)
    throw unusable('from and to are addresses, or networks as 10.1.0.0/16.');
  return { address, bits: length };
}

function unusable(message: string): PfsenseError {
  return new PfsenseError('bad_input', message, { phase: 'input' });
}

const textOf = (place: Network | null): string => (place === null ? '' : `${place.address}/${place.bits}`);
