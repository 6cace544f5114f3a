<?php
/**
 * Every assigned interface with its device, addresses, state and counters since boot.
 *
 * @effect read
 * @class  interface
 * @since  2.7.0
 */
require_once 'interfaces.inc';

return static function (array $in): array {
    $vlans = [];
    foreach ((array) config_get_path('vlans/vlan', []) as $vlan) {
        $vlans[$vlan['vlanif'] ?? ''] = ['parent' => $vlan['if'] ?? '', 'tag' => (int) ($vlan['tag'] ?? 0)];
    }
    $groups = [];
    foreach ((array) config_get_path('ifgroups/ifgroupentry', []) as $group) {
        foreach (preg_split('/\s+/', $group['members'] ?? '', -1, PREG_SPLIT_NO_EMPTY) as $member) {
            $groups[$member][] = $group['ifname'] ?? '';
        }
    }
    $number = static fn (array $info, string $key): ?int => isset($info[$key]) && is_numeric($info[$key]) ? (int) $info[$key] : null;
    $interfaces = [];
    foreach ((array) config_get_path('interfaces', []) as $id => $settings) {
        $info = (array) get_interface_info($id);
        $device = (string) ($info['if'] ?? $settings['if'] ?? '');
        $mask = (string) ($info['subnet'] ?? '');
        $interfaces[] = [
            'id' => (string) $id,
            'description' => (string) ($settings['descr'] ?? strtoupper((string) $id)),
            'device' => $device,
            'hardware' => (string) ($settings['if'] ?? ''),
            'enabled' => isset($settings['enable']),
            'status' => (string) ($info['status'] ?? 'unknown'),
            'media' => $info['media'] ?? null,
            'mac' => $info['macaddr'] ?? null,
            'mtu' => $number($info, 'mtu'),
            'ipv4' => empty($info['ipaddr']) ? null : [
                'address' => (string) $info['ipaddr'],
                'prefix' => is_numeric($mask) ? (int) $mask : substr_count(decbin((int) ip2long($mask)), '1'),
                'assignedBy' => filter_var($settings['ipaddr'] ?? '', FILTER_VALIDATE_IP) ? 'static' : (string) ($settings['ipaddr'] ?? ''),
            ],
            'ipv6' => empty($info['ipaddrv6']) ? null : [
                'address' => (string) $info['ipaddrv6'],
                'prefix' => $number($info, 'subnetv6'),
                'assignedBy' => filter_var($settings['ipaddrv6'] ?? '', FILTER_VALIDATE_IP) ? 'static' : (string) ($settings['ipaddrv6'] ?? ''),
            ],
            'gateway' => ($settings['gateway'] ?? '') ?: null,
            'vlan' => $vlans[$settings['if'] ?? ''] ?? null,
            'groups' => $groups[$id] ?? [],
            'counters' => [
                'inBytes' => $number($info, 'inbytes'),
                'outBytes' => $number($info, 'outbytes'),
                'inPackets' => $number($info, 'inpkts'),
                'outPackets' => $number($info, 'outpkts'),
                'inErrors' => $number($info, 'inerrs'),
                'outErrors' => $number($info, 'outerrs'),
                'collisions' => $number($info, 'collisions'),
                'inBlockedPackets' => $number($info, 'inpktsblock'),
                'outBlockedPackets' => $number($info, 'outpktsblock'),
            ],
        ];
    }
    $entries = static fn (string $path): array => array_values(array_filter((array) config_get_path($path, []), 'is_array'));
    $text = static fn (array $entry, string $key): string => is_scalar($entry[$key] ?? null) ? (string) $entry[$key] : '';
    $words = static fn (array $entry): array => preg_split('/[\s,]+/', $text($entry, 'members'), -1, PREG_SPLIT_NO_EMPTY);
    $whole = static fn (array $entry, string $key): ?int => ctype_digit($text($entry, $key)) ? (int) $text($entry, $key) : null;
    return [
        'interfaces' => $interfaces,
        'topology' => [
            'laggs' => array_map(
                static fn (array $lagg): array => ['device' => $text($lagg, 'laggif'), 'protocol' => $text($lagg, 'proto'), 'members' => $words($lagg)],
                $entries('laggs/lagg'),
            ),
            'bridges' => array_map(
                static fn (array $bridge): array => ['device' => $text($bridge, 'bridgeif'), 'members' => $words($bridge)],
                $entries('bridges/bridged'),
            ),
            // Field by field: the password of a CARP address stays here.
            'virtualIps' => array_map(static fn (array $vip): array => [
                'interface' => $text($vip, 'interface'),
                'address' => $text($vip, 'subnet'),
                'prefix' => $whole($vip, 'subnet_bits'),
                'mode' => $text($vip, 'mode'),
                'vhid' => $whole($vip, 'vhid'),
                'description' => $text($vip, 'descr'),
            ], $entries('virtualip/vip')),
        ],
    ];
};
