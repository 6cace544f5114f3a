import { z } from 'zod';
import type { ConfigTree } from '../../../config/model.ts';
import { PfsenseError } from '../../../core/errors.ts';
import type { SessionFacts } from '../../lockout/session.ts';
import { CARRIES } from '../carries.ts';
import { defineAction } from '../kind.ts';
import { type Service, serviceNamed } from '../services.ts';
import { isBehindIpsec, isNeighbour, isTunnel } from '../session-path.ts';

export const serviceControl = defineAction({
  id: 'service.control',
  usage: '{service, id?, action: start|stop|restart}: VPN and routing daemons; others by pf_service_control',
  level: 'service',
  input: z.strictObject({
    service: z.string().regex(CARRIES, 'a VPN or routing daemon; others by pf_service_control'),
    id: z.string().max(60).optional(),
    action: z.enum(['start', 'stop', 'restart']),
  }),
  example: { service: 'openvpn', id: '1', action: 'restart' },
  draft({ service: name, id, action }, { config, session, services }) {
    const service = serviceNamed(services, name, id);
    if (service.id === null && name === 'openvpn')
      throw new PfsenseError('bad_input', 'Which instance is meant cannot be told.', { phase: 'input' });
    const dangers = action === 'start' ? [] : dangersOf(service, config, session);
    return {
      text: [
        `${VERBS[action]} ${name} ${service.id ?? ''} (${service.description}).`,
        'Connections through it are cut.',
      ],
      dangers,
      work: 'service',
      args: { service: service.name, id: service.id, mode: service.mode, action },
    };
  },
});

const VERBS = { start: 'Start', stop: 'Stop', restart: 'Restart' } as const;

function dangersOf({ name, id, mode }: Service, config: ConfigTree, session: SessionFacts): string[] {
  const { connection, replyDevice } = session;
  if (connection === null || replyDevice === null) return ['By which way this session comes in is not known.'];
  if (name === 'openvpn') {
    const device = `ovpn${mode === 'client' ? 'c' : 's'}${id}`;
    return replyDevice === device ? ['This session comes in through it.'] : [];
  }
  if (isTunnel(replyDevice)) return ['This session comes in through a tunnel, perhaps this one.'];
  if (/^(?:ipsec|pcscd|strongswan)$/i.test(name)) {
    const isBehind = isBehindIpsec(config, session);
    if (isBehind === undefined) return ['Whether this session comes in through IPsec is not known.'];
    return isBehind ? ['This session comes in through IPsec.'] : [];
  }
  if (name === 'frr' && !isNeighbour(session)) return ['The way back to this session may be a route of this daemon.'];
  return [];
}
