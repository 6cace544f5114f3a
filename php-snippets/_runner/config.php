<?php
/** Keeps a process that lives for minutes in step with the files of the firewall. */
final class McpConfig
{
    private const CONFIG = '/cf/conf/config.xml';
    /** Where pfSense keeps its cache and lock while ours is held. */
    private const ASIDE = '/tmp/pfsense-mcp.write';
    /** For pfSense's lock, in tenths of a second. */
    private const TRIES = 200;
    private const MEMORIES = ['GatewaysCache', 'GatewaysStatus', 'interface_arr_cache', 'interface_ip_arr_cache', 'interface_sn_arr_cache',
        'interface_ipv6_arr_cache', 'interface_snv6_arr_cache', 'interface_llv6_arr_cache'];

    private static string $mark = '';
    private static bool $isSettled = false;
    private static string $code = '';

    /** `mtime.size.inode` of the config.xml that the configuration in memory was read from. */
    public static function mark(): string
    {
        return self::$mark;
    }

    /** The same while that is still what is written, else nothing. */
    public static function writtenMark(): string
    {
        return self::stamp([self::CONFIG]) === self::$mark ? self::$mark : '';
    }

    /** Reads the configuration again when its file changed; ends the call when it cannot be read. */
    public static function refresh(): void
    {
        if ((self::stamp([self::CONFIG]) !== self::$mark || !self::$isSettled) && !self::read()) {
            McpBox::fail('config_unreadable', 'The configuration file of the firewall is missing or damaged.');
        }
    }

    /**
     * Reads config.xml into this process alone. pfSense's own reader would also write /tmp/config.cache, with what may
     * be old by then and without a lock, and on 2.7 put a backup in the place of a file that it cannot parse: a GUI that
     * saves next would take the one, and an administrator's edit be lost with the other. The cache as it was loaded
     * with config.inc is not trusted either.
     */
    public static function read(): bool
    {
        if (!function_exists('parse_xml_config') || !function_exists('g_get')) {
            return true;
        }
        for ($tries = 0; $tries < 5; $tries++) {
            $stamp = self::stamp([self::CONFIG]);
            $began = time();
            $tree = parse_xml_config(self::CONFIG, [g_get('xml_rootobj'), 'pfsense']);
            if (is_array($tree) && $tree !== [] && self::stamp([self::CONFIG]) === $stamp) {
                $GLOBALS['config'] = $tree;
                self::$mark = $stamp;
                // Times know seconds only: what was written within this one may be written again without a trace.
                self::$isSettled = $began - (int) @filemtime(self::CONFIG) > 1;
                return true;
            }
            // Somebody may be writing it in place.
            usleep(50000);
        }
        return false;
    }

    /**
     * Changes the configuration in memory: each operation sets the value at a path, or takes away what lies there.
     *
     * @param list<array{path: list<string>, value?: mixed}> $operations
     */
    public static function assign(array $operations): void
    {
        foreach ($operations as $operation) {
            $node = &$GLOBALS['config'];
            $last = array_pop($operation['path']);
            foreach ($operation['path'] as $step) {
                if (!is_array($node[$step] ?? null)) {
                    $node[$step] = [];
                }
                $node = &$node[$step];
            }
            if (array_key_exists('value', $operation)) {
                $node[$last] = $operation['value'];
            } else {
                unset($node[$last]);
                // What is empty now reads back as an empty element.
                $node = $node === [] ? '' : $node;
            }
            unset($node);
        }
        // Not what is written any more: the next call reads it again.
        self::$isSettled = false;
    }

    /**
     * Does work on the configuration while nobody else can write it: pfSense's own lock is held from the first look to
     * the last write. pfSense takes that lock once more when it writes, so that it is given another one meanwhile.
     *
     * @return mixed what the work gives back; null as well when the lock was not to be had
     */
    public static function alone(Closure $work): mixed
    {
        $lock = @fopen('/tmp/config.lock', 'ce');
        for ($tries = 0; $lock !== false && !flock($lock, LOCK_EX | LOCK_NB); $tries++) {
            if ($tries >= self::TRIES) {
                return null;
            }
            usleep(100000);
        }
        if ($lock === false || (!is_dir(self::ASIDE) && !@mkdir(self::ASIDE, 0700))) {
            return null;
        }
        $usual = $GLOBALS['g']['tmp_path'];
        try {
            $GLOBALS['g']['tmp_path'] = self::ASIDE;
            return $work();
        } finally {
            $GLOBALS['g']['tmp_path'] = $usual;
            array_map('unlink', glob(self::ASIDE . '/*') ?: []);
            @unlink('/tmp/config.cache');
            fclose($lock);
        }
    }

    /**
     * Has pfSense write a configuration, and looks whether all of it is written: on a full disk it calls a part of it a
     * success. Only within `alone`.
     *
     * @return array{sha256: string, revision: int, wasUndisturbed: ?bool}|null null when it is not written
     */
    public static function save(array $tree, string $note, string $person): ?array
    {
        $before = hash_file('sha256', self::CONFIG);
        $backup = '/cf/conf/backup/config-' . ($tree['revision']['time'] ?? '') . '.xml';
        // pfSense names what it keeps after this second: two revisions of one would be kept as one.
        McpBox::until(static fn (): bool => abs(time() - (int) ($tree['revision']['time'] ?? 0)) > 0, 1.5, 0.05);
        $GLOBALS['config'] = $tree;
        self::$isSettled = false;
        $_SESSION['Username'] = $person;
        $written = write_config($note, true, true);
        unset($_SESSION['Username']);
        $found = is_array($written) ? parse_xml_config(self::CONFIG, [g_get('xml_rootobj'), 'pfsense']) : null;
        $revision = is_array($found) ? (int) ($found['revision']['time'] ?? 0) : 0;
        unset($tree['revision'], $found['revision']);
        if (!is_array($found) || !McpMerge::isSame($tree, $found)) {
            return null;
        }
        clearstatcache();
        return [
            'sha256' => (string) hash_file('sha256', self::CONFIG),
            'revision' => $revision,
            'wasUndisturbed' => is_file($backup) ? hash_file('sha256', $backup) === $before : null,
        ];
    }

    /** Whether the configuration in memory was read from the very bytes with this sha256, and these are in place. */
    public static function isFrom(string $sha256): bool
    {
        return self::stamp([self::CONFIG]) === self::$mark && hash_file('sha256', self::CONFIG) === $sha256
            && self::stamp([self::CONFIG]) === self::$mark;
    }

    /** What pfSense's functions keep for the length of a page view would be old in a process that lives for minutes. */
    public static function forget(): void
    {
        foreach (self::MEMORIES as $name) {
            $GLOBALS[$name] = null;
        }
    }

    /** Remembers which code this process was started from. */
    public static function noteCode(): void
    {
        self::$code = self::codeStamp();
    }

    /** Whether what this process holds is old code and must not go on. */
    public static function isCodeChanged(): bool
    {
        return self::codeStamp() !== self::$code;
    }

    /** Changes with an upgrade, a package or a patch. */
    private static function codeStamp(): string
    {
        return self::stamp(['/etc/version', '/etc/inc', '/usr/local/pkg']);
    }

    private static function stamp(array $paths): string
    {
        clearstatcache();
        $marks = [];
        foreach ($paths as $path) {
            $stat = @stat($path);
            $marks[] = $stat === false ? '-' : "{$stat['mtime']}.{$stat['size']}.{$stat['ino']}";
        }
        return implode(' ', $marks);
    }
}
