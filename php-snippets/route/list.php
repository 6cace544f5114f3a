<?php
/**
 * The routing table of the kernel and the static routes of the configuration.
 *
 * @effect read
 * @class  interface
 * @since  2.7.0
 */
return static function (array $in): array {
    $limit = 5000;
    $family = in_array($in['family'] ?? '', ['inet', 'inet6'], true) ? ['-f', $in['family']] : [];
    $table = McpBox::run(['/usr/bin/netstat', '-rnW', ...$family]);
    $routes = [];
    $known = 0;
    $columns = [];
    foreach (explode("\n", $table['stdout']) as $line) {
        $field = preg_split('/\s+/', trim($line), -1, PREG_SPLIT_NO_EMPTY);
        if (($field[0] ?? '') === 'Destination') {
            $columns = array_flip($field);
        } elseif (count($field) >= 4 && isset($columns['Netif'], $field[$columns['Netif']])) {
            $known++;
            if ($known <= $limit) {
                $routes[] = [
                    'destination' => $field[0],
                    'gateway' => $field[1],
                    'flags' => $field[2],
                    'mtu' => isset($columns['Mtu']) ? (int) ($field[$columns['Mtu']] ?? 0) : 0,
                    'device' => $field[$columns['Netif']],
                ];
            }
        }
    }
    $texts = static fn (array $entry, string ...$keys): array => array_map('strval', array_filter(array_intersect_key($entry, array_flip($keys)), 'is_scalar'));
    $items = static fn (string $path): array => array_values(array_filter((array) config_get_path($path, []), 'is_array'));
    return [
        'routes' => $table['code'] === 0 ? $routes : null,
        'known' => $known,
        'isCut' => $table['truncated'] || $known > $limit,
        'statics' => array_map(
            static fn (array $route): array => [...$texts($route, 'network', 'gateway', 'descr'), ...(isset($route['disabled']) ? ['disabled' => ''] : [])],
            $items('staticroutes/route'),
        ),
        'gateways' => array_map(static fn (array $gateway): array => $texts($gateway, 'name', 'gateway', 'interface', 'ipprotocol'), $items('gateways/gateway_item')),
        'interfaces' => (object) array_map(
            static fn (array $entry): array => $texts($entry, 'descr', 'if'),
            array_filter((array) config_get_path('interfaces', []), 'is_array'),
        ),
    ];
};
