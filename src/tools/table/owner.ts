/** Who fills a table of pf, and how an address gets out of it. */
export interface TableOwner {
  readonly owner: string;
  readonly release: string;
}

const DELETE = 'Diagnostics > Tables, choose the table, delete the entry.';

interface Known extends TableOwner {
  readonly name: RegExp;
}

/** Tables that pfSense and its packages make themselves, by their names. */
const KNOWN: readonly Known[] = [
  {
    name: /^(?:sshguard|webConfiguratorlockout|sshlockout)$/,
    owner: 'login protection (sshguard): failed logins. It closes SSH and the GUI, nothing else',
    release: `It ends by itself when its time is over. At once: ${DELETE} For good: the pass list under System > Advanced > Admin Access, Login Protection.`,
  },
  {
    name: /^virusprot$/,
    owner: 'connection limits of a rule (max-src-conn-rate)',
    release: `As a rule a cron job removes entries older than an hour. At once: ${DELETE} For good: raise the limit under Advanced Options of the rule.`,
  },
  {
    name: /^snort2c$/,
    owner: 'Snort or Suricata',
    release:
      'Services > Snort or Suricata, Blocks: remove the address. For good: a pass list or suppressing the rule that alerted.',
  },
  {
    name: /^EasyRuleBlockHosts/,
    owner: 'Easy Rule, pressed by an administrator in the firewall log',
    release: 'Firewall > Aliases: remove the address from the alias of this name, and apply.',
  },
  {
    name: /^pfB_/,
    owner: 'pfBlockerNG',
    release:
      'Firewall > pfBlockerNG, Reports > Alerts: suppress the address or whitelist it; an entry deleted from the table comes back with the next update.',
  },
  {
    name: /^bogons(?:v6)?$/,
    owner: 'bogon networks: addresses that nobody has been given',
    release: 'Interfaces, the interface in question: untick "Block bogon networks".',
  },
  {
    name: /__NETWORK$/,
    owner: 'the networks of an interface',
    release: 'Nothing to release: rules use this table for the addresses behind the interface.',
  },
  {
    name: /^(?:negate_networks|vpn_networks|tonatsubnets)$/,
    owner: 'pfSense itself: networks of the firewall and its tunnels',
    release: 'Nothing to release: it follows from interfaces, routes and tunnels.',
  },
];

/** Of a table, by its name; `alias` is the type of the alias of that name, if there is one. */
export function ownerOf(table: string, alias: string | null): TableOwner {
  const known = KNOWN.find(({ name }) => name.test(table));
  if (known) return { owner: known.owner, release: known.release };
  if (alias === null)
    return { owner: 'unknown: no alias and no part of pfSense is known under this name', release: DELETE };
  if (/^url/.test(alias))
    return {
      owner: 'an alias that is filled from a URL',
      release: 'The address has to leave the list at its source; an entry deleted from the table comes back.',
    };
  return {
    owner: 'an alias',
    release: 'Firewall > Aliases: remove the address from the alias of this name, and apply.',
  };
}
