<?php
/**
 * Makes a change permanent that is on trial: writes what was only loaded, or lets stand what was written.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
return static function (array $in): array {
    $folder = "/cf/conf/pfsense-mcp/{$in['id']}";
    $read = static fn (string $name): ?array => McpChange::facts($folder, $name);
    [$order, $operations, $written] = [$read('order.json'), $read('operations.json'), $read('written')];
    if ($order === null || $operations === null || !is_file("$folder/armed") || is_file("$folder/wanted")) {
        McpBox::fail('change_over', 'This change is not on trial any more.');
    }
    if ($order['hash'] !== $in['hash']) {
        McpBox::fail('plan_stale', 'Another plan than this one is on trial under its name.');
    }
    $isDurable = $order['tier'] === 'durable';
    $applied = $isDurable ? $read('applied') : $read('loaded');
    if ($isDurable && ($applied === null || isset($applied['failure']) || array_filter(array_column($applied['steps'], 'problem')) !== [])) {
        McpBox::fail('not_in_force', 'This change is not in force, so it cannot be made permanent.');
    }
    if (!$isDurable && ($applied === null || !$applied['isLoaded'] || hash_file('sha256', '/tmp/rules.debug') !== $applied['rules'])) {
        McpBox::fail('reverted_early', 'Something else reloaded the rules since, so the change is not in force.');
    }
    // While it is held the switch does not decide for us.
    $hold = McpChange::hold($folder);
    if ($hold === null) {
        McpBox::fail('not_in_force', 'This change is not in force, so it cannot be made permanent.');
    }
    $write = static function () use ($folder, $order, $operations, $written, $isDurable, $in): array {
        $base = parse_xml_config("$folder/base.xml", [g_get('xml_rootobj'), 'pfsense']);
        if (!is_array($base) || !McpConfig::read()) {
            McpBox::fail('config_unreadable', 'The configuration file of the firewall is missing or damaged.');
        }
        $isMerged = hash_file('sha256', '/cf/conf/config.xml') !== ($isDurable ? $written['sha256'] ?? '' : $order['base']);
        [$merged, $conflicts] = McpMerge::apply($base, $operations, $GLOBALS['config']);
        if ($conflicts !== [] || ($isDurable && !McpMerge::isSame($merged, $GLOBALS['config']))) {
            McpBox::fail('plan_stale', 'Somebody else changed the same parts of the configuration while this change was on trial.');
        }
        // One rename decides: for what is written already this one, else the one behind the writing.
        if (!@rename("$folder/armed", $isDurable ? "$folder/confirmed" : "$folder/confirming")) {
            McpBox::fail('change_over', 'The time to confirm is over.');
        }
        if ($isDurable) {
            return ['wasUndisturbed' => $written['wasUndisturbed'] ?? null, 'isMerged' => $isMerged];
        }
        $saved = McpConfig::save($merged, "{$order['description']} [{$order['mark']}]", $in['person']);
        if ($saved === null) {
            if (!McpConfig::read()) {
                // A rename needs no space.
                rename("$folder/base.xml", '/cf/conf/config.xml');
            }
            rename("$folder/confirming", "$folder/armed");
            McpBox::fail('box_storage', 'pfSense could not write the configuration; the change stays on trial.');
        }
        // Whether that is still there is asked later; on a full disk it cannot be told.
        McpChange::note($folder, 'written', $saved);
        rename("$folder/confirming", "$folder/confirmed");
        return ['wasUndisturbed' => $saved['wasUndisturbed'], 'isMerged' => $isMerged];
    };
    $done = McpConfig::alone($write);
    if ($done === null) {
        McpBox::fail('box_not_ready', 'Somebody else holds the configuration lock of pfSense; the change stays on trial.');
    }
    McpChange::note($folder, 'outcome.json', ['by' => 'person', 'at' => time()]);
    array_map('unlink', array_filter(["$folder/base.xml", "$folder/operations.json", "$folder/rules.debug.old"], 'is_file'));
    return [
        'config' => hash_file('sha256', '/cf/conf/config.xml'),
        'revision' => (string) config_get_path('revision/time', ''),
        'wasUndisturbed' => $done['wasUndisturbed'],
        'isMerged' => $done['isMerged'],
    ];
};
