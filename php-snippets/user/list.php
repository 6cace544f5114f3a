<?php
/**
 * Local users and groups, their privileges and authentication servers, without passwords and keys.
 *
 * @effect read
 * @class  simple
 * @since  2.7.0
 */
return static function (array $in): array {
    $items = static fn (string $path): array => array_values(array_filter((array) config_get_path($path, []), 'is_array'));
    $texts = static fn (array $entry, string ...$keys): array => array_map('strval', array_filter(array_intersect_key($entry, array_flip($keys)), 'is_scalar'));
    $list = static fn (mixed $value): array => array_values(array_map('strval', array_filter((array) $value, static fn ($item): bool => is_scalar($item) && $item !== '')));
    return [
        'users' => array_map(static fn (array $user): array => [
            ...$texts($user, 'name', 'descr', 'scope', 'uid', 'expires'),
            ...(isset($user['disabled']) ? ['disabled' => ''] : []),
            'priv' => $list($user['priv'] ?? []),
            'cert' => $list($user['cert'] ?? []),
            // Only how many: each key is a line.
            'keys' => (string) preg_match_all('/^\s*[^#\s]/m', (string) base64_decode((string) ($user['authorizedkeys'] ?? ''), true)),
            'hasIpsecKey' => empty($user['ipsecpsk']) ? 'no' : 'yes',
        ], $items('system/user')),
        'groups' => array_map(static fn (array $group): array => [
            ...$texts($group, 'name', 'description', 'scope', 'gid'),
            'member' => $list($group['member'] ?? []),
            'priv' => $list($group['priv'] ?? []),
        ], $items('system/group')),
        'servers' => array_map(
            static fn (array $server): array => $texts($server, 'name', 'type', 'host', 'ldap_port', 'ldap_urltype', 'radius_protocol', 'radius_auth_port'),
            $items('system/authserver'),
        ),
        'authmode' => (string) config_get_path('system/webgui/authmode', ''),
    ];
};
