<?php
/** What the parts of a change tell each other by files in its folder. */
final class McpChange
{
    /** How long a switch that was just started may take to show that it runs, in looks of a tenth of a second. */
    private const LOOKS = 100;

    /** How long an action that was just laid out may take to begin, in seconds. */
    private const START = 30;

    /** How long the switch of a change that was just laid out may take to arm it, in seconds. */
    private const ARM = 15;

    /** Facts that were put beside a change; null when there are none. */
    public static function facts(string $folder, string $name): ?array
    {
        $facts = json_decode((string) @file_get_contents("$folder/$name"), true);
        return is_array($facts) ? $facts : null;
    }

    /**
     * Puts facts beside a change, whole or not at all, and on the disk before it is told of, with what was renamed before
     * it; false when the disk is full.
     */
    public static function note(string $folder, string $name, array $facts): bool
    {
        $text = (string) json_encode($facts, JSON_INVALID_UTF8_SUBSTITUTE);
        $file = @fopen("$folder/$name.new", 'we');
        $isWritten = $file !== false && @fwrite($file, $text) === strlen($text) && fflush($file);
        $isKept = $isWritten && (!function_exists('fsync') || @fsync($file));
        $file === false || fclose($file);
        return $isKept && rename("$folder/$name.new", "$folder/$name");
    }

    /**
     * Holds a change for as long as the result lives, and is not handed on to daemons that are started meanwhile.
     *
     * @return resource|null null while another works on it
     */
    public static function hold(string $folder)
    {
        $lock = @fopen("$folder/act.lock", 'ce');
        // The switch holds it for a moment when it looks.
        for ($tries = 0; $lock !== false && $tries < 25; $tries++) {
            if (flock($lock, LOCK_EX | LOCK_NB)) {
                return $lock;
            }
            usleep(20000);
        }
        return null;
    }

    /** What the mark of a change says; null when it has none. */
    public static function state(string $folder): ?string
    {
        $marks = ['prepared', 'armed', 'confirming', 'reverting', 'confirmed', 'reverted'];
        // It may move while it is looked for: on, in the order of these, and once back when confirming failed.
        for ($looks = 0; $looks < 3; $looks++) {
            clearstatcache();
            foreach ($marks as $mark) {
                if (is_file("$folder/$mark")) {
                    return $mark;
                }
            }
        }
        return null;
    }

    /**
     * The state of a change that is not over, null when all are; for who has the lock of preparing. What was prepared
     * and never armed is thrown away: a switch that comes so late moves the mark as well, and whoever moves it first
     * has the change.
     */
    public static function open(): ?string
    {
        foreach (glob('/cf/conf/pfsense-mcp/*/discarded') ?: [] as $mark) {
            self::remove(dirname($mark));
        }
        foreach (glob('/cf/conf/pfsense-mcp/*', GLOB_ONLYDIR) ?: [] as $folder) {
            $state = self::state($folder);
            if (in_array($state, [null, 'confirmed', 'reverted'], true)) {
                continue;
            }
            $isLate = !is_file("$folder/order.json") || abs(time() - (int) @filemtime("$folder/prepared")) >= self::ARM;
            if ($state !== 'prepared' || !$isLate || !@rename("$folder/prepared", "$folder/discarded")) {
                return $state;
            }
            self::remove($folder);
        }
        return null;
    }

    /** Takes the folder of a change away that nobody works on. */
    public static function remove(string $folder): void
    {
        array_map(static fn (string $file) => @unlink($file), glob("$folder/*") ?: []);
        @rmdir($folder);
    }

    /**
     * Ends a change of which nothing is in force, with the copies that hold secrets, as its switch may be dead; false
     * when its mark is another by now.
     */
    public static function drop(string $folder, string $state): bool
    {
        if (!@rename("$folder/$state", "$folder/reverted")) {
            return false;
        }
        array_map(static fn (string $name) => @unlink("$folder/$name"), ['base.xml', 'operations.json', 'rules.debug.old', 'boot.php']);
        self::unhook();
        return true;
    }

    /** Takes the hook of the boot away, unless another change needs it: that one shows its mark before it is laid. */
    private static function unhook(): void
    {
        $lock = @fopen('/cf/conf/pfsense-mcp/hook.lock', 'ce');
        if ($lock === false || !McpBox::until(static fn (): bool => flock($lock, LOCK_EX | LOCK_NB), 2, 0.02)) {
            return;
        }
        $states = array_map(self::state(...), glob('/cf/conf/pfsense-mcp/*', GLOB_ONLYDIR) ?: []);
        if (array_intersect($states, ['prepared', 'armed', 'confirming', 'reverting']) === []) {
            @unlink('/usr/local/etc/rc.d/pfsense-mcp.sh');
        }
    }

    /** Asks the switch to undo a change. Needs no space on the disk. */
    public static function undo(string $folder): void
    {
        @rename("$folder/unwanted", "$folder/wanted");
    }

    /** Whether the switch runs: it has to be seen alive before there is anything to undo, two beats later than now. */
    public static function isSwitchAlive(string $folder): bool
    {
        $beat = static function () use ($folder): int {
            clearstatcache();
            return (int) @file_get_contents("$folder/heartbeat");
        };
        $first = $beat();
        for ($looks = 0; $beat() < max(1, $first) + 2; $looks++) {
            if ($looks >= self::LOOKS) {
                return false;
            }
            usleep(100000);
        }
        return true;
    }

    /** The folder of the action that is under way; null when there is none. One that died lets go of its mark. */
    public static function acting(): ?string
    {
        foreach (glob('/cf/conf/pfsense-mcp/*/acting') ?: [] as $mark) {
            $file = @fopen($mark, 'r+e');
            $isFree = $file !== false && flock($file, LOCK_EX | LOCK_NB);
            if (!$isFree || abs(time() - (int) @filemtime($mark)) < self::START) {
                return dirname($mark);
            }
        }
        return null;
    }
}
