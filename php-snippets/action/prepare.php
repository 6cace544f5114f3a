<?php
/**
 * Lays out the folder of an action, which a process of its own carries out. Does nothing else yet.
 *
 * @effect service
 * @class  config
 * @since  2.7.0
 */
return static function (array $in): array {
    $home = '/cf/conf/pfsense-mcp';
    $folder = "$home/{$in['id']}";
    if (!is_dir($home) && !@mkdir($home, 0700)) {
        McpBox::fail('box_storage', 'No folder can be made in /cf/conf.');
    }
    if (is_file("$folder/act.json")) {
        McpBox::fail('change_pending', 'This action was begun before.');
    }
    // The same one as for changes, so that neither begins while the other does.
    $lock = fopen("$home/lock", 'ce');
    if ($lock === false || !flock($lock, LOCK_EX | LOCK_NB)) {
        McpBox::fail('change_pending', 'A change or another action is being prepared.');
    }
    $open = McpChange::open();
    if ($open === 'prepared') {
        McpBox::fail('change_pending', 'A change or another action is being prepared.');
    }
    if ($open !== null) {
        McpBox::fail('change_pending', 'A change waits to be confirmed or is being reverted.');
    }
    if (McpChange::acting() !== null) {
        McpBox::fail('change_pending', 'Another action is under way.');
    }
    if (file_exists('/var/run/booting')) {
        McpBox::fail('box_not_ready', 'The firewall is booting.');
    }
    if (file_exists('/var/run/packagelock.dirty') || file_exists('/var/run/pkg.dirty')) {
        McpBox::fail('box_not_ready', 'A package or an upgrade is being installed.');
    }
    $over = array_map('dirname', glob("$home/*/act.json") ?: []);
    usort($over, static fn (string $a, string $b): int => filemtime("$b/act.json") <=> filemtime("$a/act.json"));
    foreach (array_slice($over, 20) as $old) {
        McpChange::remove($old);
    }
    if (!is_dir($folder) && !@mkdir($folder, 0700)) {
        McpBox::fail('box_storage', 'No folder can be made in /cf/conf.');
    }
    $write = static function (string $name, string $text) use ($folder): void {
        if (file_put_contents("$folder/$name.new", $text) !== strlen($text) || !chmod("$folder/$name.new", 0600) || !rename("$folder/$name.new", "$folder/$name")) {
            McpBox::fail('box_storage', 'A file could not be written in /cf/conf.');
        }
    };
    foreach ($in['programs'] as $program) {
        if (!hash_equals($program['sha256'], hash('sha256', $program['source']))) {
            McpBox::fail('snippet_unvetted', 'A program arrived with other bytes than announced.');
        }
        foreach ($program['names'] as $name) {
            $write(basename($name), $program['source']);
        }
    }
    $write('acting', '');
    $write('act.json', (string) json_encode([
        'id' => $in['id'],
        'action' => $in['action'],
        'args' => (string) $in['args'],
        'person' => $in['person'],
        'reason' => $in['reason'],
        'limitSeconds' => $in['limitSeconds'],
        'at' => time(),
    ]));
    return ['folder' => $folder];
};
