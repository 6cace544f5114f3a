<?php
/**
 * What became of actions: asked while they run, and after a cut connection.
 *
 * @effect read
 * @class  simple
 * @since  2.7.0
 * @config unused
 */
return static function (array $in): array {
    clearstatcache();
    $acting = McpChange::acting();
    $boot = preg_match('/sec = (\d+)/', McpBox::sysctl('kern.boottime')['kern.boottime'] ?? '', $match) ? (int) $match[1] : 0;
    $actions = [];
    foreach (glob('/cf/conf/pfsense-mcp/*/act.json') ?: [] as $file) {
        $folder = dirname($file);
        $order = McpChange::facts($folder, 'act.json');
        if ($order === null || ($in['id'] ?? $order['id']) !== $order['id']) {
            continue;
        }
        $done = McpChange::facts($folder, 'done.json');
        $isRunning = $done === null && $acting === $folder;
        $log = (string) @file_get_contents("$folder/progress", false, null, max(0, (int) @filesize("$folder/progress") - 4000));
        $actions[] = [
            'id' => (string) $order['id'],
            'action' => (string) $order['action'],
            'state' => $done !== null ? 'over' : ($isRunning ? 'running' : 'unknown'),
            'failure' => $done['failure'] ?? null,
            'problem' => $done['problem'] ?? null,
            'facts' => (object) ($done['facts'] ?? []),
            'progress' => array_slice(array_values(array_filter(preg_split('/[\r\n]+/', $log) ?: [], 'strlen')), -8),
            'hasBooted' => $boot >= (int) $order['at'] - 5,
            'seconds' => ($done['at'] ?? time()) - (int) $order['at'],
            'at' => (int) $order['at'],
        ];
    }
    return ['actions' => $actions];
};
