<?php
/**
 * The way by which this session reached the firewall, as the firewall sees it, and what its interfaces are now.
 *
 * @effect read
 * @class  interface
 * @since  2.7.0
 */
return static function (array $in): array {
    $words = explode(' ', (string) getenv('SSH_CONNECTION'));
    $family = str_contains($words[0], ':') ? ['-inet6'] : [];
    $route = count($words) === 4 ? McpBox::run(['/sbin/route', '-n', 'get', ...$family, $words[0]], '', 3)['stdout'] : '';
    $names = McpBox::run(['/sbin/pfctl', '-s', 'Tables'], '', 3);
    $tables = $names['code'] === 0 ? array_values(array_filter(explode("\n", $names['stdout']), 'strlen')) : null;
    // Tables that pfSense's own rules block by, whatever the configuration says.
    $tests = [];
    foreach (array_intersect(['sshguard', 'virusprot', 'snort2c', 'bogons', 'bogonsv6'], $tables ?? []) as $table) {
        foreach (array_unique(array_filter([$words[0], $words[2] ?? '', ...$in['addresses']], static fn (string $text): bool => @inet_pton($text) !== false)) as $address) {
            if (McpBox::secondsLeft() > 0.8) {
                $tests[$table][$address] = McpBox::run(['/sbin/pfctl', '-t', $table, '-T', 'test', $address], '', 2)['code'] === 0;
            }
        }
    }
    $devices = [];
    foreach (array_filter((array) config_get_path('interfaces', []), 'is_array') as $key => $settings) {
        $devices[$key] = (string) (function_exists('get_real_interface') ? get_real_interface($key) : $settings['if'] ?? '');
    }
    $addresses = [];
    $device = null;
    foreach (explode("\n", McpBox::run(['/sbin/ifconfig'])['stdout']) as $line) {
        if (preg_match('/^([a-z0-9_.]+): flags/i', $line, $match)) {
            $device = $match[1];
            $addresses[$device] = [];
        } elseif ($device !== null && preg_match('/^\s+inet ([0-9.]+).* netmask 0x([0-9a-f]{8})/', $line, $match)) {
            $addresses[$device][] = $match[1] . '/' . substr_count(decbin((int) hexdec($match[2])), '1');
        } elseif ($device !== null && preg_match('/^\s+inet6 ([0-9a-f:]+)(?:%\S+)? prefixlen (\d+)/', $line, $match)) {
            $addresses[$device][] = "{$match[1]}/{$match[2]}";
        }
    }
    return [
        'connection' => count($words) === 4 ? ['client' => $words[0], 'clientPort' => (int) $words[1], 'server' => $words[2], 'serverPort' => (int) $words[3]] : null,
        'user' => (getenv('SUDO_USER') ?: getenv('USER') ?: getenv('LOGNAME')) ?: null,
        'replyDevice' => preg_match('/^\s*interface: (\S+)/m', $route, $match) ? $match[1] : null,
        'devices' => (object) array_filter($devices, 'strlen'),
        'addresses' => (object) $addresses,
        'tables' => $tables,
        'tests' => (object) $tests,
        'hasPending' => array_filter(['filter', 'natconf', 'aliases'], static fn (string $name): bool => is_file("/var/run/$name.dirty")) !== [],
        'localTime' => date('Y-m-d\TH:i:s'),
    ];
};
