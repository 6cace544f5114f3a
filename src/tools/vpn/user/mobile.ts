import { backendReasons, LOCAL } from './backends.ts';
import { bestOf, candidatesOf, missingCertificate } from './certificates.ts';
import type { UserCase } from './openvpn.ts';
import { blocks, passes, type Reason, unknown } from './reason.ts';
import type { Texts, UserFacts } from './snippet.ts';

const XAUTH = 'user-ipsec-xauth-dialin';

/** Everything that the phase 1 for mobile clients looks at before it lets a user in. */
export function mobileReasons(phase1: Texts, known: UserCase): Reason[] {
  const { facts, live } = known;
  const method = phase1['authentication_method'] ?? '';
  return [
    ...stateReasons(phase1, facts),
    ...(live && live.ipsec.sas === null ? [unknown('server', 'The IPsec daemon did not answer.')] : []),
    ...userReasons(method, phase1, known),
  ];
}

function stateReasons(phase1: Texts, { mobile }: UserFacts): Reason[] {
  if (phase1['disabled'] !== undefined)
    return [blocks('server', 'The phase 1 for mobile clients is disabled.', 'VPN > IPsec: enable it.')];
  return mobile.text['enable'] === undefined
    ? [blocks('server', 'Mobile client support is switched off.', 'VPN > IPsec > Mobile Clients: enable it.')]
    : [];
}

function userReasons(method: string, phase1: Texts, known: UserCase): Reason[] {
  const { user, facts } = known;
  const source = facts.mobile.text['user_source'] ?? '';
  if (method === 'eap-mschapv2') return keyReasons('EAP', facts);
  if (method === 'eap-radius') {
    const radius = source.split(',').filter((name) => name !== LOCAL);
    return backendReasons(radius.join(','), user, facts);
  }
  if (method.startsWith('xauth_')) return [...backendReasons(source, user, facts), ...privilegeReasons(source, known)];
  if (method === 'eap-tls' || method === 'cert' || method === 'rsasig') return certificateReasons(phase1, known);
  if (method === 'pre_shared_key') {
    const hasKey = facts.users.some((account) => account.text['hasIpsecKey'] === 'yes');
    return hasKey ? [passes('account', 'The local user has a pre-shared key for IPsec.')] : keyReasons('PSK', facts);
  }
  return [unknown('account', 'How this way of logging in decides is not known here.', method)];
}

/** VPN > IPsec > Pre-Shared Keys, where users of EAP-MSCHAPv2 are kept too. */
function keyReasons(type: 'EAP' | 'PSK', { mobile }: UserFacts): Reason[] {
  const found = mobile.keys.find((key) => (key['type'] || 'PSK') === type);
  return found
    ? [passes('account', 'There is a key of that identifier under VPN > IPsec > Pre-Shared Keys.', found['ident'])]
    : [
        blocks(
          'account',
          `There is no key of type ${type} for that identifier. Accounts of the user manager do not count for this way of logging in.`,
          'VPN > IPsec > Pre-Shared Keys: add it.',
        ),
      ];
}

function privilegeReasons(source: string, { facts }: UserCase): Reason[] {
  const account = facts.users[0];
  if (!source.split(',').includes(LOCAL) || !account) return [];
  const groups = facts.groups.filter(
    ({ member, name }) => member.includes(account.text['uid'] ?? '') || name === 'all',
  );
  const privileges = [...account.priv, ...groups.flatMap(({ priv }) => priv)];
  const found: Reason[] = [];
  if (!privileges.some((privilege) => privilege === XAUTH))
    found.push(
      blocks(
        'privilege',
        'The local user lacks the privilege for IPsec xauth.',
        'Give the user or a group "User - VPN: IPsec xauth Dialin".',
        account.text['name'],
      ),
    );
  const demanded =
    facts.mobile.text['group_source'] === 'enabled'
      ? (facts.mobile.text['auth_groups'] ?? '').split(',').filter(Boolean)
      : [];
  if (demanded.length > 0 && !groups.some(({ name }) => demanded.includes(name)))
    found.push(
      blocks(
        'privilege',
        'The local user is in none of the groups that mobile clients have to be in.',
        'Add the user to one, or change VPN > IPsec > Mobile Clients.',
        demanded.join(', '),
      ),
    );
  return found.length > 0 ? found : [passes('privilege', 'The local user may use IPsec xauth.', account.text['name'])];
}

function certificateReasons(phase1: Texts, { user, facts, stored }: UserCase): Reason[] {
  const demands = {
    caref: phase1['caref'] ?? '',
    crlref: '',
    depth: undefined,
    isClientUsageDemanded: false,
    vpnid: '',
  };
  const best = bestOf(candidatesOf(user, demands, stored, facts));
  const lists = unknown(
    'revocation',
    'IPsec looks at every revocation list of that authority; they were not compared here.',
  );
  return [...(best ? best.reasons : [missingCertificate(demands, stored)]), lists];
}
