<?php
/** Which of pf's tables hold an address. */
final class McpTables
{
    /** Entries of larger tables are not listed to find out since when one is there. */
    private const LISTED = 100000;
    private const MOST = 40;
    private const LOG_BYTES = 1048576;

    /**
     * The tables that hold an address, since when, and whether a loaded rule blocks by them; what sshguard wrote of it.
     *
     * @return array{holding: list<array<string, mixed>>|null, untested: int, sshguard: array<string, int|null>|null}
     */
    public static function holding(string $address): array
    {
        $listing = McpBox::run(['/sbin/pfctl', '-vvsT'], '', 5);
        $rules = McpBox::run(['/sbin/pfctl', '-sr'], '', 5);
        preg_match_all('/^block .*?<([A-Za-z0-9_.-]+)(?::\*|:\d+)?>/m', $rules['stdout'], $blocking);
        $aliases = array_column(array_filter((array) config_get_path('aliases/alias', []), 'is_array'), 'type', 'name');
        $untested = 0;
        $holding = [];
        foreach (self::filled($listing['stdout']) as $name => $size) {
            $name = (string) $name;
            if (count($holding) >= self::MOST || McpBox::secondsLeft() < 0.8) {
                $untested++;
                continue;
            }
            $test = McpBox::run(['/sbin/pfctl', '-t', $name, '-T', 'test', $address], '', 2);
            if ($test['code'] === 0) {
                $isBlocked = $rules['code'] === 0 ? in_array($name, $blocking[1], true) : null;
                $entry = self::entry($name, $size, $address);
                $holding[] = ['table' => $name, ...$entry, 'isBlocked' => $isBlocked, 'alias' => isset($aliases[$name]) ? (string) $aliases[$name] : null];
            } elseif (!str_contains($test['stderr'], 'addresses match')) {
                $untested++;
            }
        }
        return [
            'holding' => $listing['code'] === 0 ? $holding : null,
            'untested' => $untested,
            'sshguard' => in_array('sshguard', array_column($holding, 'table'), true) ? self::sshguard($address) : null,
        ];
    }

    /** Tables outside of anchors that are not empty, with their sizes; null: not told. */
    private static function filled(string $listing): array
    {
        $tables = [];
        $name = '';
        foreach (explode("\n", $listing) as $line) {
            if (preg_match('/^(?:[-a-zA-Z]{6,8}\t)?([A-Za-z0-9_][A-Za-z0-9_.:-]{0,62})(\t.*)?$/', $line, $match)) {
                // A table in an anchor is another one than that of the same name outside.
                $name = empty($match[2]) ? $match[1] : '';
                $tables[$name] = null;
            } elseif ($name !== '' && preg_match('/^\tAddresses: +(\d+)/', $line, $match)) {
                $tables[$name] = (int) $match[1];
            }
        }
        unset($tables['']);
        return array_filter($tables, static fn (?int $size): bool => $size !== 0);
    }

    /** An entry's statistics begin when it is added, so that is how long it has been there. */
    private static function entry(string $table, ?int $size, string $address): array
    {
        $found = ['entry' => null, 'since' => null];
        if (($size ?? 0) > self::LISTED || McpBox::secondsLeft() < 0.9) {
            return $found;
        }
        $best = -1;
        $isIt = false;
        foreach (McpBox::lines(['/sbin/pfctl', '-t', $table, '-T', 'show', '-v'], $succeeded, 4) as $line) {
            if (preg_match('/^\s*([0-9a-f:.]+)(?:\/(\d+))?\s*$/i', $line, $match)) {
                $network = @inet_pton($match[1]);
                $bits = $network === false ? -1 : (int) ($match[2] ?? 8 * strlen($network));
                $isIt = $network !== false && $bits > $best && McpBox::isInNetwork($address, $network, $bits);
                if ($isIt) {
                    [$best, $found] = [$bits, ['entry' => trim($line), 'since' => null]];
                }
            } elseif ($isIt && preg_match('/^\tCleared: +(.+)$/', $line, $match)) {
                $found['since'] = strtotime(trim($match[1])) ?: null;
            }
        }
        return $found;
    }

    /** sshguard tells its own time in the log of authentication. */
    private static function sshguard(string $address): ?array
    {
        $log = '/var/log/auth.log';
        $text = is_file($log) ? @file_get_contents($log, false, null, max(0, (int) filesize($log) - self::LOG_BYTES)) : '';
        foreach (array_reverse(explode("\n", (string) $text)) as $line) {
            if (preg_match('/^(?:<\d+>1 )?(\S+T\S+|\w+ +\d+ [\d:]+) .*?sshguard.*?: Blocking "([0-9a-f:.]+)\/\d+" for (\d+) secs \((\d+) attacks/', $line, $match)
                && @inet_pton($match[2]) === @inet_pton($address)) {
                $time = strtotime($match[1]);
                // A line without a year is of the last one when it would be in the future.
                $time = $time !== false && $time > time() + 86400 ? strtotime('-1 year', $time) : $time;
                return ['at' => $time ?: null, 'seconds' => (int) $match[3], 'attacks' => (int) $match[4]];
            }
        }
        return null;
    }
}
