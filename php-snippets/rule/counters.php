<?php
/**
 * What pf counted for each tracker of the configuration, and since when; nothing of what the rules say.
 *
 * @effect read
 * @class  firewall
 * @since  2.7.0
 */
return static function (array $in): array {
    $configured = [];
    foreach (array_filter((array) config_get_path('filter/rule', []), 'is_array') as $rule) {
        $configured[(string) (int) ($rule['tracker'] ?? 0)] = true;
    }
    $loaded = [];
    $tracker = null;
    $succeeded = false;
    foreach (McpBox::lines(['/sbin/pfctl', '-vvsr'], $succeeded) as $line) {
        if (str_starts_with($line, '@')) {
            $tracker = preg_match('/\bridentifier (\d+)/', $line, $id) || preg_match('/\blabel "id[:=](\d+)"/', $line, $id)
                ? (string) (int) $id[1] : null;
            $tracker = $tracker !== null && isset($configured[$tracker]) ? $tracker : null;
        } elseif ($tracker !== null && preg_match('/Packets: (\d+)\s+Bytes: \d+\s+States: (\d+)/', $line, $match)) {
            $loaded[$tracker]['packets'] = ($loaded[$tracker]['packets'] ?? 0) + (int) $match[1];
            $loaded[$tracker]['states'] = ($loaded[$tracker]['states'] ?? 0) + (int) $match[2];
            $loaded[$tracker]['lastActive'] ??= null;
        } elseif ($tracker !== null && preg_match('/Last Active Time: (\w{3} \w{3} .*\d{4}) \]/', $line, $match)) {
            $loaded[$tracker]['lastActive'] = max((int) ($loaded[$tracker]['lastActive'] ?? 0), (int) strtotime($match[1])) ?: null;
        }
    }
    $debug = (string) @file_get_contents('/tmp/rules.debug');
    $status = McpBox::run(['/sbin/pfctl', '-si'])['stdout'];
    return [
        'loaded' => $succeeded ? (object) $loaded : null,
        'rulesLoadedAt' => $debug === '' ? null : (int) filemtime('/tmp/rules.debug'),
        'keepsCounters' => str_contains($debug, "\nset keepcounters"),
        'enabledFor' => preg_match('/Enabled for (\d+) days? (\d+):(\d+):(\d+)/', $status, $t)
            ? ((int) $t[1] * 24 + (int) $t[2]) * 3600 + (int) $t[3] * 60 + (int) $t[4] : null,
        'now' => time(),
    ];
};
