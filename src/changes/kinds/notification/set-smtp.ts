import { z } from 'zod';
import { isAddress } from '../../../config/address.ts';
import { type ConfigSection, textAt } from '../../../config/model.ts';
import { defineKind, refused } from '../../kind.ts';
import { given } from '../fields.ts';
import { plainText } from '../text.ts';
import { settingsOf, withSettings } from './settings.ts';

const Address = plainText(200).regex(
  /^(?:[^\s@,<>]+@[^\s@,<>]+(?:, ?[^\s@,<>]+@[^\s@,<>]+)*)?$/,
  'must be e-mail addresses',
);

const Input = z.strictObject({
  enabled: z.boolean().optional(),
  server: plainText(253).optional().describe('Name or address'),
  port: z.int().min(1).max(65_535).optional(),
  timeoutSeconds: z.int().min(1).max(300).optional(),
  tls: z.boolean().optional().describe('From the first byte (smtps), as on port 465'),
  validateCertificate: z.boolean().optional(),
  from: Address.optional(),
  to: Address.optional(),
  username: plainText(200).optional(),
  mechanism: z.enum(['PLAIN', 'LOGIN']).optional(),
});
type Input = z.output<typeof Input>;

export default defineKind({
  id: 'notification.set_smtp',
  summary: 'Change how notices are sent by e-mail. The password is set in the GUI alone, and stays.',
  tier: 'durable',
  input: Input,
  example: { server: 'mail.example.net', port: 587, from: 'firewall@example.net', to: 'noc@example.net' },
  apply(config, args) {
    checkPassword(settingsOf(config, 'smtp'), args);
    const next = withSettings(
      config,
      'smtp',
      {
        ...given('ipaddress', args.server),
        ...given('port', args.port?.toString()),
        ...given('timeout', args.timeoutSeconds?.toString()),
        ...given('sslvalidate', args.validateCertificate === undefined ? undefined : state(args.validateCertificate)),
        ...given('fromaddress', args.from),
        ...given('notifyemailaddress', args.to),
        ...given('username', args.username),
        ...given('authentication_mechanism', args.mechanism),
      },
      { ssl: args.tls, disable: args.enabled === undefined ? undefined : !args.enabled },
    );
    if (next !== config) checkWhole(settingsOf(next, 'smtp'));
    return next;
  },
});

function state(isOn: boolean): string {
  return isOn ? 'enabled' : 'disabled';
}

/**
 * What pfSense's page asks of settings that are in use.
 * @throws PfsenseError `bad_input`
 */
function checkWhole(smtp: ConfigSection): void {
  const server = textAt(smtp, 'ipaddress') ?? '';
  if (smtp['disable'] !== undefined || server === '') return;
  const isName = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+\.?$/i.test(
    server,
  );
  if (!isAddress(server) && !isName)
    throw refused('server: neither an address nor a whole name such as mail.example.net.');
  if (!/^\d+$/.test(textAt(smtp, 'port') ?? '')) throw refused('port: a server needs a port, such as 25, 465 or 587.');
  if ((textAt(smtp, 'notifyemailaddress') ?? '') === '') throw refused('to: a server needs an address to send to.');
}

/**
 * The password that is kept must not get to another server, or in the clear, by a change that does not know it.
 * @throws PfsenseError `bad_input`
 */
function checkPassword(smtp: ConfigSection, { server, tls, validateCertificate }: Input): void {
  const isOther = server !== undefined && server !== (textAt(smtp, 'ipaddress') ?? '');
  const isWeaker =
    (tls === false && smtp['ssl'] !== undefined) ||
    (validateCertificate === false && textAt(smtp, 'sslvalidate') !== 'disabled');
  if ((textAt(smtp, 'password') ?? '') === '' || (!isOther && !isWeaker)) return;
  throw refused(
    'server, tls, validateCertificate: the password that is kept for this server would be sent elsewhere, or less safely.',
    'Change these in the GUI (System > Advanced > Notifications), together with the password.',
  );
}
