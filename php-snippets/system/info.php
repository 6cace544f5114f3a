<?php
/**
 * What system/status does not say of this firewall: patch level, operating system, hardware.
 *
 * @effect read
 * @class  simple
 * @since  2.7.0
 */
return static function (array $in): array {
    $read = static fn (string $file): ?string => is_readable($file) ? trim((string) file_get_contents($file)) : null;
    $kernel = McpBox::sysctl('hw.model', 'hw.ncpu', 'hw.physmem', 'kern.boottime', 'kern.ostype', 'kern.osrelease', 'hw.machine');
    $booted = preg_match('/sec = (\d+)/', $kernel['kern.boottime'] ?? '', $match) ? (int) $match[1] : null;
    return [
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
        'timezone' => (string) config_get_path('system/timezone', ''),
    ];
};
