import { z } from 'zod';
import { entriesAt, textAt } from '../../../config/model.ts';
import { type ActionFacts, defineAction } from '../kind.ts';

const none = z.strictObject({});

/** Devices that pfSense makes itself, so that it does not miss them when it boots. */
const MADE =
  /^(?:bridge|cua|enc|gif|gre|ipsec|l2tp|lagg|ngeth|ovpn|ppp|pptp|tap|tun|ue|wg)|vlan|_wlan|\.\d|_\d{0,4}_\d{0,4}$/i;

export const systemReboot = defineAction({
  id: 'system.reboot',
  usage: '{}',
  level: 'dangerous',
  input: none,
  example: {},
  draft: (_args, facts) => ({
    text: ['Reboot the firewall: nothing passes it until it is up again, which takes some minutes.', ...vpns(facts)],
    dangers: missing(facts),
    work: 'power',
    args: { isHalt: false },
    cutsSession: true,
  }),
});

export const systemHalt = defineAction({
  id: 'system.halt',
  usage: '{}',
  level: 'dangerous',
  input: none,
  example: {},
  draft: (_args, facts) => ({
    text: [
      'Switch the firewall off: nothing passes it, and it comes back only when somebody switches it on where it stands.',
      ...vpns(facts),
    ],
    dangers: missing(facts),
    work: 'power',
    args: { isHalt: true },
    cutsSession: true,
  }),
});

function vpns({ services }: ActionFacts): string[] {
  const running = services.filter(({ name, running: isRunning }) => isRunning && /openvpn|ipsec|wireguard/i.test(name));
  return running.length === 0 ? [] : [`VPN that is cut: ${running.map(({ description }) => description).join(', ')}.`];
}

/** At the next boot pfSense would wait at its console for somebody who assigns interfaces. */
function missing({ config, session }: ActionFacts): string[] {
  const devices = Object.keys(session.addresses);
  const assigned = entriesAt(config, 'interfaces').flatMap(([, settings]) => textAt(settings, 'if') || []);
  const gone = [...new Set(assigned)].filter((device) => !MADE.test(device) && !devices.includes(device));
  if (gone.length === 0) return [];
  return [`It would wait at its console for interfaces to be assigned: ${gone.join(', ')} is not there.`];
}
