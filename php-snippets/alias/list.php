<?php
/**
 * Aliases, schedules, what refers to them, and the tables that pf holds with their sizes.
 *
 * @effect read
 * @class  firewall
 * @since  2.7.0
 */
require_once 'filter.inc';

return static function (array $in): array {
    $plain = static function (mixed $node) use (&$plain): mixed {
        return is_array($node) ? array_map($plain, $node) : (is_bool($node) ? '' : (string) $node);
    };
    $list = static function (string $path, array $keys) use ($plain): array {
        $entries = array_filter((array) config_get_path($path, []), 'is_array');
        $wanted = array_flip($keys);
        return array_values(array_map(static fn (array $entry): array => $plain(array_intersect_key($entry, $wanted)), $entries));
    };
    $listing = McpBox::run(['/sbin/pfctl', '-vvsT']);
    $tables = [];
    $table = null;
    foreach (explode("\n", $listing['stdout']) as $line) {
        if (preg_match('/^(?:[-a-zA-Z]{6,8}\t)?([A-Za-z0-9_.:-]+)$/', rtrim($line), $match)) {
            $table = $match[1];
            $tables[$table] = null;
        } elseif ($table !== null && preg_match('/^\s+Addresses:\s+(\d+)/', $line, $match)) {
            $tables[$table] = (int) $match[1];
        }
    }
    $urlTables = [];
    foreach (glob('/var/db/aliastables/*.txt') ?: [] as $file) {
        $urlTables[basename($file, '.txt')] = ['fetched' => (int) filemtime($file), 'bytes' => (int) filesize($file)];
    }
    $schedules = [];
    foreach (array_filter((array) config_get_path('schedules/schedule', []), 'is_array') as $schedule) {
        $schedules[] = [
            'schedule' => $plain($schedule),
            'isActive' => function_exists('filter_get_time_based_rule_status') ? (bool) filter_get_time_based_rule_status($schedule) : null,
        ];
    }
    $both = ['descr', 'source', 'destination'];
    $vpn = ['vpnid', 'description', 'local_network', 'remote_network', 'local_networkv6', 'remote_networkv6'];
    return [
        'aliases' => $list('aliases/alias', ['name', 'type', 'address', 'descr', 'detail', 'url', 'updatefreq', 'aliasurl']),
        'users' => (object) [
            'filter/rule' => $list('filter/rule', [...$both, 'tracker', 'sched', 'gateway']),
            'nat/rule' => $list('nat/rule', [...$both, 'target', 'local-port']),
            'nat/outbound/rule' => $list('nat/outbound/rule', [...$both, 'target', 'sourceport', 'dstport', 'natport']),
            'nat/onetoone' => $list('nat/onetoone', $both),
            'staticroutes/route' => $list('staticroutes/route', ['descr', 'network']),
            'openvpn/openvpn-server' => $list('openvpn/openvpn-server', $vpn),
            'openvpn/openvpn-client' => $list('openvpn/openvpn-client', $vpn),
        ],
        'schedules' => $schedules,
        'tables' => $listing['code'] === 0 ? (object) $tables : null,
        'urlTables' => (object) $urlTables,
        'hasPending' => is_file('/var/run/aliases.dirty'),
    ];
};
