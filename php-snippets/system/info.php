<?php
/**
 * What this firewall is: names, versions, hardware, last configuration change, changes not applied yet.
 *
 * @effect read
 * @class  simple
 * @since  2.7.0
 */
return static function (array $in): array {
    $read = static fn (string $file): ?string => is_readable($file) ? trim((string) file_get_contents($file)) : null;
    $kernel = McpBox::sysctl('hw.model', 'hw.ncpu', 'hw.physmem', 'kern.boottime', 'kern.ostype', 'kern.osrelease', 'hw.machine');
    $booted = preg_match('/sec = (\d+)/', $kernel['kern.boottime'] ?? '', $match) ? (int) $match[1] : null;
    $revision = (array) config_get_path('revision', []);
    $dirty = array_map(static fn (string $file): string => basename($file, '.dirty'), glob('/var/run/*.dirty') ?: []);
    return [
        'hostname' => (string) config_get_path('system/hostname', ''),
        'domain' => (string) config_get_path('system/domain', ''),
        'product' => function_exists('g_get') ? (string) g_get('product_label') : 'pfSense',
        'version' => $read('/etc/version'),
        'patch' => $read('/etc/version.patch'),
        'builtAt' => $read('/etc/version.buildtime'),
        'configVersion' => (string) config_get_path('version', ''),
        'operatingSystem' => trim(($kernel['kern.ostype'] ?? '') . ' ' . ($kernel['kern.osrelease'] ?? '')) ?: null,
        'architecture' => $kernel['hw.machine'] ?? null,
        'php' => PHP_VERSION,
        'cpuModel' => $kernel['hw.model'] ?? null,
        'cpuCount' => isset($kernel['hw.ncpu']) ? (int) $kernel['hw.ncpu'] : null,
        'memoryBytes' => isset($kernel['hw.physmem']) ? (int) $kernel['hw.physmem'] : null,
        'bootedAt' => $booted === null ? null : gmdate('c', $booted),
        'uptimeSeconds' => $booted === null ? null : max(0, time() - $booted),
        'now' => date('c'),
        'timezone' => (string) config_get_path('system/timezone', ''),
        'isBooting' => file_exists('/var/run/booting'),
        'lastChange' => isset($revision['time']) ? [
            'at' => gmdate('c', (int) $revision['time']),
            'description' => (string) ($revision['description'] ?? ''),
            'by' => (string) ($revision['username'] ?? ''),
        ] : null,
        'pendingChanges' => array_values($dirty),
    ];
};
