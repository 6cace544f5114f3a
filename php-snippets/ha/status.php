<?php
/**
 * CARP addresses with their states, state synchronisation, settings that are sent to the peer, maintenance.
 *
 * @effect read
 * @class  interface
 * @since  2.7.0
 */
require_once 'interfaces.inc';

return static function (array $in): array {
    $items = static fn (string $path): array => array_values(array_filter((array) config_get_path($path, []), 'is_array'));
    $texts = static fn (array $entry, string ...$keys): array => array_map('strval', array_filter(array_intersect_key($entry, array_flip($keys)), 'is_scalar'));
    $listing = McpBox::run(['/sbin/ifconfig']);
    $states = [];
    $device = '';
    $pfsync = null;
    foreach (explode("\n", $listing['stdout']) as $line) {
        if (preg_match('/^(\S+): flags=\S+/', $line, $match)) {
            $device = $match[1];
            if ($device === 'pfsync0') {
                $pfsync = str_contains($line, 'UP') && str_contains($line, 'RUNNING') ? 'running' : 'down';
            }
        } elseif (preg_match('/^\s+carp: (\w+) vhid (\d+)/', $line, $match)) {
            $states["$device $match[2]"] = $match[1];
        }
    }
    $vips = [];
    foreach ($items('virtualip/vip') as $vip) {
        if (($vip['mode'] ?? '') !== 'carp') {
            continue;
        }
        $real = (string) get_real_interface((string) ($vip['interface'] ?? ''));
        $vips[] = [
            ...$texts($vip, 'interface', 'vhid', 'advbase', 'advskew', 'subnet', 'subnet_bits', 'descr', 'uniqid'),
            'device' => $real,
            'state' => $listing['code'] !== 0 ? null : ($states["$real " . ($vip['vhid'] ?? '')] ?? 'absent'),
        ];
    }
    $kernel = McpBox::sysctl('net.inet.carp.allow', 'net.inet.carp.demotion', 'net.inet.carp.preempt');
    $sync = (array) config_get_path('hasync', []);
    $number = static fn (string $name): ?int => isset($kernel[$name]) && is_numeric($kernel[$name]) ? (int) $kernel[$name] : null;
    return [
        'vips' => $vips,
        'allow' => $number('net.inet.carp.allow'),
        'demotion' => $number('net.inet.carp.demotion'),
        'preempt' => $number('net.inet.carp.preempt'),
        'isMaintenance' => config_get_path('virtualip_carp_maintenancemode') !== null,
        'pfsyncState' => $listing['code'] === 0 ? ($pfsync ?? 'absent') : null,
        'sync' => $texts($sync, 'pfsyncenabled', 'pfsyncinterface', 'pfsyncpeerip', 'synchronizetoip', 'username'),
        'sections' => array_values(array_filter(array_keys($sync), static fn (string $key): bool => str_starts_with($key, 'synchronize') && $key !== 'synchronizetoip' && $sync[$key] === 'on')),
        'interfaces' => (object) array_map(
            static fn (array $entry): string => (string) ($entry['descr'] ?? ''),
            array_filter((array) config_get_path('interfaces', []), 'is_array'),
        ),
    ];
};
