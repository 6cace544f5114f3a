<?php
/**
 * Configures the interfaces that changed, and no other; looks at the kernel whether their addresses and state are so.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
return static function (array $subjects, array $before, array $after): ?string {
    $isOn = static fn (?array $entry): bool => isset($entry['enable']);
    $same = static fn (string $one, string $other): bool => @inet_pton($one) !== false && inet_pton($one) === @inet_pton($other);
    $links = static function (): array {
        $links = [];
        $device = '';
        foreach (explode("\n", McpBox::run(['/sbin/ifconfig'], '', 10)['stdout']) as $line) {
            if (preg_match('/^(\S+): flags=\w*(?:<([^>]*)>)?.* mtu (\d+)/', $line, $match)) {
                $device = $match[1];
                $links[$device] = ['flags' => explode(',', $match[2]), 'mtu' => (int) $match[3], 'addresses' => []];
            } elseif (preg_match('/^\s+inet6? ([0-9a-f:.]+)(?:%\S+)? (?:.*netmask 0x([0-9a-f]{8})|.*prefixlen (\d+))/', $line, $match)) {
                $links[$device]['addresses'][$match[1]] = isset($match[3]) ? (int) $match[3] : substr_count(decbin((int) hexdec($match[2])), '1');
            }
        }
        return $links;
    };
    // What the configuration itself makes when it is needed.
    $isMade = static fn (string $device): bool => preg_match('/^(?:bridge|gif|gre|lagg|ovpn|ipsec|ppp|pptp|l2tp|tun|tap|wg|tun_wg)|\.\d+$|_wlan/', $device) === 1;
    $problems = [];
    $done = [];
    foreach ($subjects as $key) {
        [$old, $new] = [$before['interfaces'][$key] ?? null, $after['interfaces'][$key] ?? null];
        $device = (string) ($new['if'] ?? '');
        if ($new !== null && !$isMade($device) && !does_interface_exist($device, true)) {
            $problems[] = "There is no device $device.";
            continue;
        }
        // Brought down as it was, with the device that it had.
        $state = ['ifcfg' => ['realif' => (string) ($old['if'] ?? '')] + ($old ?? []), 'ppps' => (array) ($before['ppps']['ppp'] ?? [])];
        if ($new === null && $isOn($old)) {
            // pfSense looks an interface up in the configuration to bring it down; in memory it is there once more.
            config_set_path("interfaces/$key", array_diff_key($old, ['enable' => '']));
            interface_bring_down($key);
            config_del_path("interfaces/$key");
            link_interface_to_vlans((string) $old['if'], 'update');
        } elseif ($isOn($new)) {
            if ($isOn($old)) {
                interface_bring_down($key, false, $state);
            }
            interface_configure($key, true);
            restart_interface_services($key, (string) ($old['ipaddrv6'] ?? ''));
        } elseif ($isOn($old)) {
            interface_bring_down($key, true, $state);
            restart_interface_services($key, (string) ($old['ipaddrv6'] ?? ''));
        }
        if ($new !== null && (string) ($old['mtu'] ?? '') !== (string) ($new['mtu'] ?? '') && interface_has_clones($device)) {
            interfaces_vlan_configure_mtu($device);
        }
        $done[$key] = [$old, $new];
    }
    $owned = [];
    foreach ($after['virtualip']['vip'] ?? [] as $vip) {
        $owned[] = (string) ($vip['subnet'] ?? '');
    }
    foreach (array_filter((array) ($after['interfaces'] ?? []), $isOn) as $entry) {
        array_push($owned, (string) ($entry['ipaddr'] ?? ''), (string) ($entry['ipaddrv6'] ?? ''));
    }
    $there = $links();
    foreach ($done as $key => [$old, $new]) {
        $link = $there[(string) ($new['if'] ?? '')] ?? null;
        if ($isOn($new) && ($link === null || !in_array('UP', $link['flags'], true))) {
            $problems[] = "The interface $key is not up.";
        }
        foreach ($isOn($new) ? ['ipaddr' => 'subnet', 'ipaddrv6' => 'subnetv6'] : [] as $address => $length) {
            $wanted = (string) ($new[$address] ?? '');
            $found = array_filter($link['addresses'] ?? [], static fn (int $bits, string $one): bool => $same($one, $wanted) && $bits === (int) ($new[$length] ?? 0), ARRAY_FILTER_USE_BOTH);
            if (@inet_pton($wanted) !== false && $found === []) {
                $problems[] = "The interface $key does not have its address.";
            }
        }
        if ($isOn($new) && ($new['mtu'] ?? '') !== '' && ($link['mtu'] ?? 0) !== (int) $new['mtu']) {
            $problems[] = "The interface $key does not have its MTU.";
        }
        $former = $there[(string) ($old['if'] ?? '')] ?? ['flags' => [], 'addresses' => []];
        foreach ($isOn($old) ? ['ipaddr', 'ipaddrv6'] : [] as $address) {
            $left = (string) ($old[$address] ?? '');
            $isLeft = array_filter(array_keys($former['addresses']), static fn (string $one): bool => $same($one, $left)) !== [];
            if ($isLeft && array_filter($owned, static fn (string $one): bool => $same($one, $left)) === []) {
                $problems[] = "The interface $key still has the address that it had.";
            }
        }
    }
    return $problems === [] ? null : implode(' ', array_unique($problems));
};
