export interface ErrorKind {
  /** One sentence for docs/errors.md. */
  readonly meaning: string;
  /** What the reader should do next, unless the thrower knows better. */
  readonly hint: string;
  /** What its `details` hold, for docs/errors.md; without it there are none. */
  readonly details?: string;
  /** May the same call be repeated without a person changing something first? */
  readonly retryable: boolean;
  /** Does it say that the path to the firewall is down (and so counts for the circuit breaker)? */
  readonly outage: boolean;
}

const final = { retryable: false, outage: false } as const;
const passing = { retryable: true, outage: false } as const;
const outage = { retryable: true, outage: true } as const;

/** The closed list of error codes; docs/errors.md is generated from it. */
export const ERROR_KINDS = {
  settings_invalid: {
    ...final,
    meaning: 'A settings file, environment variable or flag cannot be used.',
    hint: 'Correct the named setting; `pfsense-mcp doctor` checks it again.',
  },
  bad_input: {
    ...final,
    meaning: 'An argument is missing, misspelt or outside what the tool accepts.',
    hint: 'Correct the named argument and call again.',
  },
  unknown_tool: {
    ...final,
    meaning: 'No tool of this name is offered.',
    hint: 'List the offered tools with `pfsense-mcp tools`.',
  },
  unknown_firewall: {
    ...final,
    meaning: 'No firewall of this name is configured.',
    hint: 'Use one of the configured names.',
  },
  not_found: {
    ...final,
    meaning: 'The named object does not exist on the firewall.',
    hint: 'Search for it first and use the name as it is shown there.',
  },
  refused: {
    ...final,
    meaning: 'The policy does not allow this.',
    hint: 'Widen `permissions` or the policy in the settings, as a person, if it should be allowed.',
  },
  host_unresolved: {
    ...outage,
    meaning: 'The host name of the firewall has no address.',
    hint: 'Check `host` in the settings and the name service of this machine.',
  },
  unreachable: {
    ...outage,
    meaning: 'No TCP connection to the SSH port could be made.',
    hint: 'Check the address, the port, System > Advanced > Secure Shell, and whether sshguard blocks this address.',
  },
  handshake_failed: {
    ...outage,
    meaning: 'The peer answered, but did not complete the SSH handshake.',
    hint: 'Check that the port is the SSH port and that client and server share algorithms.',
  },
  connection_lost: {
    ...outage,
    meaning: 'The SSH connection ended while it was needed.',
    hint: 'Try again; if it repeats, look at the path to the firewall and at its sshd log.',
  },
  host_key_unknown: {
    ...final,
    meaning: 'The host key of the firewall is not known yet, so nothing was sent.',
    hint: 'Compare the fingerprint with the console of the firewall, then accept it: `pfsense-mcp doctor --accept-host-key`.',
  },
  host_key_changed: {
    ...final,
    meaning: 'The firewall showed a host key other than the one on record, so nothing was sent.',
    hint: 'Find out why before going on: a reinstalled firewall has a new key, but so has an impostor.',
  },
  host_key_revoked: {
    ...final,
    meaning: 'The host key of the firewall is marked as revoked in known_hosts.',
    hint: 'Do not connect. Replace the host key of the firewall and remove the old record.',
  },
  credential_unusable: {
    ...final,
    meaning: 'The configured key, passphrase, agent or password cannot be used, so nothing was offered.',
    hint: 'Correct the named credential in the settings.',
  },
  auth_failed: {
    ...final,
    meaning: 'The firewall refused the credential.',
    hint: 'Correct the credential, then run `pfsense-mcp doctor --retry-auth`. It is not offered again before, as sshguard blocks an address after about three failures.',
  },
  auth_latched: {
    ...final,
    meaning: 'This credential was refused before and is not offered again.',
    hint: 'Change the credential or run `pfsense-mcp doctor --retry-auth`.',
  },
  channel_refused: {
    ...passing,
    meaning: 'The SSH server refused a further session on the open connection.',
    hint: 'Try again in a few seconds.',
  },
  shell_unusable: {
    ...final,
    meaning: 'The login shell did not run the command.',
    hint: 'Log in as `root` or `admin`, or give the user shell access and a sudo rule.',
  },
  not_root: {
    ...final,
    meaning: 'The login is not root and sudo did not make it root.',
    hint: 'Use `root` or `admin`, or add a sudo rule without password for this user.',
  },
  php_unavailable: {
    ...final,
    meaning: 'No way to run PHP on the firewall worked.',
    hint: 'Run `pfsense-mcp doctor`; it shows which step fails first.',
  },
  timeout: {
    ...outage,
    meaning: 'The deadline of the call passed.',
    hint: 'Try again later or ask for less; `pf_health` shows how slow the firewall is.',
  },
  box_timeout: {
    ...passing,
    meaning: 'The work on the firewall itself took longer than the call allows; the path to it is fine.',
    hint: 'Ask for less (filters, fewer lines) or try again when the firewall is less busy.',
  },
  busy: {
    ...passing,
    meaning: 'Too many calls are waiting for this firewall.',
    hint: 'Wait for running calls to end, then try again.',
  },
  circuit_open: {
    ...passing,
    meaning: 'The firewall failed repeatedly, so calls are refused at once until a probe succeeds.',
    hint: 'Wait for the stated time; `pf_health` shows the state of the breaker.',
  },
  cancelled: {
    ...final,
    meaning: 'The client cancelled the call.',
    hint: 'Call again if the answer is still wanted.',
  },
  snippet_failed: {
    ...final,
    meaning: 'The PHP code on the firewall reported an error.',
    hint: 'Look at the message; if it names a missing function, this version of pfSense is not supported by the tool.',
  },
  snippet_unvetted: {
    ...final,
    meaning: 'A snippet differs from the vetted one in the manifest and was not sent.',
    hint: 'Reinstall pfsense-mcp, or run `npm run build` after a deliberate change.',
  },
  bad_reply: {
    ...passing,
    meaning: 'The answer of the firewall was incomplete, garbled or not of the expected shape.',
    hint: 'Try again; if it repeats, report it with the version of pfSense.',
  },
  reply_too_large: {
    ...final,
    meaning: 'The answer of the firewall is larger than the limit.',
    hint: 'Ask for less: use filters, a smaller limit or a narrower section.',
  },
  plan_unknown: {
    ...final,
    meaning: 'There is no such plan, or it has expired.',
    hint: 'Make a new plan with `pf_change_plan`.',
  },
  plan_stale: {
    ...final,
    meaning: 'The configuration of the firewall is not the one that the plan was made for.',
    details:
      '`wanted`: what the plan changes, against the configuration that it was made for. `others`: what others changed since, or since the change was written; `null` for either when the configuration to compare with is gone; what only the plan store still has is compared without its secrets. `wantedLeft`, `othersLeft`: lines that are left out. `again`: the one call that plans the same anew.',
    hint: 'Plan the same changes again: `pf_change_plan` with `again` and the id of this plan.',
  },
  approval_needed: {
    ...final,
    meaning: 'A person has to allow this; an assistant cannot.',
    hint: 'A person runs `pfsense-mcp approve PLAN` on a terminal.',
  },
  lockout_risk: {
    ...final,
    meaning: 'The change could cut the management connection to the firewall, or it cannot be shown that it does not.',
    hint: 'Change the plan so that the rule that admits this connection, and all before it, stay as they are.',
  },
  change_pending: {
    ...final,
    meaning: 'Another change of this firewall is on trial.',
    hint: 'See `pf_change_status`; confirm it or roll it back first.',
  },
  change_over: {
    ...final,
    meaning: 'The change is not on trial any more.',
    hint: 'See `pf_change_status` for what became of it.',
  },
  reverted_early: {
    ...final,
    meaning: 'Something else reloaded the rules while the change was on trial, so it is not in force.',
    hint: 'Find out what reloads the rules (a gateway that flaps, a package), then plan and apply again.',
  },
  rules_refused: {
    ...final,
    meaning: 'The firewall could not load the rules of the change; the rules before it are in force.',
    hint: 'Correct what the message names and plan again.',
  },
  not_in_force: {
    ...final,
    meaning: 'What was written did not come into force on the firewall, so it was taken out again or waits to be.',
    hint: 'See what the message names, or `pf_change_status`, and plan again.',
  },
  no_effect: {
    ...final,
    meaning: 'The firewall carried the order out, but what it should have changed did not change.',
    hint: 'Look at the log of the service (`pf_log_search`) for the reason.',
  },
  switch_dead: {
    ...final,
    meaning: "The dead-man's switch that undoes an unconfirmed change does not run, so nothing was changed.",
    hint: 'See whether the firewall starts programs at all (`pfsense-mcp doctor`).',
  },
  box_not_ready: {
    ...final,
    meaning: 'The firewall is in a state in which it must not be changed.',
    hint: 'Wait, or finish what the message names, then apply again.',
  },
  box_storage: {
    ...final,
    meaning: 'The firewall cannot store what the change needs.',
    hint: 'Make room on the file system of /cf/conf.',
  },
  client_storage: {
    ...final,
    meaning: 'A file could not be stored on the machine where pfsense-mcp runs.',
    hint: 'See whether its state directory is writable and has room.',
  },
  unsupported: {
    ...final,
    meaning: 'This firewall lacks what the tool needs.',
    hint: 'See the message for what is missing.',
  },
  live_only: {
    ...final,
    meaning: 'Only a live firewall can answer this; a configuration file cannot. Nothing went wrong.',
    hint: 'What the configuration says is available through `pf_config_get`; for this, connect to the firewall (PFSENSE_HOST) without a configuration file.',
  },
  config_unreadable: {
    ...final,
    meaning: 'A configuration is not a config.xml that pfSense would accept.',
    hint: 'Check that the file is there and is an unencrypted config.xml; `pf_config_history` lists what a firewall still keeps.',
  },
  lab_unavailable: {
    ...final,
    meaning: 'The embedded lab firewall cannot run here.',
    hint: 'Install what the message names.',
  },
  internal: {
    ...final,
    meaning: 'A defect in pfsense-mcp.',
    hint: 'Report it with the log of the server (stderr).',
  },
} as const satisfies Record<string, ErrorKind>;
