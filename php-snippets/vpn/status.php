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

    $isOpenVpnUsed = $items('openvpn/openvpn-server') !== [] || $items('openvpn/openvpn-client') !== [];
    $multipoint = array_map(
        static fn (array $entry): array => ['vpnid' => (string) ($entry['server']['vpnid'] ?? ''), 'connections' => $entry['clients']],
        McpBox::openVpnServers(),
    );
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
    $rows = static fn (mixed $list): array => array_filter((array) $list, 'is_array');
    $proposal = static fn (array $item): string => implode('/', array_filter([
        ($item['encryption-algorithm']['name'] ?? '') . (is_scalar($item['encryption-algorithm']['keylen'] ?? null) ? "-{$item['encryption-algorithm']['keylen']}" : ''),
        $item['hash-algorithm'] ?? '', $item['prf-algorithm'] ?? '', isset($item['dhgroup']) ? "DH{$item['dhgroup']}" : '',
    ], static fn (mixed $part): bool => is_string($part) && trim($part, '-') !== ''));
    // Of a phase 2: ciphers, hashes, and the DH group for forward secrecy.
    $proposal2 = static function (array $entry) use ($rows): string {
        $ciphers = array_map(static fn (array $one): string => ($one['name'] ?? '') . (empty($one['keylen']) ? '' : "-{$one['keylen']}"), $rows($entry['encryption-algorithm-option'] ?? []));
        $hashes = array_filter((array) ($entry['hash-algorithm-option'] ?? []), 'is_string');
        return $ciphers === [] ? '' : implode('|', $ciphers) . ($hashes === [] ? '' : '/' . implode('|', $hashes)) . (empty($entry['pfsgroup']) ? '' : "/DH{$entry['pfsgroup']}");
    };
    $ipsec = static function (array $entry) use ($chosen, $texts, $rows, $proposal, $proposal2): array {
        $side = static fn (mixed $id): string => !is_array($id) ? '' : trim(($id['address'] ?? $id['type'] ?? '') . (empty($id['netbits']) ? '' : "/{$id['netbits']}"));
        return [
            ...$texts($chosen($entry, 'ikeid', 'iketype', 'interface', 'remote-gateway', 'descr', 'reqid', 'uniqid', 'mode', 'authentication_method', 'lifetime', 'dpd_delay', 'dpd_maxfail')),
            'disabled' => isset($entry['disabled']),
            'mobile' => isset($entry['mobile']),
            'local' => $side($entry['localid'] ?? null),
            'remote' => $side($entry['remoteid'] ?? null),
            'proposals' => implode(' ', array_filter([...array_map($proposal, $rows($entry['encryption']['item'] ?? [])), $proposal2($entry)])),
        ];
    };
    $openvpn = static fn (array $entry): array => [
        ...$texts($chosen($entry, 'vpnid', 'mode', 'protocol', 'interface', 'local_port', 'server_addr', 'server_port', 'description', 'tunnel_network', 'tunnel_networkv6', 'maxclients', 'data_ciphers', 'data_ciphers_fallback', 'digest', 'dev_mode')),
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
