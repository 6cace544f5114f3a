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
    $point = static fn (array $entry): array => $texts($chosen(
        $entry, 'vpnid', 'status', 'state', 'state_detail', 'connect_time', 'virtual_addr', 'virtual_addr6', 'remote_host',
        'remote_port', 'bytes_recv', 'bytes_sent',
    ));

    // Not by pfSense's own reader: that takes any line with END or ERROR in it for the last one, and a silent daemon for
    // one that nobody is connected to. null: no whole answer came.
    $connected = static function (string $vpnid): ?array {
        $end = hrtime(true) / 1e9 + min(4, McpBox::secondsLeft() - 0.5);
        $socket = ctype_digit($vpnid) && McpBox::secondsLeft() > 1
            ? @stream_socket_client("unix:///var/etc/openvpn/server$vpnid/sock", $code, $message, 1) : false;
        if ($socket === false) {
            return null;
        }
        stream_set_timeout($socket, 1);
        @fputs($socket, "status 2\n");
        $clients = [];
        for ($bytes = 0; $bytes < 4194304 && hrtime(true) / 1e9 < $end && ($line = fgets($socket, 8192)) !== false; $bytes += strlen($line)) {
            if (preg_match('/^END\r?$/', $line)) {
                fclose($socket);
                return $clients;
            }
            $field = explode(',', rtrim($line, "\r\n"));
            if ($field[0] === 'CLIENT_LIST' && count($field) > 9) {
                $clients[] = [
                    'common_name' => $field[1], 'user_name' => $field[9], 'remote_host' => $field[2], 'virtual_addr' => $field[3],
                    'virtual_addr6' => $field[4], 'bytes_recv' => $field[5], 'bytes_sent' => $field[6], 'connect_time_unix' => $field[8],
                ];
            }
        }
        fclose($socket);
        return null;
    };
    $isOpenVpnUsed = $items('openvpn/openvpn-server') !== [] || $items('openvpn/openvpn-client') !== [];
    $multipoint = [];
    foreach ($items('openvpn/openvpn-server') as $server) {
        $mode = (string) ($server['mode'] ?? '');
        $network = (string) ($server['tunnel_network'] ?? '');
        // The rest are ends of a tunnel between two, as pfSense tells them apart.
        $isBridge = $mode === 'p2p_tls' && ($server['dev_mode'] ?? '') === 'tap' && $network === '';
        if (!isset($server['disable']) && $mode !== 'p2p_shared_key' && !$isBridge && (int) (openvpn_gen_tunnel_network($network)[1] ?? 0) < 30) {
            $multipoint[] = ['vpnid' => (string) ($server['vpnid'] ?? ''), 'connections' => $connected((string) ($server['vpnid'] ?? ''))];
        }
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
