<?php
/**
 * Loads the rules of a changed configuration without writing it: any reload and any boot brings the old ones back.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
require_once 'filter.inc';
require_once 'shaper.inc';

return static function (array $in): array {
    $folder = "/cf/conf/pfsense-mcp/{$in['id']}";
    $order = McpChange::facts($folder, 'order.json');
    if ($order === null || !(is_file("$folder/prepared") || is_file("$folder/armed"))) {
        McpBox::fail('change_over', 'This change is not on trial any more.');
    }
    $hold = McpChange::hold($folder);
    if ($hold === null || is_file("$folder/loading")) {
        McpBox::fail('change_pending', 'This change was begun before.');
    }
    $giveUp = static function (string $code, string $message) use ($folder): never {
        McpChange::drop($folder, 'armed') || McpChange::drop($folder, 'prepared');
        McpBox::fail($code, $message);
    };
    if (!McpChange::isSwitchAlive($folder)) {
        $giveUp('switch_dead', 'The switch that would undo the change does not run; nothing was loaded.');
    }
    if (!is_file("$folder/armed")) {
        McpBox::fail('change_over', 'This change is not on trial any more.');
    }
    if (!McpBox::isConfig($order['base'])) {
        $giveUp('plan_stale', 'The configuration changed since the plan was made.');
    }
    if (@fopen("$folder/loading", 'x') === false) {
        $giveUp('box_storage', 'A file could not be written in /cf/conf; nothing was loaded.');
    }
    McpBox::assign(McpChange::facts($folder, 'operations.json') ?? []);
    $began = time();
    if (function_exists('alias_make_table')) {
        // Without it pfSsh.php drops every rule that uses an alias, and says nothing.
        alias_make_table();
    }
    $result = filter_configure_sync();
    clearstatcache();
    $status = @file('/var/run/filter_reload_status', FILE_IGNORE_NEW_LINES | FILE_SKIP_EMPTY_LINES) ?: [];
    $last = (string) end($status);
    $isLoaded = $result === 0 && (str_starts_with($last, 'Done') || str_starts_with($last, 'Skipping'));
    $rules = (string) @file_get_contents('/tmp/rules.debug');
    $missing = array_values(array_filter(
        $in['trackers'],
        static fn (string $tracker): bool => !preg_match('/^(?!\s*#).*(?:ridentifier ' . (int) $tracker . '\b|"id[:=]' . (int) $tracker . '")/m', $rules),
    ));
    if (is_file("$folder/rules.debug.old")) {
        // At once, and no copy that could be left behind.
        rename("$folder/rules.debug.old", '/cf/conf/rules.debug.old');
    }
    $isNoted = McpChange::note($folder, 'loaded', ['rules' => hash('sha256', $rules), 'isLoaded' => $isLoaded, 'missing' => $missing, 'at' => time()]);
    if (!$isLoaded || !$isNoted || $missing !== []) {
        McpChange::undo($folder);
    }
    if (!$isNoted) {
        McpBox::fail('box_storage', 'A file could not be written in /cf/conf; the change is undone.');
    }
    if (!is_file("$folder/armed")) {
        // The switch waits for this to end, and loads what is written.
        McpBox::fail('change_over', 'The time ran out while the rules were being loaded.');
    }
    return ['isLoaded' => $isLoaded, 'status' => $last, 'missing' => $missing, 'seconds' => time() - $began];
};
