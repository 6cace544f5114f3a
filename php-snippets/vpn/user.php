<?php
/**
 * What decides whether one user gets into a VPN: servers, account, overrides and the authentication servers named there.
 *
 * @effect read
 * @class  firewall
 * @since  2.7.0
 */
require_once 'util.inc';

return static function (array $in): array {
    $user = (string) ($in['user'] ?? '');
    $items = static fn (string $path): array => array_values(array_filter((array) config_get_path($path, []), 'is_array'));
    $texts = static fn (array $entry, string ...$keys): array => array_map('strval', array_filter(array_intersect_key($entry, array_flip($keys)), 'is_scalar'));
    $list = static fn (mixed $value): array => array_values(array_map('strval', array_filter((array) $value, static fn ($item): bool => is_scalar($item) && $item !== '')));
    $isMine = static fn (mixed $name): bool => is_scalar($name) && mb_strtolower((string) $name) === mb_strtolower($user);

    $servers = array_map(static fn (array $entry): array => [
        ...$texts($entry, 'vpnid', 'mode', 'authmode', 'strictusercn', 'username_as_common_name', 'caref', 'crlref', 'cert_depth',
            'ocspcheck', 'description', 'protocol', 'local_port', 'interface', 'maxclients', 'data_ciphers', 'digest'),
        ...(isset($entry['disable']) ? ['disable' => ''] : []),
        ...(isset($entry['remote_cert_tls']) ? ['remote_cert_tls' => ''] : []),
    ], $items('openvpn/openvpn-server'));
    $overrides = array_values(array_map(
        static fn (array $entry): array => [
            ...$texts($entry, 'common_name', 'server_list', 'block', 'description'),
            ...(isset($entry['disable']) ? ['disable' => ''] : []),
        ],
        array_filter($items('openvpn/openvpn-csc'), static fn (array $entry): bool => is_scalar($entry['common_name'] ?? null)),
    ));
    $users = array_values(array_map(static function (array $entry) use ($texts, $list): array {
        // Whether there are some; never which.
        $passwords = array_filter(['bcrypt-hash', 'sha512-hash', 'password', 'md5-hash'], static fn (string $key): bool => !empty($entry[$key]));
        return [
            'text' => [
                ...$texts($entry, 'name', 'uid', 'expires'),
                ...(isset($entry['disabled']) ? ['disabled' => ''] : []),
                'hasPassword' => $passwords === [] ? 'no' : 'yes',
                'hasIpsecKey' => empty($entry['ipsecpsk']) ? 'no' : 'yes',
            ],
            'cert' => $list($entry['cert'] ?? []),
            'priv' => $list($entry['priv'] ?? []),
        ];
    }, array_filter($items('system/user'), static fn (array $entry): bool => $isMine($entry['name'] ?? null))));
    $groups = array_map(static fn (array $group): array => [
        'name' => (string) ($group['name'] ?? ''),
        'member' => $list($group['member'] ?? []),
        'priv' => $list($group['priv'] ?? []),
    ], $items('system/group'));
    $backends = array_map(static fn (array $entry): array => [
        ...$texts($entry, 'name', 'type', 'host', 'ldap_port', 'ldap_urltype', 'ldap_extended_query', 'radius_protocol', 'radius_auth_port'),
        ...(!empty($entry['ldap_extended_enabled']) ? ['ldap_extended_enabled' => ''] : []),
    ], $items('system/authserver'));
    $client = (array) config_get_path('ipsec/client', []);
    $mobile = [
        'text' => [
            ...$texts($client, 'user_source', 'group_source', 'auth_groups'),
            ...(isset($client['enable']) ? ['enable' => ''] : []),
        ],
        'keys' => array_values(array_map(
            static fn (array $key): array => $texts($key, 'ident', 'type'),
            array_filter($items('ipsec/mobilekey'), static fn (array $key): bool => $isMine($key['ident'] ?? null)),
        )),
        'phase1' => array_values(array_map(
            static fn (array $entry): array => [
                ...$texts($entry, 'ikeid', 'descr', 'iketype', 'authentication_method', 'caref'),
                ...(isset($entry['disabled']) ? ['disabled' => ''] : []),
            ],
            array_filter($items('ipsec/phase1'), static fn (array $entry): bool => isset($entry['mobile'])),
        )),
    ];

    // Only what an enabled server asks is worth a connection.
    $asked = $list(explode(',', (string) ($mobile['text']['user_source'] ?? '')));
    foreach ($servers as $server) {
        $asked = [...$asked, ...(isset($server['disable']) ? [] : explode(',', (string) ($server['authmode'] ?? '')))];
    }
    $reached = [];
    foreach ($backends as $backend) {
        $name = (string) ($backend['name'] ?? '');
        if (($backend['type'] ?? '') !== 'ldap' || !in_array($name, $asked, true)) {
            continue;
        }
        $host = (string) ($backend['host'] ?? '');
        $isEncrypted = str_contains((string) ($backend['ldap_urltype'] ?? ''), 'SSL');
        $port = (int) (($backend['ldap_port'] ?? '') ?: ($isEncrypted ? 636 : 389));
        $host = str_contains($host, ':') && $host[0] !== '[' ? "[$host]" : $host;
        if (!function_exists('stream_socket_client') || McpBox::secondsLeft() < 4) {
            $reached[] = ['name' => $name, 'port' => $port, 'isOpen' => null];
            continue;
        }
        $socket = @stream_socket_client("tcp://$host:$port", $code, $message, 2);
        $reached[] = ['name' => $name, 'port' => $port, 'isOpen' => $socket !== false];
        if ($socket !== false) {
            fclose($socket);
        }
    }

    $processes = [];
    $revocations = [];
    foreach ($servers as $server) {
        $id = (string) ($server['vpnid'] ?? '');
        if (!ctype_digit($id) || isset($server['disable'])) {
            continue;
        }
        $isRunning = function_exists('isvalidpid') ? (bool) isvalidpid("/var/run/openvpn_server$id.pid") : null;
        $processes[] = ['vpnid' => $id, 'isRunning' => $isRunning];
        // What the daemon reads, which may be older than the configuration.
        foreach (array_slice(glob("/var/etc/openvpn/server$id/ca/*.r*") ?: [], 0, 5) as $file) {
            $text = McpBox::run(['/usr/bin/openssl', 'crl', '-noout', '-nextupdate', '-text', '-in', $file], '', 3);
            preg_match('/^nextUpdate=(.+)$/m', $text['stdout'], $next);
            preg_match_all('/^ +Serial Number: ([0-9A-F]+)\s*$/m', $text['stdout'], $serials);
            $revocations[] = [
                'vpnid' => $id,
                'nextUpdate' => isset($next[1]) ? (strtotime($next[1]) ?: null) : null,
                'serials' => $text['code'] === 0 && !$text['truncated'] ? array_slice($serials[1], 0, 20000) : null,
            ];
        }
    }
    return [
        'servers' => $servers,
        'overrides' => $overrides,
        'users' => $users,
        'groups' => $groups,
        'backends' => $backends,
        'mobile' => $mobile,
        'live' => ['reached' => $reached, 'processes' => $processes, 'revocations' => $revocations],
        'now' => time(),
    ];
};
