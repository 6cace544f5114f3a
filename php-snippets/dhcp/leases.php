<?php
/**
 * What both DHCP servers have given out, what is fixed for whom, and who answers on the network.
 *
 * @effect read
 * @class  firewall
 * @since  2.7.0
 */
return static function (array $in): array {
    $firstOf = static function (string ...$files): ?string {
        foreach ($files as $file) {
            if (is_file($file)) {
                return $file;
            }
        }
        return null;
    };
    // Kea appends a row for every change and cleans up in the background, in files beside the first one.
    $kea = static function (int $family) use ($firstOf): array {
        $base = $firstOf("/var/db/kea/dhcp{$family}.leases", "/var/lib/kea/dhcp{$family}.leases");
        if ($base === null) {
            return ['file' => 'missing', 'header' => '', 'rows' => []];
        }
        $older = is_file("$base.completed") ? ["$base.completed"] : ["$base.2", "$base.1"];
        $header = '';
        $rows = [];
        foreach ([...array_filter($older, 'is_file'), $base] as $file) {
            $handle = @fopen($file, 'r');
            if ($handle === false) {
                return ['file' => 'unreadable', 'header' => '', 'rows' => []];
            }
            while (($line = fgets($handle, 8192)) !== false) {
                $line = rtrim($line, "\r\n");
                $address = strtok($line, ',');
                if ($address === 'address') {
                    $header = $line;
                } elseif ($address !== false) {
                    unset($rows[$address]);
                    $rows[$address] = substr($line, 0, 1000);
                }
            }
            fclose($handle);
        }
        return ['file' => 'read', 'header' => $header, 'rows' => array_values($rows)];
    };
    // ISC appends whole blocks; of an address the last one counts.
    $isc = static function (string $file): array {
        if (!is_file($file)) {
            return ['file' => 'missing', 'blocks' => []];
        }
        $handle = @fopen($file, 'r');
        if ($handle === false) {
            return ['file' => 'unreadable', 'blocks' => []];
        }
        $blocks = [];
        $name = null;
        $outer = '';
        while (($line = fgets($handle, 8192)) !== false) {
            $line = trim($line);
            if (preg_match('/^ia-(na|ta|pd) /', $line, $match)) {
                $outer = "ia $match[1]";
            } elseif (preg_match('/^(?:lease|iaaddr|iaprefix) (\S+) \{$/', $line, $match)) {
                $name = $match[1];
                unset($blocks[$name]);
                $blocks[$name] = "$name\n" . ($outer === '' ? '' : "$outer\n");
            } elseif ($line === '}') {
                $outer = $name === null ? '' : $outer;
                $name = null;
            } elseif ($name !== null && strlen($blocks[$name]) < 2000) {
                $blocks[$name] .= "$line\n";
            }
        }
        fclose($handle);
        return ['file' => 'read', 'blocks' => array_values($blocks)];
    };
    $chosen = static fn (array $entry, string ...$keys): array => array_intersect_key($entry, array_flip($keys));
    $server = static function (array $entry) use ($chosen): array {
        $maps = array_filter((array) ($entry['staticmap'] ?? []), 'is_array');
        $pools = array_filter((array) ($entry['pool'] ?? []), 'is_array');
        return [
            ...$chosen($entry, 'enable', 'range'),
            'pool' => array_values(array_map(static fn (array $pool): array => $chosen($pool, 'range'), $pools)),
            'staticmap' => array_values(array_map(
                static fn (array $map): array => $chosen($map, 'mac', 'duid', 'cid', 'ipaddr', 'ipaddrv6', 'hostname', 'descr', 'arp_table_static_entry'),
                $maps,
            )),
        ];
    };
    $servers = static fn (string $section): object => (object) array_map(
        $server,
        array_filter((array) config_get_path($section, []), static fn ($entry): bool => is_array($entry) && !array_is_list($entry)),
    );
    $neighbours = [];
    $arp = McpBox::run(['/usr/sbin/arp', '-an'], '', 5);
    preg_match_all('/^\S+ \((\S+)\) at ([0-9a-f:]{17}) on (\S+)/m', $arp['stdout'], $found, PREG_SET_ORDER);
    foreach ($found as [, $address, $mac, $device]) {
        $neighbours[] = ['address' => $address, 'mac' => $mac, 'device' => $device];
    }
    $ndp = McpBox::run(['/usr/sbin/ndp', '-an'], '', 5);
    preg_match_all('/^([0-9a-f:.]+)\S* +([0-9a-f:]{17}) +(\S+)/m', $ndp['stdout'], $found, PREG_SET_ORDER);
    foreach ($found as [, $address, $mac, $device]) {
        $neighbours[] = ['address' => $address, 'mac' => $mac, 'device' => $device];
    }
    return [
        'backend' => config_get_path('dhcpbackend') === 'kea' ? 'kea' : 'isc',
        'servers' => $servers('dhcpd'),
        'servers6' => $servers('dhcpdv6'),
        'interfaces' => (object) array_map(
            static fn (array $entry): array => array_map('strval', array_filter($chosen($entry, 'descr', 'if', 'ipaddr', 'subnet', 'ipaddrv6', 'subnetv6'), 'is_scalar')),
            array_filter((array) config_get_path('interfaces', []), 'is_array'),
        ),
        'kea4' => $kea(4),
        'kea6' => $kea(6),
        'isc4' => $isc('/var/dhcpd/var/db/dhcpd.leases'),
        'isc6' => $isc('/var/dhcpd/var/db/dhcpd6.leases'),
        'neighbours' => $arp['code'] === 0 ? $neighbours : null,
        'hasNdp' => $ndp['code'] === 0,
        'now' => time(),
    ];
};
