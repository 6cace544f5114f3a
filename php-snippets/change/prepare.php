<?php
/**
 * Lays out the folder of a change and its dead-man's switch. Touches neither the configuration nor the rules.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
return static function (array $in): array {
    $home = '/cf/conf/pfsense-mcp';
    $folder = "$home/{$in['id']}";
    if (!is_dir($home) && !@mkdir($home, 0700)) {
        McpBox::fail('box_storage', 'No folder can be made in /cf/conf.');
    }
    $lock = fopen("$home/lock", 'ce');
    if ($lock === false || !flock($lock, LOCK_EX | LOCK_NB)) {
        McpBox::fail('change_pending', 'Another change is being prepared.');
    }
    if (is_dir($folder)) {
        McpBox::fail('change_pending', 'This change was begun before.');
    }
    if (McpChange::acting() !== null) {
        McpBox::fail('change_pending', 'An action is under way on this firewall.');
    }
    $open = McpChange::open();
    if ($open === 'prepared') {
        McpBox::fail('change_pending', 'Another change is being prepared.');
    }
    if ($open !== null) {
        McpBox::fail('change_pending', 'Another change waits to be confirmed or is being reverted.');
    }
    // What is over is kept for a while, to be asked about after a cut connection; but no copy of a secret.
    $over = array_map('dirname', glob("$home/*/order.json") ?: []);
    usort($over, static fn (string $a, string $b): int => filemtime("$b/order.json") <=> filemtime("$a/order.json"));
    foreach ($over as $at => $old) {
        array_map('unlink', array_filter(["$old/base.xml", "$old/operations.json", "$old/boot.php"], 'is_file'));
        $at < 20 || McpChange::remove($old);
    }
    if (file_exists('/var/run/booting')) {
        McpBox::fail('box_not_ready', 'The firewall is booting.');
    }
    if (file_exists('/var/run/packagelock.dirty') || file_exists('/var/run/pkg.dirty')) {
        McpBox::fail('box_not_ready', 'A package or an upgrade is being installed.');
    }
    if (McpBox::pendingChanges() !== []) {
        McpBox::fail('box_not_ready', 'Changes saved in the GUI are not applied yet; a reload would apply them as well.');
    }
    if (hash_file('sha256', '/cf/conf/config.xml') !== $in['base']) {
        McpBox::fail('plan_stale', 'The configuration changed since the plan was made.');
    }
    $needed = 7 * (int) filesize('/cf/conf/config.xml') + (int) @filesize('/cf/conf/rules.debug.old') + 1048576;
    if ((float) @disk_free_space('/cf/conf') < $needed) {
        McpBox::fail('box_storage', 'There is too little free space in /cf/conf.');
    }
    // The mark comes first, so that what is left of a preparation that died is known as such.
    if (!@mkdir($folder, 0700) || !@touch("$folder/prepared")) {
        McpBox::fail('box_storage', 'No folder can be made in /cf/conf.');
    }
    $write = static function (string $name, string $text) use ($folder): void {
        $file = fopen("$folder/$name.new", 'w');
        $isWritten = $file !== false && fwrite($file, $text) === strlen($text) && fflush($file) && (!function_exists('fsync') || fsync($file));
        if ($file !== false) {
            fclose($file);
        }
        if (!$isWritten || !chmod("$folder/$name.new", 0600) || !rename("$folder/$name.new", "$folder/$name")) {
            McpBox::fail('box_storage', 'A file could not be written in /cf/conf.');
        }
    };
    try {
        foreach ($in['programs'] as $program) {
            if (!hash_equals($program['sha256'], hash('sha256', $program['source']))) {
                McpBox::fail('snippet_unvetted', 'A program arrived with other bytes than announced.');
            }
            foreach ($program['names'] as $name) {
                $write(basename($name), $program['source']);
            }
        }
        // What others may write meanwhile is told from what the change does by these two. They hold every secret.
        $write('base.xml', (string) file_get_contents('/cf/conf/config.xml'));
        $write('operations.json', $in['operations']);
        if (hash_file('sha256', "$folder/base.xml") !== $in['base']) {
            McpBox::fail('plan_stale', 'The configuration changed since the plan was made.');
        }
        $base = parse_xml_config("$folder/base.xml", [g_get('xml_rootobj'), 'pfsense']);
        $write('trace', (string) json_encode(McpTrace::of(is_array($base) ? $base : [], (array) json_decode($in['operations'], true))));
        // Of the size that they will have, so that these need no space later, nor do those that are only renamed.
        $write('heartbeat', sprintf("%012d %06d\n", 0, $in['windowSeconds']));
        foreach (['unwanted', 'act.lock', 'undo.lock'] as $name) {
            $write($name, '');
        }
        $write('spare', (string) json_encode(['failure' => 'box_storage', 'steps' => []]));
        // Whatever is still on trial when the firewall boots is undone then. A change that ended takes the hook away.
        $hooking = fopen("$home/hook.lock", 'ce');
        // Who ends a change has it for a moment; one that is stuck then must not keep everybody out.
        if ($hooking === false || !McpBox::until(static fn (): bool => flock($hooking, LOCK_EX | LOCK_NB), 5, 0.02)) {
            McpBox::fail('change_pending', 'A change that ended is still being cleared away.');
        }
        $hooks = '/usr/local/etc/rc.d';
        $hook = "#!/bin/sh\nfor f in $home/*/boot.php; do [ -f \"\$f\" ] && /usr/local/bin/php-cgi -q -f \"\$f\" >/dev/null 2>&1; done\n";
        if ((!is_dir($hooks) && !@mkdir($hooks, 0755, true)) || @file_put_contents("$hooks/pfsense-mcp.sh", $hook) === false || !chmod("$hooks/pfsense-mcp.sh", 0755)) {
            McpBox::fail('box_storage', 'A file could not be written in /usr/local/etc/rc.d.');
        }
        fclose($hooking);
        if (is_file('/cf/conf/rules.debug.old')) {
            // A good load puts the rules on trial where pfSense looks for the last good ones.
            $write('rules.debug.old', (string) file_get_contents('/cf/conf/rules.debug.old'));
        }
        $write('order.json', (string) json_encode([
            'id' => $in['id'],
            'tier' => $in['tier'],
            'base' => $in['base'],
            'hash' => $in['hash'],
            'windowSeconds' => $in['windowSeconds'],
            'mark' => $in['mark'],
            'description' => $in['description'],
            'person' => $in['person'],
            'steps' => $in['steps'],
            'at' => time(),
        ]));
    } catch (Throwable $failure) {
        // Copies of the configuration among it.
        McpChange::remove($folder);
        throw $failure;
    }
    return ['folder' => $folder];
};
