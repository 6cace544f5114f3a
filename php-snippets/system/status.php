<?php
/**
 * How this firewall is doing now: load, CPU, memory, swap, disks, state table, mbufs, temperature, pf.
 *
 * @effect read
 * @class  simple
 * @since  2.7.0
 */
return static function (array $in): array {
    $unavailable = [];
    $missing = static function (string $what, string $why) use (&$unavailable) {
        $unavailable[$what] = $why;
        return null;
    };
    $ticks = static function (): array {
        $times = preg_split('/\s+/', trim(McpBox::sysctl('kern.cp_time')['kern.cp_time'] ?? ''), -1, PREG_SPLIT_NO_EMPTY);
        return array_map('intval', $times);
    };
    $before = $ticks();
    $kernel = McpBox::sysctl(
        'vm.loadavg', 'hw.physmem', 'hw.pagesize', 'vm.stats.vm.v_page_count', 'vm.stats.vm.v_free_count',
        'vm.stats.vm.v_inactive_count', 'vm.stats.vm.v_laundry_count', 'vm.stats.vm.v_wire_count',
        'kstat.zfs.misc.arcstats.size', 'dev.cpu.0.temperature', 'hw.acpi.thermal.tz0.temperature',
    );
    $swap = McpBox::run(['/usr/sbin/swapinfo', '-k']);
    $disks = McpBox::run(['/bin/df', '-k', '-t', 'ufs,zfs,tmpfs']);
    $pf = McpBox::run(['/sbin/pfctl', '-si']);
    $limits = McpBox::run(['/sbin/pfctl', '-sm']);
    $mbufs = McpBox::run(['/usr/bin/netstat', '-m']);
    usleep(300000);
    $after = $ticks();

    $spent = count($before) === 5 && count($after) === 5 ? array_sum($after) - array_sum($before) : 0;
    $cpu = $spent > 0 ? round(100 * (1 - ($after[4] - $before[4]) / $spent), 1) : null;

    // Every platform of pfSense has pages of 4 KiB; the variable is asked all the same.
    $page = (int) ($kernel['hw.pagesize'] ?? 4096);
    $pages = static fn (string $name): int => $page * (int) ($kernel["vm.stats.vm.v_{$name}_count"] ?? 0);
    $memory = isset($kernel['vm.stats.vm.v_free_count']) ? [
        'totalBytes' => (int) ($kernel['hw.physmem'] ?? $pages('page')),
        'freeBytes' => $pages('free'),
        'inactiveBytes' => $pages('inactive') + $pages('laundry'),
        'wiredBytes' => $pages('wire'),
        // The ZFS cache counts as wired and is given back on demand: it is not memory in use.
        'zfsCacheBytes' => (int) ($kernel['kstat.zfs.misc.arcstats.size'] ?? 0),
    ] : null;

    $mounts = [];
    foreach (array_slice(explode("\n", trim($disks['stdout'])), 1) as $line) {
        $field = preg_split('/\s+/', trim($line), 6);
        if (count($field) === 6 && ctype_digit($field[1])) {
            $mounts[] = ['mount' => $field[5], 'totalBytes' => 1024 * (int) $field[1], 'usedBytes' => 1024 * (int) $field[2]];
        }
    }
    $devices = array_filter(explode("\n", $swap['stdout']), static fn (string $line): bool => str_starts_with($line, '/dev/'));
    $swapped = array_map(static fn (string $line): array => preg_split('/\s+/', $line), array_values($devices));

    $states = preg_match('/current entries\s+(\d+)/', $pf['stdout'], $now) ? (int) $now[1] : null;
    $limit = preg_match('/^states\s+hard limit\s+(\d+)/m', $limits['stdout'], $most) ? (int) $most[1] : null;
    $clusters = preg_match('~^(\d+)/\d+/\d+/(\d+) mbuf clusters~m', $mbufs['stdout'], $used);
    $celsius = (float) ($kernel['dev.cpu.0.temperature'] ?? $kernel['hw.acpi.thermal.tz0.temperature'] ?? 0);

    return [
        'loadAverage' => preg_match_all('/\d+\.\d+/', $kernel['vm.loadavg'] ?? '', $loads) === 3
            ? array_map('floatval', $loads[0]) : $missing('loadAverage', 'the kernel did not say'),
        'cpuPercent' => $cpu ?? $missing('cpuPercent', 'two samples could not be taken'),
        'memory' => $memory ?? $missing('memory', 'the kernel did not say'),
        'swap' => $swap['code'] !== 0 ? $missing('swap', 'swapinfo failed') : [
            'totalBytes' => 1024 * (int) array_sum(array_column($swapped, 1)),
            'usedBytes' => 1024 * (int) array_sum(array_column($swapped, 2)),
        ],
        'disks' => $mounts !== [] ? $mounts : $missing('disks', 'df listed no file system'),
        'states' => $states === null ? $missing('states', 'pfctl did not say') : ['current' => $states, 'limit' => $limit],
        'mbufClusters' => $clusters ? ['current' => (int) $used[1], 'limit' => (int) $used[2]]
            : $missing('mbufClusters', 'netstat did not say'),
        'temperatureCelsius' => $celsius > 0 ? $celsius : $missing('temperatureCelsius', 'no sensor is known'),
        'packetFilter' => preg_match('/^Status: (Enabled|Disabled)/m', $pf['stdout'], $status)
            ? strtolower($status[1]) : $missing('packetFilter', 'pfctl did not say'),
        'unavailable' => (object) $unavailable,
    ];
};
