<?php
/**
 * Brings gateways, the default routes and static routes into force, and starts their monitors anew.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
return static function (array $subjects, array $before, array $after): ?string {
    $isAddress = static fn (mixed $text): bool => is_string($text) && @inet_pton(explode('%', $text)[0]) !== false;
    $familyOf = static fn (string $text): string => str_contains($text, ':') ? 'inet6' : 'inet';
    $items = static fn (array $config, string $section, string $list): array => array_filter((array) ($config[$section][$list] ?? []), 'is_array');
    // A network as the kernel's table spells it: without host bits, and a single address without its length.
    $spell = static function (string $text): ?string {
        [$address, $length] = explode('/', "$text/");
        $packed = @inet_pton($address);
        if ($packed === false || ($length !== '' && !ctype_digit($length))) {
            return null;
        }
        $all = strlen($packed) * 8;
        $bits = $length === '' ? $all : min((int) $length, $all);
        $mask = str_pad(str_repeat("\xff", intdiv($bits, 8)) . ($bits % 8 === 0 ? '' : chr((0xff00 >> ($bits % 8)) & 0xff)), strlen($packed), "\0");
        $network = inet_ntop($packed & $mask);
        return $bits === $all ? $network : ($bits === 0 ? 'default' : "$network/$bits");
    };
    // Members of an alias that are addresses; what host names stand for is filterdns' business.
    $networks = static function (string $word, array $aliases, int $depth) use (&$networks, $spell): array {
        if ($spell($word) !== null) {
            return [$word];
        }
        $words = [];
        foreach ($depth > 10 ? [] : $aliases as $alias) {
            if (($alias['name'] ?? null) === $word) {
                foreach (preg_split('/\s+/', (string) ($alias['address'] ?? ''), -1, PREG_SPLIT_NO_EMPTY) as $member) {
                    array_push($words, ...$networks($member, $aliases, $depth + 1));
                }
            }
        }
        return $words;
    };
    $gateways = static fn (array $config): array => array_column($items($config, 'gateways', 'gateway_item'), null, 'name');
    // Network by network the gateway that it is sent to, by name and address.
    $routes = static function (array $config) use ($items, $networks, $gateways, $spell): array {
        $sent = [];
        foreach ($items($config, 'staticroutes', 'route') as $route) {
            foreach (isset($route['disabled']) ? [] : $networks((string) ($route['network'] ?? ''), $items($config, 'aliases', 'alias'), 0) as $network) {
                $name = (string) ($route['gateway'] ?? '');
                $sent[(string) $spell($network)] = ['network' => $network, 'gateway' => $name, 'address' => (string) ($gateways($config)[$name]['gateway'] ?? '')];
            }
        }
        return $sent;
    };
    $table = static function (): array {
        $lines = explode("\n", McpBox::run(['/usr/bin/netstat', '-rnW'], '', 10)['stdout']);
        $known = ['inet' => [], 'inet6' => []];
        $family = 'inet';
        $columns = [];
        foreach ($lines as $line) {
            $field = preg_split('/\s+/', trim($line), -1, PREG_SPLIT_NO_EMPTY);
            if (preg_match('/^Internet(6?):/', $line, $match)) {
                $family = $match[1] === '6' ? 'inet6' : 'inet';
            } elseif (($field[0] ?? '') === 'Destination') {
                $columns = array_flip($field);
            } elseif (count($field) >= 4 && isset($columns['Netif'], $field[$columns['Netif']])) {
                $known[$family][$field[0]] = ['gateway' => explode('%', $field[1])[0], 'flags' => $field[2], 'device' => $field[$columns['Netif']]];
            }
        }
        return $known;
    };
    $usable = static fn (): array => function_exists('get_gateways') ? get_gateways(GW_CACHE_LOCALHOST) : return_gateways_array(false, true);

    [$sentBefore, $sentAfter] = [$routes($before), $routes($after)];
    $moved = array_filter($sentAfter, static fn (array $route, string $key): bool => ($sentBefore[$key] ?? null) !== $route, ARRAY_FILTER_USE_BOTH);
    $gone = array_diff_key($sentBefore, $sentAfter);
    foreach ($sentBefore as $key => $route) {
        if (isset($gone[$key]) || isset($moved[$key])) {
            route_del($route['network']);
        }
    }

    // What a gateway that is gone, off or elsewhere left in the table: itself, its monitor, the default route.
    $changed = [];
    foreach ($gateways($before) + $gateways($after) as $name => $any) {
        [$old, $new] = [$gateways($before)[$name] ?? null, $gateways($after)[$name] ?? null];
        if (!McpMerge::isSame($old, $new)) {
            $changed[$name] = $new;
        }
        if ($old === null || isset($old['disabled']) || !array_key_exists($name, $changed)) {
            continue;
        }
        [$address, $monitor] = [(string) ($old['gateway'] ?? ''), (string) ($old['monitor'] ?? '')];
        $isOff = $new === null || isset($new['disabled']);
        $isElsewhere = $isOff || (string) ($new['gateway'] ?? '') !== $address;
        if ($isAddress($monitor) && $monitor !== $address && ($isOff || (string) ($new['monitor'] ?? '') !== $monitor)) {
            route_del($monitor);
        }
        if ($isAddress($address) && $isElsewhere) {
            $default = $table()[$familyOf($address)]['default']['gateway'] ?? null;
            if ($default === $address) {
                route_del('default', $familyOf($address));
            }
            if (isset($old['nonlocalgateway'])) {
                route_del($address);
            }
        }
        if ($isElsewhere || isset($old['force_down']) !== isset($new['force_down'])) {
            send_event('service reload ipsec ' . escapeshellarg((string) $name));
            send_event('service reload openvpn ' . escapeshellarg((string) $name));
        }
    }
    $isGateways = !McpMerge::isSame($before['gateways'] ?? null, $after['gateways'] ?? null);
    if (function_exists('refresh_gateways')) {
        refresh_gateways();
    }
    // As pfSense's pages do it: a default route is chosen by what the monitors say, their own routes come after it.
    if ($isGateways) {
        setup_gateways_monitor();
        system_routing_configure();
    } else {
        system_routing_configure();
        setup_gateways_monitor();
    }
    $servers = array_filter((array) ($after['system'] ?? []), static fn (mixed $value, string $key): bool => preg_match('/^dns\d+gw$/', $key) === 1 && array_key_exists((string) $value, $changed), ARRAY_FILTER_USE_BOTH);
    if ($servers !== []) {
        system_resolvconf_generate(true);
    }
    if ($isGateways) {
        send_event('service reload dyndnsall');
    }

    $there = $table();
    $known = $usable();
    $problems = [];
    foreach ($gone as $key => $route) {
        if (str_contains($there[$familyOf($route['network'])][$key]['flags'] ?? '', 'S')) {
            $problems[] = "The kernel still has the route to $key.";
        }
    }
    foreach ($moved as $key => $route) {
        $gateway = $known[$route['gateway']] ?? null;
        $entry = $there[$familyOf($route['network'])][$key] ?? null;
        $isThere = $entry !== null && $gateway !== null
            && ($isAddress($gateway['gateway'] ?? null) ? $entry['gateway'] === explode('%', $gateway['gateway'])[0] : $entry['device'] === ($gateway['interface'] ?? ''));
        if (!$isThere) {
            $problems[] = $gateway === null ? "The gateway of the route to $key is not in use." : "The kernel has no route to $key by its gateway.";
        }
    }
    foreach (['inet' => 'defaultgw4', 'inet6' => 'defaultgw6'] as $family => $field) {
        $name = (string) ($after['gateways'][$field] ?? '');
        if ((string) ($before['gateways'][$field] ?? '') === $name && !array_key_exists($name, $changed)) {
            continue;
        }
        $entry = $there[$family]['default'] ?? null;
        $wanted = $known[$name]['gateway'] ?? null;
        if ($name === '-' ? $entry !== null && preg_match('/[123]/', $entry['flags']) !== 1 : $isAddress($wanted) && ($entry['gateway'] ?? null) !== explode('%', $wanted)[0]) {
            $problems[] = $name === '-' ? 'The kernel still has a default route.' : 'The default route does not go by the gateway that was chosen.';
        }
        $candidates = array_filter($known, static fn (array $one): bool => ($one['ipprotocol'] ?? 'inet') === $family && ($one['interface'] ?? 'lo0') !== 'lo0' && $isAddress($one['gateway'] ?? null));
        if ($name !== '-' && !isset($known[$name]) && $candidates !== [] && $entry === null) {
            $problems[] = 'The kernel has no default route.';
        }
    }
    foreach ($changed as $name => $gateway) {
        $isMonitored = $gateway !== null && !isset($gateway['disabled']) && !isset($gateway['monitor_disable']) && $isAddress($known[$name]['gateway'] ?? null);
        // A monitor writes its mark when it has gone into the background.
        if (!McpBox::until(static fn (): bool => array_key_exists($name, running_dpinger_processes()) === $isMonitored, 3)) {
            $problems[] = $isMonitored ? 'A gateway is not measured by its monitor.' : 'A gateway is still measured by its monitor.';
        }
    }
    return $problems === [] ? null : implode(' ', array_unique($problems));
};
