<?php
/** Daemons that pfSense starts, seen by their processes. */
final class McpDaemon
{
    /** How long one may take to be there, or to be gone, in seconds. */
    private const PATIENCE = 10;

    /** The process that a file names; 0 when it does not live (after `service-utils.inc`). */
    public static function pid(string $file): int
    {
        return is_pid_running($file) ? (int) @file_get_contents($file) : 0;
    }

    /** Has a daemon brought in line with its settings. True when there is another process then, or none if it is off. */
    public static function isRenewed(string $file, bool $isOn, Closure $configure): bool
    {
        $old = self::pid($file);
        $configure();
        return McpBox::until(static fn (): bool => $isOn ? !in_array(self::pid($file), [0, $old], true) : self::pid($file) === 0, self::PATIENCE);
    }
}
