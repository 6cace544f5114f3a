<?php
/**
 * Packages of pfSense that are installed, and those of the catalogue that was fetched last.
 *
 * @effect read
 * @class  firewall
 * @since  2.7.0
 */
return static function (array $in): array {
    $pkg = '/usr/local/sbin/pkg-static';
    // Names may hold hyphens, versions never do.
    $read = static function (string $text): array {
        $packages = [];
        preg_match_all('/^(pfSense-pkg-\S+)-([^\s-]+)(?:[ \t]+(.*))?$/m', $text, $found, PREG_SET_ORDER);
        foreach ($found as $match) {
            $packages[$match[1]] = ['version' => $match[2], 'comment' => trim($match[3] ?? '')];
        }
        return $packages;
    };
    $installed = McpBox::run([$pkg, 'info', '-g', 'pfSense-pkg-*'], '', 8);
    // -U: the catalogue as it is. To fetch a new one is no read, and takes a minute where the network is slow.
    $search = McpBox::run([$pkg, 'search', '-U', '-r', 'pfSense', '-g', 'pfSense-pkg-*'], '', 8);
    $known = $search['code'] === 0 ? $read($search['stdout']) : null;
    $here = $read($installed['stdout']);
    $updates = [];
    foreach ($known === null ? [] : $here as $name => $package) {
        $offered = $known[$name]['version'] ?? $package['version'];
        if ($offered !== $package['version'] && McpBox::secondsLeft() > 0.8) {
            $order = McpBox::run([$pkg, 'version', '-t', $package['version'], $offered], '', 2);
            $updates[$name] = trim($order['stdout']) === '<';
        }
    }
    $dates = array_map('filemtime', array_filter(['/var/db/pkg/repos/pfSense/db', '/var/db/pkg/repo-pfSense.sqlite'], 'is_file'));
    $configured = array_filter((array) config_get_path('installedpackages/package', []), 'is_array');
    return [
        'installed' => $installed['code'] === 0 ? (object) $here : null,
        'available' => $known === null ? null : (object) $known,
        'updates' => (object) $updates,
        'catalogueAt' => $dates === [] ? null : (int) max($dates),
        'configured' => array_values(array_map(static fn (array $package): array => [
            'name' => (string) ($package['name'] ?? ''),
            'version' => (string) ($package['version'] ?? ''),
            'description' => (string) ($package['descr'] ?? ''),
        ], $configured)),
    ];
};
