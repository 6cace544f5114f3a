<?php
/** What a snippet may use besides pfSense's own functions. */
final class McpBox
{
    /** Marks like those of changes that say who is at work instead. */
    private const LOCKS = ['packagelock', 'firmwarelock', 'pkg'];

    private static float $end = INF;
    private static array $warnings = [];

    /** Seconds until the call has to be over. */
    public static function secondsLeft(): float
    {
        return self::$end - hrtime(true) / 1e9;
    }

    /** Ends the call with an error code of the driver and a message in our own words. */
    public static function fail(string $code, string $message): never
    {
        throw new McpFailure($code, $message);
    }

    /** Adds a remark to the reply without changing its outcome. */
    public static function warn(string $message): void
    {
        if (count(self::$warnings) < 20) {
            self::$warnings[] = substr($message, 0, 300);
        }
    }

    /** Looks again and again whether something holds, for so many seconds at most. */
    public static function until(Closure $holds, float $seconds, float $every = 0.1): bool
    {
        for ($end = hrtime(true) / 1e9 + $seconds; !$holds();) {
            if (hrtime(true) / 1e9 > $end) {
                return false;
            }
            usleep((int) (1e6 * $every));
        }
        return true;
    }

    /**
     * Runs a program by its absolute path with an argument vector; no shell sees it.
     *
     * @return array{code: int, stdout: string, stderr: string, timedOut: bool, truncated: bool}
     */
    public static function run(array $argv, string $stdin = '', ?float $seconds = null): array
    {
        return McpProgram::run($argv, $stdin, $seconds);
    }

    /**
     * Lines of a program's output one by one, for output that would not fit into memory; ends the program when the
     * caller stops asking or time runs out. Then `$succeeded` says whether it came to its own end with success.
     *
     * @return Generator<int, string>
     */
    public static function lines(array $argv, ?bool &$succeeded = null, ?float $seconds = null): Generator
    {
        return McpProgram::lines($argv, $succeeded, $seconds);
    }

    /**
     * Kernel variables by name; a variable that this kernel lacks is absent.
     *
     * @return array<string, string>
     */
    public static function sysctl(string ...$names): array
    {
        $values = [];
        foreach (explode("\n", self::run(['/sbin/sysctl', ...$names])['stdout']) as $line) {
            if (preg_match('/^([a-z0-9_.%]+)[:=] ?(.*)$/i', $line, $match)) {
                $values[$match[1]] = $match[2];
            }
        }
        return $values;
    }

    /** A part of the configuration as texts and lists of texts; presence flags become the empty text. */
    public static function plain(mixed $node): mixed
    {
        return is_array($node) ? array_map([self::class, 'plain'], $node) : (is_bool($node) ? '' : (string) $node);
    }

    /**
     * Entries of a list of the configuration, each with the named fields only.
     *
     * @return list<array<string, mixed>>
     */
    public static function entries(string $path, array $fields): array
    {
        $entries = array_filter((array) config_get_path($path, []), 'is_array');
        $wanted = array_flip($fields);
        return array_values(array_map(static fn (array $entry): array => self::plain(array_intersect_key($entry, $wanted)), $entries));
    }

    /** Whether an address lies in a network, given in packed form with its number of bits. */
    public static function isInNetwork(string $address, string $network, int $bits): bool
    {
        $packed = @inet_pton($address);
        if ($packed === false || strlen($packed) !== strlen($network)) {
            return false;
        }
        $bytes = intdiv($bits, 8);
        $mask = (0xff00 >> ($bits % 8)) & 0xff;
        return strncmp($packed, $network, $bytes) === 0 && ($mask === 0 || (ord($packed[$bytes]) & $mask) === (ord($network[$bytes]) & $mask));
    }

    /**
     * Parts of pfSense whose changes are saved in the GUI and not applied yet, by the marks that it keeps for them on
     * every version; null when nobody could look.
     *
     * @return list<string>|null
     */
    public static function pendingChanges(): ?array
    {
        $files = @glob('/var/run/*.dirty', GLOB_ERR);
        $marks = array_map(static fn (string $file): string => substr(basename($file, '.dirty'), 0, 100), $files ?: []);
        return $files === false ? null : array_slice(array_values(array_diff($marks, self::LOCKS)), 0, 50);
    }

    /** OpenVPN servers that several can connect to, each with its clients; null clients: no whole answer came. */
    public static function openVpnServers(): array
    {
        return McpOpenVpn::servers();
    }

    /** Every gateway that pfSense knows, each with what its monitor says; null state: no monitor answered in time. */
    public static function gateways(): array
    {
        return McpGateways::all();
    }

    /** Changes the configuration in memory by operations of `path` and perhaps `value`. */
    public static function assign(array $operations): void
    {
        McpConfig::assign($operations);
    }

    /** Whether the configuration in memory is the one with this sha256, and that is still what is written. */
    public static function isConfig(string $sha256): bool
    {
        return McpConfig::isFrom($sha256);
    }

    /** Which of pf's tables hold an address, since when, and whether a rule blocks by them. */
    public static function tablesHolding(string $address): array
    {
        return McpTables::holding($address);
    }

    /**
     * The time of a log line, in seconds since the epoch; null where it has none. A line of RFC 3164 has no year: it is the
     * latest one that does not put the line after `$latest`, its file's last change.
     */
    public static function lineTime(string $line, int $latest): ?int
    {
        if (preg_match('/^<\d+>1 (\S+)/', $line, $match)) {
            return strtotime($match[1]) ?: null;
        }
        if (!preg_match('/^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d) /', $line, $match)) {
            return null;
        }
        for ($year = (int) date('Y', $latest); $year > (int) date('Y', $latest) - 9; $year--) {
            $time = strtotime("$match[2] $match[1] $year $match[3]");
            if ($time !== false && $time <= $latest + 86400 && (int) date('j', $time) === (int) $match[2]) {
                return $time;
            }
        }
        return null;
    }

    /** For the runner: starts the clock of a call. */
    public static function begin(float $seconds): void
    {
        self::$end = hrtime(true) / 1e9 + $seconds;
        self::$warnings = [];
    }

    /** `mtime.size.inode` of the config.xml that the configuration in memory was read from. */
    public static function configMark(): string
    {
        return McpConfig::mark();
    }

    /** For the runner: the remarks of the call. */
    public static function warnings(): array
    {
        return self::$warnings;
    }
}
