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
            'schedule' => McpBox::plain($schedule),
            'isActive' => function_exists('filter_get_time_based_rule_status') ? (bool) filter_get_time_based_rule_status($schedule) : null,
        ];
    }
    $both = ['descr', 'source', 'destination'];
    $vpn = ['vpnid', 'description', 'local_network', 'remote_network', 'local_networkv6', 'remote_networkv6'];
    return [
        'aliases' => McpBox::entries('aliases/alias', ['name', 'type', 'address', 'descr', 'detail', 'url', 'updatefreq', 'aliasurl']),
        'users' => (object) [
            'filter/rule' => McpBox::entries('filter/rule', [...$both, 'tracker', 'sched', 'gateway']),
            'nat/rule' => McpBox::entries('nat/rule', [...$both, 'target', 'local-port']),
            'nat/outbound/rule' => McpBox::entries('nat/outbound/rule', [...$both, 'target', 'sourceport', 'dstport', 'natport']),
            'nat/onetoone' => McpBox::entries('nat/onetoone', $both),
            'staticroutes/route' => McpBox::entries('staticroutes/route', ['descr', 'network']),
            'openvpn/openvpn-server' => McpBox::entries('openvpn/openvpn-server', $vpn),
            'openvpn/openvpn-client' => McpBox::entries('openvpn/openvpn-client', $vpn),
        ],
        'schedules' => $schedules,
        'tables' => $listing['code'] === 0 ? (object) $tables : null,
        'urlTables' => (object) $urlTables,
    ];
};
