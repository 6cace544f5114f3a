<?php
/**
 * OpenVPN, IPsec and WireGuard: what is configured and what is connected, without keys.
 *
 * @effect read
 * @class  firewall
 * @since  2.7.0
 */
require_once 'openvpn.inc';

return static function (array $in): array {
    $items = static fn (string $path): array => array_values(array_filter((array) config_get_path($path, []), 'is_array'));
    $chosen = static fn (array $entry, string ...$keys): array => array_intersect_key($entry, array_flip($keys));
    $texts = static fn (array $entry): array => array_map('strval', array_filter($entry, 'is_scalar'));
    // A connection's fields that people ask for; the last line of a list may still carry its line end.
    $connection = static fn (array $conn): array => array_map('trim', $texts($chosen(
        $conn, 'common_name', 'user_name', 'remote_host', 'virtual_addr', 'virtual_addr6', 'bytes_recv', 'bytes_sent',
        'connect_time_unix', 'cipher', 'client_id',
    )));
    $point = static fn (array $entry): array => $texts($chosen(
        $entry, 'vpnid', 'status', 'state', 'state_detail', 'connect_time', 'virtual_addr', 'virtual_addr6', 'remote_host',
        'remote_port', 'bytes_recv', 'bytes_sent',
    ));

    $isOpenVpnUsed = $items('openvpn/openvpn-server') !== [] || $items('openvpn/openvpn-client') !== [];
    $multipoint = [];
    foreach ($isOpenVpnUsed ? (array) openvpn_get_active_servers('multipoint') : [] as $server) {
        $conns = array_values(array_filter((array) ($server['conns'] ?? []), 'is_array'));
        // The management socket takes one client at a time; an error stands in the place of the first connection.
        $isReachable = ($conns[0]['common_name'] ?? '') !== '[error]';
        $multipoint[] = [
            'vpnid' => (string) ($server['vpnid'] ?? ''),
            'connections' => $isReachable ? array_map($connection, array_slice($conns, 0, 2000)) : null,
        ];
    }
    $points = [
        'server' => array_map($point, $isOpenVpnUsed ? array_values((array) openvpn_get_active_servers('p2p')) : []),
        'client' => array_map($point, $isOpenVpnUsed ? array_values((array) openvpn_get_active_clients()) : []),
    ];

    $sas = ['code' => 0, 'stdout' => ''];
    if ($items('ipsec/phase1') !== []) {
        $sas = McpBox::run(['/usr/local/sbin/swanctl', '--list-sas', '--raw'], '', 6);
    }

    $program = is_executable('/usr/local/bin/wg') ? '/usr/local/bin/wg' : '/usr/bin/wg';
    $tunnels = $items('installedpackages/wireguard/tunnels/item');
    $wireguard = null;
    if ($tunnels !== []) {
        $dump = McpBox::run([$program, 'show', 'all', 'dump'], '', 4);
        if ($dump['code'] === 0) {
            $wireguard = [];
            foreach (explode("\n", $dump['stdout']) as $line) {
                $field = explode("\t", $line);
                if (count($field) === 5) {
                    $wireguard[] = ['tunnel' => $field[0], 'publicKey' => $field[2], 'port' => $field[3]];
                } elseif (count($field) === 9) {
                    // Field 2 is the preshared key.
                    $wireguard[] = ['tunnel' => $field[0], 'peer' => $field[1], 'endpoint' => $field[3], 'handshake' => $field[5], 'received' => $field[6], 'sent' => $field[7]];
                }
            }
        }
    }
    $withAddresses = static function (array $entry, string $list) use ($chosen, $texts): array {
        $rows = array_filter((array) ($entry[$list]['row'] ?? []), 'is_array');
        return [
            ...$texts($chosen($entry, 'name', 'tun', 'enabled', 'descr', 'listenport', 'endpoint', 'port', 'publickey')),
            'addresses' => array_values(array_map(static fn (array $row): string => ($row['address'] ?? '') . '/' . ($row['mask'] ?? ''), $rows)),
        ];
    };
    $ipsec = static function (array $entry) use ($chosen, $texts): array {
        $side = static fn (mixed $id): string => !is_array($id) ? '' : trim(($id['address'] ?? $id['type'] ?? '') . (empty($id['netbits']) ? '' : "/{$id['netbits']}"));
        return [
            ...$texts($chosen($entry, 'ikeid', 'iketype', 'interface', 'remote-gateway', 'descr', 'reqid', 'uniqid', 'mode', 'authentication_method')),
            'disabled' => isset($entry['disabled']),
            'mobile' => isset($entry['mobile']),
            'local' => $side($entry['localid'] ?? null),
            'remote' => $side($entry['remoteid'] ?? null),
        ];
    };
    $openvpn = static fn (array $entry): array => [
        ...$texts($chosen($entry, 'vpnid', 'mode', 'protocol', 'interface', 'local_port', 'server_addr', 'server_port', 'description', 'tunnel_network', 'tunnel_networkv6', 'maxclients')),
        'disabled' => isset($entry['disable']),
    ];
    return [
        'openvpn' => [
            'servers' => array_map($openvpn, $items('openvpn/openvpn-server')),
            'clients' => array_map($openvpn, $items('openvpn/openvpn-client')),
            'multipoint' => $multipoint,
            'pointServers' => $points['server'],
            'pointClients' => $points['client'],
        ],
        'ipsec' => [
            'phase1' => array_map($ipsec, $items('ipsec/phase1')),
            'phase2' => array_map($ipsec, $items('ipsec/phase2')),
            'sas' => $sas['code'] === 0 ? $sas['stdout'] : null,
        ],
        'wireguard' => [
            'isEnabled' => config_get_path('installedpackages/wireguard/config/0/enable') === 'on',
            'tunnels' => array_map(static fn (array $entry): array => $withAddresses($entry, 'addresses'), $tunnels),
            'peers' => array_map(static fn (array $entry): array => $withAddresses($entry, 'allowedips'), $items('installedpackages/wireguard/peers/item')),
            'dump' => $wireguard,
        ],
        'now' => time(),
    ];
};
