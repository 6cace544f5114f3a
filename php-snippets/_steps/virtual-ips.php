<?php
/**
 * Takes virtual addresses off their interfaces and puts them there, those alone that changed.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
return static function (array $subjects, array $before, array $after): ?string {
    $vips = static function (array $config): array {
        $named = [];
        foreach (array_filter((array) ($config['virtualip']['vip'] ?? []), 'is_array') as $vip) {
            $named[(string) ($vip['uniqid'] ?? '') ?: (string) ($vip['subnet'] ?? '')] = $vip;
        }
        return $named;
    };
    $isKernels = static fn (?array $vip): bool => in_array($vip['mode'] ?? '', ['ipalias', 'carp'], true);
    // The description is for people alone.
    $shape = static fn (?array $vip): ?array => $vip === null ? null : array_diff_key($vip, ['descr' => '', 'noexpand' => '']);
    [$old, $new] = [$vips($before), $vips($after)];
    $changed = array_filter(array_keys($old + $new), static fn (string|int $id): bool => !McpMerge::isSame($shape($old[$id] ?? null), $shape($new[$id] ?? null)));
    // What rides on a CARP address comes down before it and goes up after it.
    $rides = static fn (?array $vip): int => str_starts_with((string) ($vip['interface'] ?? ''), '_vip') ? 1 : 0;
    $devices = [];
    foreach ($changed as $id) {
        foreach ([$old[$id] ?? null, $new[$id] ?? null] as $vip) {
            if ($vip !== null && $rides($vip) === 0) {
                $devices[$id][] = $vip['interface'] === 'lo0' ? 'lo0' : (string) get_real_interface($vip['interface']);
            }
        }
    }
    usort($changed, static fn (string|int $a, string|int $b): int => $rides($old[$b] ?? null) <=> $rides($old[$a] ?? null));
    foreach ($changed as $id) {
        if (isset($old[$id])) {
            // Its address is found by its interface; one that rides on another is found by that one's.
            $vip = $old[$id];
            if ($rides($vip) === 1) {
                $vip['interface'] = (string) ($old[substr((string) $vip['interface'], 4)]['interface'] ?? '');
            }
            interface_vip_bring_down($vip);
        }
    }
    usort($changed, static fn (string|int $a, string|int $b): int => $rides($new[$a] ?? null) <=> $rides($new[$b] ?? null));
    $arp = [];
    $isCarp = false;
    foreach ($changed as $id) {
        $vip = $new[$id] ?? null;
        if (($vip['mode'] ?? '') === 'carp') {
            $isCarp = true;
            interface_carp_configure($vip, false, isset($old[$id]['vhid']) && $old[$id]['vhid'] !== $vip['vhid']);
        } elseif (($vip['mode'] ?? '') === 'ipalias') {
            interface_ipalias_configure($vip);
        }
        foreach ([$old[$id] ?? null, $vip] as $one) {
            if (($one['mode'] ?? '') === 'proxyarp') {
                $arp[(string) $one['interface']] = true;
            }
        }
    }
    foreach (array_keys($arp) as $key) {
        interface_proxyarp_configure($key);
    }
    if ($isCarp) {
        enable_carp();
    }
    $said = McpBox::run(['/sbin/ifconfig'], '', 10)['stdout'];
    $problems = [];
    foreach ($changed as $id) {
        $address = static fn (?array $vip): string => (string) ($vip['subnet'] ?? '');
        $has = static fn (?array $vip): bool => preg_match('/^\s+inet6? ' . preg_quote($address($vip), '/') . '(?=[ %])/mi', $said) === 1;
        $vip = $new[$id] ?? null;
        $entry = $vip === null ? null : ($after['interfaces'][$vip['interface']] ?? null);
        // pfSense leaves those of an interface that is off where they are: in the configuration.
        $isOff = $entry !== null && !isset($entry['enable']);
        if ($isKernels($vip) && !$isOff && !$has($vip)) {
            $problems[] = "No interface has the virtual address {$address($vip)}.";
        }
        if ($isKernels($old[$id] ?? null) && $address($old[$id]) !== $address($vip) && $has($old[$id])) {
            $problems[] = "An interface still has the virtual address {$address($old[$id])}.";
        }
        if (($vip['mode'] ?? '') === 'proxyarp' && !$isOff) {
            $mark = '/var/run/choparp_' . ($devices[$id][array_key_last($devices[$id])] ?? '') . '.pid';
            $isThere = static function () use ($mark): bool {
                clearstatcache();
                return is_file($mark);
            };
            if (!McpBox::until($isThere, 3)) {
                $problems[] = "Nothing answers ARP requests for {$address($vip)}.";
            }
        }
    }
    return $problems === [] ? null : implode(' ', array_unique($problems));
};
