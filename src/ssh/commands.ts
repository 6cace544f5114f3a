/**
 * Every command line that is ever sent to a firewall. They are constants: what varies travels on stdin.
 * Login shells differ (sh, rc.initial -c, tcsh), so the outer quotes are single and hold no `!`, no newline.
 */

/** How the commands become root: the login is root already, or sudo without a password makes it so. */
export type Privilege = 'login' | 'sudo';

/** Seconds after which a session's PHP ends whatever happens. */
export const SESSION_SECONDS = 600;

const GUARD = `/usr/bin/timeout --foreground -k 5 ${SESSION_SECONDS}`;

/** What a session's command line says on stderr when its PHP has ended. */
export const PHP_ENDED = 'pfsense-mcp: PHP ended';

/**
 * Prints the process group before PHP starts, then runs a line reader that gets `exit` when the input ends:
 * pfSsh.php that meets the end of input without it spins and eats memory. `--foreground` keeps timeout from
 * reaping daemons started below it (FreeBSD) and in our process group (GNU). When PHP ends by itself `cat` would
 * go on waiting for us, and the shell for `cat`: so the end is told, and we end the input. sudo hands no
 * SSH_CONNECTION on, by which the lock-out guard knows the way that we came: so it comes as an argument.
 */
const session = (program: string): string =>
  `/bin/sh -c 'SSH_CONNECTION=\${SSH_CONNECTION:-$1}; export SSH_CONNECTION; /bin/ps -o pgid= -p $$; (/bin/cat; echo; echo exit) | (${GUARD} ${program}; s=$?; echo "${PHP_ENDED}" >&2; exit $s)'`;

/** The argument `x` keeps pfSsh.php from printing its banner. */
const PFSSH = session('/usr/local/sbin/pfSsh.php x');

/**
 * Plain PHP with the same first line. `php -r` leaves auto_prepend_file out, so it is loaded by hand;
 * config.inc comes before functions.inc here, which also fills the alias table.
 */
const PHP = session(
  String.raw`/usr/local/bin/php -r "require ini_get(\"auto_prepend_file\") ?: \"config.inc\"; require_once \"config.inc\"; eval(fgets(STDIN));"`,
);

/**
 * Ends what is left of one of our sessions. stdin: its process group. Only processes that look like ours are
 * touched, because a service's background child may share the group.
 */
const KILL = `/bin/sh -c 'read g; /bin/ps -axww -o pid= -o pgid= -o args= | while read p q a; do [ "$q" = "$g" ] || continue; case "$a" in *"timeout --foreground -k 1 "*) kill -TERM "$p" ;; esac; case "$a" in *"/pfSsh.php x"*|*"/bin/php -r "*|/bin/cat) kill -KILL "$p" ;; esac; done; echo done'`;

/** What the health probe asks: does the box still start a program? */
const PROBE = `/bin/sh -c 'echo alive; id -u'`;

/**
 * Starts programs of a change that go on by themselves, on a channel with nothing above it: as children of a session
 * they would end with it. stdin: the folder of the change, then their names, a line each.
 */
const DETACH = `/bin/sh -c 'read d; expr "$d" : "/cf/conf/pfsense-mcp/[0-9a-f]*$" >/dev/null || exit 64; while read f; do case "$f" in switch|watch|apply|action) /usr/bin/nohup /usr/local/bin/php-cgi -q -f "$d/$f.php" </dev/null >/dev/null 2>&1 & ;; *) exit 64 ;; esac; done; echo started'`;

const READ_CONFIG = '/bin/cat /cf/conf/config.xml';

/** Prints a configuration that the firewall keeps. stdin: its number. */
const READ_REVISION = `/bin/sh -c 'read r; expr "$r" : "[0-9]*$" >/dev/null || exit 64; exec /bin/cat "/cf/conf/backup/config-$r.xml"'`;

const COMMANDS = {
  pfSsh: PFSSH,
  php: PHP,
  kill: KILL,
  probe: PROBE,
  detach: DETACH,
  readConfig: READ_CONFIG,
  readRevision: READ_REVISION,
} as const;
export type CommandName = keyof typeof COMMANDS;

/** The command line of `name` for a login of this privilege. */
export function commandLine(name: CommandName, privilege: Privilege): string {
  if (privilege === 'login') return COMMANDS[name];
  const ours = name === 'pfSsh' || name === 'php' ? ' pfsense-mcp "$SSH_CONNECTION"' : '';
  return `sudo -n ${COMMANDS[name]}${ours}`;
}
