<?php
/**
 * Everything this firewall knows of one address, found by the address itself, a MAC or a host name.
 *
 * @effect read
 * @class  firewall
 * @since  2.7.0
 */
require_once 'openvpn.inc';

return static function (array $in): array {
    $wanted = strtolower((string) ($in['host'] ?? ''));
    if (!preg_match('/^[a-z0-9_:][a-z0-9_.:-]{0,252}$/', $wanted)) {
        McpBox::fail('bad_input', 'A host is named by its address, its MAC or a host name.');
    }
    $isIp = static fn (string $text): bool => filter_var($text, FILTER_VALIDATE_IP) !== false;
    $same = static fn (string $left, string $right): bool => $isIp($left) && $isIp($right) && inet_pton($left) === inet_pton($right);
    $items = static fn (string $path): array => array_values(array_filter((array) config_get_path($path, []), 'is_array'));
    $texts = static fn (array $entry, string ...$keys): array => array_map('strval', array_filter(array_intersect_key($entry, array_flip($keys)), 'is_scalar'));
    $isNamed = static fn (string $name): bool => $name !== '' && (strtolower($name) === $wanted || str_starts_with(strtolower($name), "$wanted."));

    $neighbours = [];
    $arp = McpBox::run(['/usr/sbin/arp', '-an'], '', 4);
    preg_match_all('/^\S+ \((\S+)\) at ([0-9a-f:]{17}) on (\S+)/m', $arp['stdout'], $four, PREG_SET_ORDER);
    $ndp = McpBox::run(['/usr/sbin/ndp', '-an'], '', 4);
    preg_match_all('/^([0-9a-f:.]+)\S* +([0-9a-f:]{17}) +(\S+)/m', $ndp['stdout'], $six, PREG_SET_ORDER);
    foreach ([...$four, ...$six] as [, $known, $mac, $device]) {
        $neighbours[] = ['address' => $known, 'mac' => $mac, 'device' => $device];
    }

    // What DHCP or PPPoE gave the firewall stands in no configuration.
    $own = [];
    $links = McpBox::run(['/sbin/ifconfig'], '', 4);
    foreach (explode("\n", $links['stdout']) as $line) {
        if (preg_match('/^(\S+): flags=/', $line, $match)) {
            $device = $match[1];
        } elseif (preg_match('/^\s+inet6? ([0-9a-f.:]+)/', $line, $match)) {
            $own[] = ['address' => $match[1], 'device' => $device ?? ''];
        }
    }

    $maps = [];
    foreach (['dhcpd' => 'ipaddr', 'dhcpdv6' => 'ipaddrv6'] as $section => $key) {
        foreach (array_filter((array) config_get_path($section, []), 'is_array') as $id => $server) {
            foreach (array_filter((array) ($server['staticmap'] ?? []), 'is_array') as $map) {
                if ($same((string) ($map[$key] ?? ''), $wanted) || strtolower((string) ($map['mac'] ?? '')) === $wanted || $isNamed((string) ($map['hostname'] ?? ''))) {
                    $maps[] = ['interface' => (string) $id, 'address' => (string) ($map[$key] ?? ''), ...$texts($map, 'mac', 'hostname', 'descr')];
                }
            }
        }
    }
    $overrides = [];
    foreach (['unbound/hosts', 'dnsmasq/hosts'] as $path) {
        foreach ($items($path) as $entry) {
            $name = trim(($entry['host'] ?? '') . '.' . ($entry['domain'] ?? ''), '.');
            foreach (explode(',', (string) ($entry['ip'] ?? '')) as $known) {
                if ($same(trim($known), $wanted) || $isNamed($name)) {
                    $overrides[] = ['name' => $name, 'address' => trim($known)];
                }
            }
        }
    }
    // Which address is meant: the asked one, else the first that is known under that MAC or name.
    $address = $isIp($wanted) ? $wanted : '';
    $byMac = array_filter($neighbours, static fn (array $row): bool => $row['mac'] === $wanted);
    foreach ([array_column($byMac, 'address'), array_column($maps, 'address'), array_column($overrides, 'address')] as $candidates) {
        $valid = array_values(array_filter(array_map('strval', $candidates), $isIp));
        $address = $address !== '' ? $address : ($valid[0] ?? '');
    }

    // Of both servers, the last word on each address.
    $unread = [];
    $open = static function (string $file) use (&$unread): mixed {
        $handle = is_file($file) ? @fopen($file, 'r') : false;
        if ($handle === false && is_file($file)) {
            $unread['leases'] = true;
        }
        return $handle;
    };
    $rows = [];
    $header = '';
    foreach ([4, 6] as $family) {
        $bases = array_filter(["/var/db/kea/dhcp$family.leases", "/var/lib/kea/dhcp$family.leases"], 'is_file');
        $base = reset($bases);
        // As in dhcp/leases: after a clean-up most rows are in the files beside the first one.
        $older = is_file("$base.completed") ? ["$base.completed"] : ["$base.2", "$base.1"];
        foreach ($base === false ? [] : [...array_filter($older, 'is_file'), $base] as $file) {
            $handle = $open($file);
            while ($handle !== false && ($line = fgets($handle, 8192)) !== false) {
                $line = rtrim($line);
                $known = (string) strtok($line, ',');
                if ($known === 'address') {
                    $header = $line;
                } elseif ($address !== '' ? $same($known, $address) : (stripos($line, ",$wanted") !== false || isset($rows[$known]))) {
                    $rows[$known] = ['header' => $header, 'row' => substr($line, 0, 1000)];
                }
            }
        }
    }
    $blocks = [];
    foreach (['dhcpd.leases', 'dhcpd6.leases'] as $name) {
        $handle = $open("/var/dhcpd/var/db/$name");
        $current = null;
        $block = '';
        while ($handle !== false && ($line = fgets($handle, 8192)) !== false) {
            $line = trim($line);
            if (preg_match('/^(?:lease|iaaddr) (\S+) \{$/', $line, $match)) {
                [$current, $block] = [$match[1], "$match[1]\n"];
            } elseif ($line === '}' && $current !== null) {
                if ($address !== '' ? $same($current, $address) : (stripos($block, "\"$wanted\"") !== false || stripos($block, " $wanted;") !== false || isset($blocks[$current]))) {
                    $blocks[$current] = substr($block, 0, 2000);
                }
                $current = null;
            } elseif ($current !== null) {
                $block .= "$line\n";
            }
        }
    }
    if ($address === '') {
        // An address may since have gone to somebody else.
        $still = static fn (string $text): bool => stripos($text, $wanted) !== false;
        $rows = array_filter($rows, static fn (array $row): bool => $still($row['row']));
        $blocks = array_filter($blocks, $still);
        $address = (string) (array_key_last($rows) ?? array_key_last($blocks) ?? '');
    }

    $vpn = [];
    $silent = 0;
    foreach (McpBox::openVpnServers() as ['server' => $server, 'clients' => $clients]) {
        $silent += $clients === null ? 1 : 0;
        foreach ($clients ?? [] as $client) {
            ['common_name' => $common, 'virtual_addr' => $inside, 'remote_host' => $from] = $client;
            $login = $client['user_name'] !== 'UNDEF' ? $client['user_name'] : '';
            $isHere = $address !== '' && ($same($inside, $address) || $same($client['virtual_addr6'], $address) || str_starts_with($from, "$address:"));
            if ($isHere || $isNamed($login) || $isNamed($common)) {
                $name = ($server['description'] ?? '') ?: 'Server';
                $vpn[] = ['server' => "$name {$server['protocol']}:{$server['local_port']}", 'user' => $login ?: $common, 'from' => $from, 'address' => $inside];
                $address = $address !== '' ? $address : $inside;
            }
        }
    }
    $reverse = null;
    if ($address !== '' && McpBox::secondsLeft() > 1) {
        $drill = McpBox::run(['/usr/bin/drill', '-x', $address], '', 2);
        $reverse = preg_match('/^\S+\s+\d+\s+IN\s+PTR\s+(\S+?)\.?$/m', $drill['stdout'], $match) ? $match[1] : ($drill['code'] === 0 ? '' : null);
    }
    $peers = array_map(static fn (array $peer): array => [
        ...$texts($peer, 'descr', 'tun'),
        'networks' => array_values(array_map(static fn (array $row): string => ($row['address'] ?? '') . '/' . ($row['mask'] ?? ''), array_filter((array) ($peer['allowedips']['row'] ?? []), 'is_array'))),
    ], $items('installedpackages/wireguard/peers/item'));
    $aliases = array_map(static fn (array $alias): array => $texts($alias, 'name', 'type', 'address'), $items('aliases/alias'));

    $states = null;
    $info = McpBox::run(['/sbin/pfctl', '-si'], '', 3);
    $count = preg_match('/current entries\s+(\d+)/', $info['stdout'], $match) ? (int) $match[1] : null;
    if ($address !== '' && $count !== null && $count <= 50000 && McpBox::secondsLeft() > 1) {
        $host = '/(?<![0-9a-f:.])' . preg_quote($address, '/') . '(?![0-9a-f.]|:[0-9a-f]*:)/i';
        $states = ['count' => 0, 'opened' => 0, 'sentBytes' => 0, 'receivedBytes' => 0];
        $isMine = false;
        foreach (McpBox::lines(['/sbin/pfctl', '-vvss'], $succeeded, min(8, McpBox::secondsLeft() - 0.4)) as $line) {
            if (preg_match('/^\S/', $line)) {
                $isMine = (bool) preg_match($host, $line);
                $isOpened = (bool) preg_match('/<- (\S+)/', $line, $match) && preg_match($host, $match[1]);
                $states['count'] += $isMine ? 1 : 0;
                $states['opened'] += $isOpened ? 1 : 0;
            } elseif ($isMine && $isOpened && preg_match('/ (\d+):(\d+) bytes/', $line, $match)) {
                $states['sentBytes'] += (int) $match[1];
                $states['receivedBytes'] += (int) $match[2];
            }
        }
        $states = $succeeded ? $states : null;
    }
    if ($ndp['code'] !== 0) {
        $unread['ndp'] = true;
    }
    $virtual = array_map(
        static fn (array $vip): string => ($vip['subnet'] ?? '') . (($vip['type'] ?? '') === 'network' ? '/' . ($vip['subnet_bits'] ?? '') : ''),
        $items('virtualip/vip'),
    );
    return [
        'address' => $address,
        'unread' => array_keys($unread),
        'own' => $links['code'] === 0 ? $own : null,
        'virtual' => $virtual,
        'neighbours' => $arp['code'] !== 0 || (str_contains($address, ':') && $ndp['code'] !== 0) ? null : array_values(array_filter($neighbours, static fn (array $row): bool => $same($row['address'], $address))),
        'kea' => array_values(array_intersect_key($rows, [$address => true])),
        'isc' => array_values(array_intersect_key($blocks, [$address => true])),
        'maps' => $maps,
        'overrides' => $overrides,
        'reverse' => $reverse,
        'vpn' => $vpn,
        'vpnSilent' => $silent,
        'peers' => $peers,
        'aliases' => $aliases,
        'states' => $states,
        'held' => $address === '' ? null : McpBox::tablesHolding($address),
        'interfaces' => (object) array_map(
            static fn (array $entry): array => $texts($entry, 'descr', 'if', 'ipaddr', 'subnet', 'ipaddrv6', 'subnetv6'),
            array_filter((array) config_get_path('interfaces', []), 'is_array'),
        ),
        'vlans' => array_map(static fn (array $vlan): array => $texts($vlan, 'if', 'tag', 'vlanif', 'descr'), $items('vlans/vlan')),
        'backend' => config_get_path('dhcpbackend') === 'kea' ? 'kea' : 'isc',
        'now' => time(),
    ];
};
