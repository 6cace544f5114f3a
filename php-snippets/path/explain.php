<?php
/**
 * What decides whether packets from one address reach another: the settings that rules come from, and what is so now.
 *
 * @effect read
 * @class  firewall
 * @since  2.7.0
 */
require_once 'gwlb.inc';
require_once 'interfaces.inc';

return static function (array $in): array {
    $isIp = static fn (string $text): bool => filter_var($text, FILTER_VALIDATE_IP) !== false;
    $items = static fn (string $path): array => array_values(array_filter((array) config_get_path($path, []), 'is_array'));
    $pick = static fn (mixed $entry, string ...$keys): array => McpBox::plain(array_intersect_key(is_array($entry) ? $entry : [], array_flip($keys)));
    $picked = static fn (string $path, string ...$keys): array => array_map(static fn (array $entry): array => $pick($entry, ...$keys), $items($path));
    $mapped = static fn (string $path, string ...$keys): object => (object) array_map(
        static fn (mixed $entry): array => $pick($entry, ...$keys),
        array_filter((array) config_get_path($path, []), 'is_array'),
    );
    $section = static fn (string $path, string ...$keys): array => $pick(config_get_path($path, []), ...$keys);

    // Only what rules are built from; addresses of lists may carry keys.
    $aliases = [];
    foreach ($picked('aliases/alias', 'name', 'type', 'address', 'url', 'aliasurl') as $alias) {
        $alias['address'] = preg_replace('~\S*://\S*~', '', (string) ($alias['address'] ?? ''));
        if (isset($alias['url'])) {
            $alias['url'] = preg_match('~^https?://~i', (string) $alias['url']) ? 'https://list' : '';
        }
        if (isset($alias['aliasurl'])) {
            $alias['aliasurl'] = array_map(static fn (mixed $url): string => preg_match('~^https?://~i', (string) $url) ? 'https://list' : '', (array) $alias['aliasurl']);
        }
        $aliases[] = $alias;
    }
    $config = [
        'version' => (string) config_get_path('version', ''),
        'system' => [
            ...$section('system', 'ipv6allow', 'no_apipa_block', 'disablefilter', 'skip_rules_gw_down', 'disablenegate', 'disablereplyto', 'disablevpnrules', 'disablenatreflection', 'enablenatreflectionpurenat', 'enablebinatreflection', 'allow_nat64_prefix_override', 'dpinger_dont_add_static_routes', 'tftpinterface'),
            'webgui' => (object) $section('system/webgui', 'protocol', 'port', 'noantilockout', 'disablehttpredirect'),
            'ssh' => (object) $section('system/ssh', 'enable', 'port'),
            'authserver' => $picked('system/authserver', 'type', 'name'),
        ],
        'interfaces' => $mapped('interfaces', 'enable', 'if', 'descr', 'ipaddr', 'subnet', 'ipaddrv6', 'subnetv6', 'gateway', 'gatewayv6', 'blockpriv', 'blockbogons'),
        'filter' => ['rule' => array_map(static fn (array $rule): array => McpBox::plain($rule), $items('filter/rule')), ...$section('filter', 'bypassstaticroutes')],
        'aliases' => ['alias' => $aliases],
        'schedules' => ['schedule' => $picked('schedules/schedule', 'name', 'timerange')],
        'gateways' => [
            ...$section('gateways', 'defaultgw4', 'defaultgw6'),
            'gateway_item' => $picked('gateways/gateway_item', 'name', 'interface', 'gateway', 'ipprotocol', 'disabled', 'force_down'),
            'gateway_group' => $picked('gateways/gateway_group', 'name', 'item', 'trigger'),
        ],
        'nat' => [
            'rule' => array_map(static fn (array $rule): array => McpBox::plain($rule), $items('nat/rule')),
            'onetoone' => array_map(static fn (array $rule): array => McpBox::plain($rule), $items('nat/onetoone')),
            'npt' => array_map(static fn (array $rule): array => McpBox::plain($rule), $items('nat/npt')),
            'outbound' => [...$section('nat/outbound', 'mode'), 'rule' => array_map(static fn (array $rule): array => McpBox::plain($rule), $items('nat/outbound/rule'))],
        ],
        'virtualip' => ['vip' => $picked('virtualip/vip', 'mode', 'interface', 'subnet', 'subnet_bits', 'uniqid')],
        'ifgroups' => ['ifgroupentry' => $picked('ifgroups/ifgroupentry', 'ifname', 'members')],
        'bridges' => ['bridged' => $picked('bridges/bridged', 'members', 'bridgeif')],
        'dhcpd' => $mapped('dhcpd', 'enable', 'failover_peerip'),
        'dhcpdv6' => $mapped('dhcpdv6', 'enable'),
        'dhcrelay' => (object) $section('dhcrelay', 'enable', 'interface'),
        'dhcrelay6' => (object) $section('dhcrelay6', 'enable', 'interface'),
        'ipsec' => [
            ...$section('ipsec', 'port', 'port_nat_t'),
            'phase1' => $picked('ipsec/phase1', 'ikeid', 'disabled', 'interface', 'remote-gateway', 'mobile', 'gw_duplicates'),
            'phase2' => $picked('ipsec/phase2', 'ikeid', 'disabled', 'mobile', 'mode', 'protocol', 'remoteid', 'natlocalid'),
            'client' => (object) $section('ipsec/client', 'enable', 'pool_address', 'pool_netbits', 'pool_address_v6', 'pool_netbits_v6'),
        ],
        'openvpn' => [
            'openvpn-server' => $picked('openvpn/openvpn-server', 'vpnid', 'disable', 'authmode', 'tunnel_network', 'mode'),
            'openvpn-client' => $picked('openvpn/openvpn-client', 'vpnid', 'disable', 'tunnel_network', 'mode'),
            'openvpn-csc' => $picked('openvpn/openvpn-csc', 'disable', 'tunnel_network'),
        ],
        'pppoes' => ['pppoe' => $picked('pppoes/pppoe', 'mode', 'interface', 'remoteip', 'pppoe_subnet')],
        'l2tp' => (object) $section('l2tp', 'mode'),
        'captiveportal' => $mapped('captiveportal', 'enable', 'interface', 'zoneid'),
        'staticroutes' => ['route' => $picked('staticroutes/route', 'network', 'gateway', 'disabled')],
        'installedpackages' => [
            'package' => $picked('installedpackages/package', 'name', 'filter_rule_function'),
            'miniupnpd' => ['config' => $picked('installedpackages/miniupnpd/config', 'enable')],
        ],
    ];

    $devices = [];
    foreach (array_keys((array) config_get_path('interfaces', [])) as $key) {
        $devices[(string) $key] = (string) get_real_interface((string) $key);
    }
    $links = McpBox::run(['/sbin/ifconfig'], '', 4);
    $addresses = [];
    $down = [];
    $device = '';
    foreach (explode("\n", $links['stdout']) as $line) {
        if (preg_match('/^(\S+): flags=\w+<([^>]*)>/', $line, $match)) {
            $device = $match[1];
            $addresses[$device] = [];
            in_array('UP', explode(',', $match[2]), true) || $down[$device] = 'switched off';
        } elseif (preg_match('/^\s+inet ([0-9.]+) netmask 0x([0-9a-f]{8})/', $line, $match)) {
            $addresses[$device][] = "$match[1]/" . substr_count(decbin((int) hexdec($match[2])), '1');
        } elseif (preg_match('/^\s+inet6 ([0-9a-f:.]+)\S* prefixlen (\d+)/', $line, $match)) {
            $addresses[$device][] = "$match[1]/$match[2]";
        } elseif (preg_match('/^\s+status: (no carrier|inactive)/', $line)) {
            $down[$device] = 'without link';
        }
    }

    // Whoever is named: an address, a network of an interface, an alias or a host name.
    $otherIn = static function (string $own): string {
        $packed = (string) @inet_pton(explode('/', $own)[0]);
        $last = strlen($packed) - 1;
        if ($last > 0) {
            $packed[$last] = chr(ord($packed[$last]) ^ (ord($packed[$last]) & 2 ? 1 : 2));
        }
        return $last > 0 ? (string) inet_ntop($packed) : '';
    };
    $lookUp = static function (string $name, string $type): array {
        $answer = McpBox::run(['/usr/bin/drill', $name, $type], '', 3);
        $isFound = (bool) preg_match('/^\S+\s+\d+\s+IN\s+' . $type . '\s+([0-9a-f.:]+)$/m', $answer['stdout'], $match);
        return ['address' => $isFound ? $match[1] : '', 'how' => $isFound || $answer['code'] === 0 ? 'name' : 'no answer'];
    };
    $find = static function (string $text, bool $isSix) use ($isIp, $aliases, $devices, $addresses, $otherIn, $lookUp): array {
        $wanted = strtolower($text);
        if ($isIp($text)) {
            return ['address' => $text, 'how' => 'address'];
        }
        foreach ((array) config_get_path('interfaces', []) as $key => $settings) {
            if (in_array($wanted, [strtolower((string) $key), strtolower((string) ($settings['descr'] ?? ''))], true)) {
                foreach ($addresses[$devices[(string) $key] ?? ''] ?? [] as $own) {
                    if (str_contains($own, ':') === $isSix) {
                        return ['address' => $otherIn($own), 'how' => 'network'];
                    }
                }
            }
        }
        foreach ($aliases as $alias) {
            if ((string) ($alias['name'] ?? '') === $text) {
                foreach (explode(' ', (string) $alias['address']) as $member) {
                    $first = explode('/', $member)[0];
                    if ($isIp($first) && str_contains($first, ':') === $isSix) {
                        return ['address' => $first, 'how' => 'alias'];
                    }
                }
                return ['address' => '', 'how' => 'alias'];
            }
        }
        $isName = (bool) preg_match('/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?$/', $text);
        return $isName ? $lookUp($text, $isSix ? 'AAAA' : 'A') : ['address' => '', 'how' => 'name'];
    };
    [$from, $to] = [(string) ($in['source'] ?? ''), (string) ($in['destination'] ?? '')];
    $isSix = str_contains($from, ':') || str_contains($to, ':');
    $source = $find($from, $isSix);
    $destination = $find($to, $isSix);
    $ends = array_values(array_filter([$source['address'], $destination['address']], $isIp));

    // Tables whose contents no configuration says; what they hold is asked of pf.
    $listed = McpBox::run(['/sbin/pfctl', '-s', 'Tables'], '', 4);
    $tables = array_values(preg_grep('/^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,62}$/', array_map('trim', explode("\n", $listed['stdout']))) ?: []);
    $isLive = ['sshguard' => true, 'snort2c' => true, 'virusprot' => true, 'bogons' => true, 'bogonsv6' => true];
    foreach ($aliases as $alias) {
        $isName = (bool) preg_match('/(?:^|\s)(?=\S*[a-z])(?![0-9a-f.:\/]+(?:\s|$))\S+/i', (string) $alias['address']);
        if (($alias['type'] ?? '') === 'urltable' || $isName) {
            $isLive[(string) ($alias['name'] ?? '')] = true;
        }
    }
    $used = (string) json_encode([$config['filter'], $config['nat']], JSON_INVALID_UTF8_SUBSTITUTE);
    foreach (preg_grep('/^_\w+_$/', $tables) ?: [] as $name) {
        str_contains($used, "\"$name\"") && $isLive[$name] = true;
    }
    $contents = [];
    $tests = [];
    foreach ($tables as $name) {
        if (!isset($isLive[$name]) || McpBox::secondsLeft() < 0.9) {
            continue;
        }
        $shown = McpBox::run(['/sbin/pfctl', '-t', $name, '-T', 'show'], '', 3);
        $entries = array_values(array_filter(array_map('trim', explode("\n", $shown['stdout'])), 'strlen'));
        if ($shown['code'] === 0 && !$shown['truncated'] && count($entries) <= 300) {
            $contents[$name] = $entries;
            continue;
        }
        foreach ($ends as $end) {
            $tested = McpBox::run(['/sbin/pfctl', '-t', $name, '-T', 'test', $end], '', 3);
            if (in_array($tested['code'], [0, 2], true)) {
                $tests[$name][$end] = $tested['code'] === 0;
            }
        }
    }
    $anchors = null;
    $listedAnchors = McpBox::run(['/sbin/pfctl', '-vsA'], '', 3);
    if ($listedAnchors['code'] === 0) {
        $anchors = [];
        foreach (preg_grep('~^(?:openvpn|ipsec|userrules)/[\w./-]+$~', array_map('trim', explode("\n", $listedAnchors['stdout']))) ?: [] as $anchor) {
            $inside = McpBox::secondsLeft() < 0.9 ? null : McpBox::run(['/sbin/pfctl', '-a', $anchor, '-sr'], '', 3);
            ($inside === null || $inside['code'] !== 0 || trim($inside['stdout']) !== '') && $anchors[] = $anchor;
        }
    }

    $gateways = [];
    try {
        $known = McpBox::gateways();
    } catch (TypeError) {
        // pfSense trips over a monitor that says something unexpected.
        [$known, $gateways] = [[], null];
    }
    foreach ($known as ['gateway' => $gateway, 'state' => $state]) {
        $address = (string) ($gateway['gateway'] ?? '');
        $status = $state['status'] ?? null;
        $isDown = isset($gateway['force_down']) || ($status === 'down' && !isset($gateway['action_disable']));
        if (isset($gateway['disabled']) && $gateway['disabled'] !== false) {
            continue;
        }
        $gateways[$gateway['name']] = [
            'isUp' => $isIp($address) ? !$isDown : false,
            'address' => $isIp($address) ? $address : null,
            'device' => ($gateway['interface'] ?? '') !== '' ? (string) $gateway['interface'] : null,
            'status' => $status === null ? null : (string) $status,
        ];
    }

    // What the system does with both ends; null: no route, false: not asked.
    $routeTo = static function (string $address) use ($isIp): array|false|null {
        if (!$isIp($address) || McpBox::secondsLeft() < 0.6) {
            return false;
        }
        $got = McpBox::run(['/sbin/route', '-n', 'get', ...(str_contains($address, ':') ? ['-inet6'] : []), $address], '', 3);
        if (!preg_match('/^\s*interface: (\S+)/m', $got['stdout'], $interface)) {
            return stripos($got['stdout'] . $got['stderr'], 'not been found') !== false || stripos($got['stderr'], 'not in table') !== false ? null : false;
        }
        preg_match('/^\s*gateway: ([0-9a-f.:]+)/m', $got['stdout'], $gateway);
        return ['device' => $interface[1], 'gateway' => $gateway[1] ?? null, 'isDefault' => (bool) preg_match('/^\s*destination: (?:default|0\.0\.0\.0|::)$/m', $got['stdout']), 'isReject' => (bool) preg_match('/flags: <[^>]*(?:REJECT|BLACKHOLE)/', $got['stdout'])];
    };
    $back = $routeTo($source['address']);
    $way = $routeTo($destination['address']);

    $neighbours = [];
    $hasTime = McpBox::secondsLeft() > 0.6;
    $arp = $hasTime ? McpBox::run(['/usr/sbin/arp', '-an'], '', 3) : ['code' => 1, 'stdout' => ''];
    $ndp = $hasTime ? McpBox::run(['/usr/sbin/ndp', '-an'], '', 3) : ['code' => 1, 'stdout' => ''];
    preg_match_all('/^\S+ \((\S+)\) at (\S+) on (\S+)/m', $arp['stdout'], $four, PREG_SET_ORDER);
    preg_match_all('/^([0-9a-f:.]+)\S* +(\S+) +(\S+)/m', $ndp['stdout'], $six, PREG_SET_ORDER);
    foreach ([...$four, ...array_filter($six, static fn (array $row): bool => $isIp($row[1]))] as [, $address, $mac]) {
        $neighbours[(string) inet_ntop((string) inet_pton($address))] = (bool) preg_match('/^[0-9a-f:]{11,17}$/', $mac);
    }

    $same = static fn (string $left, string $right): bool => $isIp($left) && $isIp($right) && inet_pton($left) === inet_pton($right);
    $bare = static fn (string $text): string => (string) preg_replace('/\[\d+\]$|(?<=\d):\d+$/', '', $text);
    $open = null;
    $info = McpBox::run(['/sbin/pfctl', '-si'], '', 3);
    if (count($ends) === 2 && preg_match('/current entries\s+(\d+)/', $info['stdout'], $match) && (int) $match[1] <= 100000 && McpBox::secondsLeft() > 0.8) {
        $open = [];
        foreach (McpBox::lines(['/sbin/pfctl', '-vvss'], $succeeded, min(6, McpBox::secondsLeft() - 0.4)) as $line) {
            if (!preg_match('/^\S/', $line) || count($open) >= 3) {
                continue;
            }
            preg_match_all('/\(?([0-9a-fA-F.:]+(?:\[\d+\])?)\)?/', $line, $parts);
            $hosts = array_map($bare, $parts[1]);
            $has = array_map(static fn (string $end): bool => array_filter($hosts, static fn (string $host): bool => $same($host, $end)) !== [], $ends);
            !in_array(false, $has, true) && $open[] = trim((string) preg_replace('/\s+/', ' ', $line));
        }
        $open = $succeeded || $open !== [] ? $open : null;
    }

    $drops = null;
    $log = '/var/log/filter.log';
    $text = is_readable($log) ? @file_get_contents($log, false, null, max(0, (int) filesize($log) - 2097152)) : false;
    if ($text !== false && count($ends) === 2) {
        $drops = [];
        foreach (array_reverse(explode("\n", $text)) as $line) {
            if (count($drops) >= 3) {
                break;
            }
            $field = explode(',', $line);
            str_starts_with($field[9] ?? '', 'error=') && array_splice($field, 9, 1);
            $at = ($field[8] ?? '') === '6' ? 15 : 18;
            if (in_array($field[6] ?? '', ['block', 'reject'], true) && $same((string) ($field[$at] ?? ''), $ends[0]) && $same((string) ($field[$at + 1] ?? ''), $ends[1])) {
                $drops[] = substr($line, 0, 1000);
            }
        }
    }
    $labels = [];
    if ($drops !== null && $drops !== [] && McpBox::secondsLeft() > 1) {
        $rules = McpBox::run(['/sbin/pfctl', '-vvsr'], '', 4);
        preg_match_all('/^@\d+ .*\bridentifier (\d+).*$/m', $rules['stdout'], $loaded, PREG_SET_ORDER);
        foreach ($loaded as [$line, $id]) {
            preg_match('/\blabel "((?!(?:id|gw|s|tags)[:=])[^"]*)"/', $line, $label);
            $labels[$id] ??= (string) preg_replace('/^(?:descr=|USER_RULE:? ?)/', '', $label[1] ?? '');
        }
    }
    return [
        'config' => $config,
        'source' => $source,
        'destination' => $destination,
        'live' => [
            'addresses' => $links['code'] === 0 ? (object) $addresses : null,
            'devices' => (object) array_filter($devices, 'strlen'),
            'down' => (object) $down,
            'tables' => $listed['code'] === 0 ? ['names' => $tables, 'contents' => (object) $contents, 'tests' => (object) $tests] : null,
            'anchors' => $anchors,
            'gateways' => $gateways === null ? null : (object) $gateways,
            'localTime' => date('Y-m-d\TH:i:s'),
            'back' => $back === false ? null : ['found' => $back],
            'way' => $way === false ? null : ['found' => $way],
            'neighbours' => $arp['code'] === 0 && ($ndp['code'] === 0 || !$isSix) ? (object) $neighbours : null,
            'states' => $open,
            'drops' => $drops,
            'labels' => (object) $labels,
            'hasPending' => array_filter(['filter', 'natconf', 'aliases'], static fn (string $name): bool => is_file("/var/run/$name.dirty")) !== [],
        ],
    ];
};
