<?php
/**
 * Addresses behind the words "LAN subnets", "LAN address" and "this firewall" now.
 *
 * @effect read
 * @class  interface
 * @since  2.7.0
 */
require_once 'interfaces.inc';

return static function (array $in): array {
    $subnets = [];
    $addresses = [];
    $self = [];
    foreach (array_keys((array) config_get_path('interfaces', [])) as $key) {
        $key = (string) $key;
        $own = array_values(array_filter([(string) get_interface_ip($key), (string) get_interface_ipv6($key)], 'strlen'));
        $addresses[$key] = $own;
        $self = [...$self, ...$own];
        // pfSense keeps them in a table of pf, virtual addresses' networks included.
        $table = McpBox::run(['/sbin/pfctl', '-t', strtoupper($key) . '__NETWORK', '-T', 'show']);
        $subnets[$key] = $table['code'] === 0
            ? array_values(array_filter(array_map('trim', explode("\n", $table['stdout'])), 'strlen')) : null;
    }
    foreach (array_filter((array) config_get_path('virtualip/vip', []), 'is_array') as $vip) {
        $self[] = (string) ($vip['subnet'] ?? '');
    }
    $self = array_values(array_unique(array_filter([...$self, '127.0.0.1', '::1'], 'strlen')));
    return ['subnets' => (object) $subnets, 'addresses' => (object) $addresses, 'self' => $self];
};
