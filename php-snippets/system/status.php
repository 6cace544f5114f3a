<?php
/**
 * How this firewall is doing now, in one go: who it is, load and memory, and everything that asks for attention.
 *
 * @effect read
 * @class  interface
 * @since  2.7.0
 */
require_once 'interfaces.inc';
require_once 'gwlb.inc';
require_once 'service-utils.inc';
require_once 'notices.inc';

return static function (array $in): array {
    $time = McpBox::secondsLeft();
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
        'kern.boottime', 'kstat.zfs.misc.arcstats.size', 'dev.cpu.0.temperature', 'hw.acpi.thermal.tz0.temperature',
    );
    $swap = McpBox::run(['/usr/sbin/swapinfo', '-k']);
    $disks = McpBox::run(['/bin/df', '-k', '-t', 'ufs,zfs,tmpfs']);
    $pf = McpBox::run(['/sbin/pfctl', '-si']);
    $limits = McpBox::run(['/sbin/pfctl', '-sm']);
    $mbufs = McpBox::run(['/usr/bin/netstat', '-m']);

    // What follows takes time of its own, so the two samples of the CPU lie around it.
    $sampled = hrtime(true);
    $interfacesDown = [];
    $interfaces = [];
    foreach ((array) config_get_path('interfaces', []) as $id => $settings) {
        if (is_array($settings) && isset($settings['enable'])) {
            $seen = get_interface_info($id);
            $linked = (string) ($seen['status'] ?? 'unknown');
            $interfaces[($settings['descr'] ?? strtoupper((string) $id)) . " ($id)"] = implode(' ', array_filter([$linked, (string) ($seen['ipaddr'] ?? ''), (string) ($seen['ipaddrv6'] ?? '')]));
            if (!in_array($linked, ['up', 'associated'], true)) {
                $interfacesDown[] = ['id' => (string) $id, 'name' => (string) ($settings['descr'] ?? strtoupper((string) $id)), 'status' => $linked];
            }
        }
    }
    // What fails in pfSense's functions, or in the PHP that packages bring for their services, is unknown; the rest is
    // told all the same.
    $gateways = null;
    try {
        $isTime = McpBox::secondsLeft() > $time / 2;
        $gateways = $isTime ? [] : $missing('gateways', 'there was no time left');
        foreach ($isTime ? McpBox::gateways() : [] as ['gateway' => $gateway, 'state' => $monitor]) {
            $gateways[] = [
                'name' => $gateway['name'],
                'isDisabled' => isset($gateway['disabled']) && $gateway['disabled'] !== false,
                'isForcedDown' => isset($gateway['force_down']),
                'isMonitored' => !isset($gateway['monitor_disable']),
                'said' => $monitor['status'] ?? null,
                'substatus' => $monitor['substatus'] ?? null,
            ];
        }
    } catch (McpOverdue $overdue) {
        throw $overdue;
    } catch (Throwable) {
        $gateways = $missing('gateways', 'pfSense failed to ask the monitors');
    }
    $services = [];
    $runs = [];
    try {
        $listed = McpBox::secondsLeft() > 0.5 ? (array) get_services() : [];
    } catch (McpOverdue $overdue) {
        throw $overdue;
    } catch (Throwable) {
        $listed = [];
        $services = $missing('servicesStopped', 'pfSense failed to list the services');
    }
    foreach ($listed as $service) {
        $name = (string) ($service['name'] ?? '');
        try {
            if ($name !== '' && McpBox::secondsLeft() > 0.5) {
                $isRunning = (bool) get_service_status($service);
                $which = trim(implode(' ', [$name, $service['mode'] ?? '', $service['vpnid'] ?? $service['zone'] ?? '']));
                $runs[$which] = $isRunning ? 'running' : 'stopped';
                if (!$isRunning) {
                    $services[] = ['name' => $name, 'description' => (string) ($service['description'] ?? '')];
                }
            }
        } catch (McpOverdue $overdue) {
            throw $overdue;
        } catch (Throwable) {
            $missing('service ' . substr($name, 0, 60), 'its status could not be asked');
        }
    }
    $isLate = McpBox::secondsLeft() <= 0.5;
    $notices = [];
    $hasNotices = is_file('/tmp/notices/notices.serial');
    $isNoticesRead = !$hasNotices || (is_readable('/tmp/notices/notices.serial') && function_exists('get_notices'));
    foreach ($hasNotices && $isNoticesRead ? (array) (get_notices() ?: []) : [] as $time => $notice) {
        // pfSense keeps them as HTML.
        $text = html_entity_decode(strip_tags((string) ($notice['notice'] ?? '')), ENT_QUOTES);
        $notices[] = ['at' => gmdate('c', (int) $time), 'category' => (string) ($notice['category'] ?? ''), 'text' => substr($text, 0, 400)];
    }
    $crashes = array_values(array_filter(
        array_map('basename', glob('/var/crash/*') ?: []),
        static fn (string $file): bool => !preg_match('/.\.last|bounds|minfree/', $file),
    ));
    $expiring = [];
    foreach (['ca', 'cert'] as $section) {
        foreach ((array) config_get_path($section, []) as $entry) {
            $parsed = is_array($entry) && !empty($entry['crt']) && function_exists('openssl_x509_parse')
                ? @openssl_x509_parse((string) base64_decode((string) $entry['crt'])) : false;
            $days = isset($parsed['validTo_time_t']) ? (int) floor(($parsed['validTo_time_t'] - time()) / 86400) : null;
            if ($days !== null && $days <= 30) {
                $expiring[] = ['name' => (string) ($entry['descr'] ?? ''), 'refid' => (string) ($entry['refid'] ?? ''), 'daysLeft' => $days];
            }
        }
    }
    // What is remembered to be compared later; asked for from time to time only.
    $survey = null;
    if (!empty($in['survey'])) {
        $hasTime = McpBox::secondsLeft() > 1;
        $listed = $hasTime ? McpBox::run(['/usr/local/sbin/pkg-static', 'info', '-g', 'pfSense-pkg-*'], '', min(3, McpBox::secondsLeft() / 3)) : ['code' => 1];
        preg_match_all('/^pfSense-pkg-(\S+)-([^\s-]+)(?:\s|$)/m', $listed['stdout'] ?? '', $found, PREG_SET_ORDER);
        $rules = $hasTime ? McpBox::run(['/sbin/pfctl', '-sr'], '', min(3, McpBox::secondsLeft() / 3)) : ['code' => 1];
        $survey = [
            'interfaces' => (object) $interfaces,
            'services' => $isLate || $services === null ? null : (object) $runs,
            'packages' => $listed['code'] === 0 ? (object) array_column($found, 2, 1) : null,
            'rules' => $rules['code'] === 0 ? substr_count($rules['stdout'], "\n") : null,
        ];
    }
    $revision = (array) config_get_path('revision', []);
    $booted = preg_match('/sec = (\d+)/', $kernel['kern.boottime'] ?? '', $match) ? (int) $match[1] : null;
    usleep((int) max(0, 300000 - (hrtime(true) - $sampled) / 1000));
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
        'info' => [
            'hostname' => (string) config_get_path('system/hostname', ''),
            'domain' => (string) config_get_path('system/domain', ''),
            'product' => function_exists('g_get') ? (string) g_get('product_label') : 'pfSense',
            'version' => is_readable('/etc/version') ? trim((string) file_get_contents('/etc/version')) : null,
            'uptimeSeconds' => $booted === null ? null : max(0, time() - $booted),
            'now' => date('c'),
            'isBooting' => file_exists('/var/run/booting'),
            'lastChange' => isset($revision['time']) ? [
                'at' => gmdate('c', (int) $revision['time']),
                'description' => (string) ($revision['description'] ?? ''),
                'by' => (string) ($revision['username'] ?? ''),
            ] : null,
        ],
        'attention' => [
            'pendingChanges' => McpBox::pendingChanges(),
            'interfacesDown' => $interfacesDown,
            'gateways' => $gateways,
            'servicesStopped' => $isLate ? $missing('servicesStopped', 'there was no time left') : $services,
            'notices' => $isNoticesRead ? array_slice(array_reverse($notices), 0, 20) : $missing('notices', 'they could not be read'),
            'noticeCount' => count($notices),
            'crashReports' => ['files' => array_slice($crashes, 0, 20), 'phpErrorBytes' => (int) @filesize('/tmp/PHP_errors.log')],
            'certificatesExpiring' => function_exists('openssl_x509_parse') ? array_slice($expiring, 0, 20)
                : $missing('certificatesExpiring', 'PHP has no OpenSSL here'),
        ],
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
        'survey' => $survey,
    ];
};
