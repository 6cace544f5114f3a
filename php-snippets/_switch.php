<?php
/**
 * The dead-man's switch of one change: arms it, waits for a person to confirm, and undoes it when nobody does. It lies
 * in the folder of its change, runs as a process of its own and needs nothing of pfSense. One of three is in charge and
 * beats: `switch`; `watch` when the beats stop; `boot`, when the firewall starts and nobody beats any more. The mark
 * beside it is the state, and whoever renames it decides: prepared -> armed -> confirming -> confirmed, or
 * armed -> reverting -> reverted. A mark of the end stands only for what was seen to hold.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
set_time_limit(0);
ignore_user_abort(true);
// Thrown away before it could arm it.
@chdir(__DIR__) || exit(0);
$order = json_decode((string) file_get_contents('order.json'), true);
$name = basename(__FILE__, '.php');
$isDurable = $order['tier'] === 'durable';
// Not the clock of the wall, which may be set while we wait.
$now = static fn (): float => hrtime(true) / 1e9;
$began = $now();
$window = max(5, (int) $order['windowSeconds']);
// How long the one in charge may be silent before this one takes its place, in seconds.
$patience = ['switch' => 0, 'watch' => 3, 'boot' => 5][$name] ?? 5;
// What asks for the packages to be started again runs the hook of the boot too; then somebody beats.
$isBoot = $name === 'boot';
[$heard, $heardAt] = [(string) @file_get_contents('heartbeat'), $began];
$isInCharge = $patience === 0;
// Of the same length always and never cut off: it needs no space on the disk.
$beat = static function () use ($began, $window, $now): void {
    $number = (int) @file_get_contents('heartbeat') + 1;
    $file = @fopen('heartbeat', 'c');
    $file === false || fwrite($file, sprintf("%012d %06d\n", $number, max(0, (int) ($began + $window - $now()))));
    $file === false || fclose($file);
};
// Whoever works on the change holds its lock; it is free when that one ended, however it did.
$isFree = static function (): bool {
    $lock = @fopen('act.lock', 'ce');
    return $lock !== false && flock($lock, LOCK_EX | LOCK_NB);
};
// Exit status of a program, while this one goes on beating.
$run = static function (array $command, int $seconds) use ($beat): int {
    $guard = ['/usr/bin/timeout', '--foreground', '-k', '5', (string) $seconds];
    $none = [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', '/dev/null', 'w']];
    $process = proc_open([...$guard, ...$command], $none, $pipes, '/');
    for ($status = ['running' => $process !== false, 'exitcode' => -1]; $status['running']; $status = proc_get_status($process)) {
        $beat();
        usleep(100000);
    }
    return $status['exitcode'];
};
while (true) {
    // Only where no mark is found again and again, there is none: it may move, even back, while it is looked for.
    for ([$mark, $looks] = [null, 0]; $mark === null && $looks < 3; $looks++) {
        clearstatcache();
        $mark = array_values(array_filter(['prepared', 'armed', 'confirming', 'reverting', 'confirmed', 'reverted'], 'is_file'))[0] ?? null;
    }
    $state = in_array($mark, ['confirmed', 'reverted'], true) ? null : $mark;
    $beats = (string) @file_get_contents('heartbeat');
    if ($state === null || ($isBoot && !$isInCharge && $beats !== $heard)) {
        break;
    }
    $heardAt = $beats === $heard ? $heardAt : $now();
    $heard = $beats;
    $isInCharge = $isInCharge || $now() - $heardAt >= $patience;
    if ($isInCharge && $state !== 'reverting') {
        $beat();
    }
    $isOver = $isBoot || $now() - $began >= $window || is_file('wanted');
    $next = ['prepared' => 'armed', 'armed' => $isOver ? 'reverting' : null, 'confirming' => $isFree() ? 'reverting' : null][$state] ?? null;
    if ($isInCharge && $next !== null) {
        @rename($state, $next);
    } elseif ($isInCharge && $state === 'reverting') {
        $undoing = fopen('undo.lock', 'ce');
        // Another that undoes it beats, unless it is stuck.
        if ($undoing !== false && (flock($undoing, LOCK_EX | LOCK_NB) || $now() - $heardAt >= 3)) {
            break;
        }
        usleep(500000);
    } else {
        usleep(500000);
    }
}
$isLeft = $isBoot && !$isInCharge && $state !== null;
$isUndone = $isLeft || $state === null;
// How often only what is in force was not what was before: the configuration was.
for ([$tries, $outs] = [1, 0]; !$isUndone; $tries++) {
    // A reload that is under way may load the change once more.
    $wasFree = $isFree();
    @unlink('/var/run/filter_reload_status');
    // Who died right after writing left pfSense's copy of what was written before, and a reload would read that.
    $isDurable || @unlink('/tmp/config.cache');
    // A reload takes what is written: the base, or the whole change when that was written before its writer died.
    $code = $isDurable ? $run(['/usr/local/bin/php-cgi', '-q', '-f', __DIR__ . '/revert.php'], 900) : $run(['/etc/rc.filter_configure_sync'], 120);
    $lines = @file('/var/run/filter_reload_status', FILE_IGNORE_NEW_LINES | FILE_SKIP_EMPTY_LINES) ?: [];
    $last = (string) end($lines);
    $isUndone = $isDurable ? $code === 0 : $wasFree && preg_match('/^(?:Done|Skipping|Filter is disabled)/', $last) === 1;
    if ($isUndone) {
        break;
    }
    // 2 says that the configuration is what it was, and only what is in force is not; and so does pf when it refuses rules.
    $isOnlyLoad = $isDurable ? $code === 2 : $wasFree && str_starts_with($last, 'There were error');
    $outs += $isOnlyLoad ? 1 : 0;
    $text = (string) json_encode(['tries' => $tries, 'said' => $isDurable ? '' : substr($last, 0, 300)], JSON_INVALID_UTF8_SUBSTITUTE);
    @file_put_contents('trouble.new', $text) === strlen($text) && rename('trouble.new', 'trouble');
    if ($isOnlyLoad && $outs >= 8) {
        // What never held before the change does not by trying again, and every try interrupts what does.
        $isDurable || @file_put_contents('undone', json_encode(['steps' => [['step' => 'filter', 'problem' => 'pf refused the rules that are written']]]));
        break;
    }
    if ($isDurable && $tries === 5 && $code !== 2 && is_file('base.xml')) {
        // The last resort, when pfSense's own code cannot do it any more: the very file from before, and everything anew.
        rename('base.xml', '/cf/conf/config.xml');
        @unlink('/tmp/config.cache');
        $run(['/etc/rc.reload_all', 'start'], 900);
    }
    for ($waits = 0; $waits < min(60, 2 * $tries); $waits++) {
        $beat();
        usleep(500000);
    }
}
if ($state !== null && !$isLeft) {
    // Its writer may have died after it was written, and somebody else may have written since.
    $revisions = array_slice(array_reverse(glob('/cf/conf/backup/config-*.xml') ?: []), 0, 5);
    $isWritten = !$isDurable && array_filter(['/cf/conf/config.xml', ...$revisions], static function (string $file) use ($order): bool {
        preg_match_all('~<revision>.{0,20000}?</revision>~s', (string) @file_get_contents($file), $notes);
        return str_contains((string) end($notes[0]), (string) $order['mark']);
    }) !== [];
    $by = json_decode((string) @file_get_contents('outcome.json'), true)['by'] ?? $name;
    @file_put_contents('outcome.json', json_encode(['by' => $by, 'tries' => $tries, 'at' => time()]));
    @rename('reverting', $isWritten ? 'confirmed' : 'reverted');
}
if (!$isLeft) {
    // Copies of the configuration hold secrets, and nobody has to undo anything any more.
    array_map('unlink', array_filter(['base.xml', 'operations.json', 'rules.debug.old', 'spare', 'unwanted'], 'is_file'));
    // The hook of the boot is there for every change: one that began since needs it, and shows its mark before it is laid.
    $hooks = @fopen(dirname(__DIR__) . '/hook.lock', 'ce');
    $isLocked = $hooks !== false && flock($hooks, LOCK_EX);
    // Looked for twice, as one may move back while it is looked for.
    $marks = ['prepared', 'armed', 'confirming', 'reverting'];
    $begun = array_filter([...$marks, ...$marks], static fn (string $mark): bool => glob(dirname(__DIR__) . "/*/$mark") !== []);
    $isLocked && $begun === [] && @unlink('/usr/local/etc/rc.d/pfsense-mcp.sh');
    $hooks === false || fclose($hooks);
    // Last, so that the next boot goes on with this when one died half way.
    @unlink('boot.php');
    // One that died while it wrote left what pfSense keeps beside; nobody writes while this is to be had.
    $writers = @fopen('/tmp/config.lock', 'ce');
    if ($writers !== false && flock($writers, LOCK_EX | LOCK_NB)) {
        array_map('unlink', glob('/tmp/pfsense-mcp.write/*') ?: []);
    }
}
