<?php
/**
 * Makes VLAN devices, and takes away those that are no more.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
return static function (array $subjects, array $before, array $after): ?string {
    $vlans = static fn (array $config): array => array_column(array_filter((array) ($config['vlans']['vlan'] ?? []), 'is_array'), null, 'vlanif');
    $shape = static fn (array $vlan): array => array_map(static fn (string $key): string => (string) ($vlan[$key] ?? ''), ['if', 'tag', 'pcp']);
    [$old, $new] = [$vlans($before), $vlans($after)];
    $problems = [];
    foreach (array_diff_key($old, $new) as $device => $vlan) {
        if (does_interface_exist((string) $device, true)) {
            pfSense_interface_destroy((string) $device);
        }
    }
    get_interface_arr(true);
    $wanted = array_filter($new, static fn (array $vlan, string $device): bool => !isset($old[$device]) || $shape($old[$device]) !== $shape($vlan), ARRAY_FILTER_USE_BOTH);
    foreach ($wanted as $vlan) {
        if (does_interface_exist($vlan['if'], true)) {
            interface_vlan_configure($vlan);
        } else {
            $problems[] = "There is no device {$vlan['if']}.";
        }
    }
    foreach ($wanted as $device => $vlan) {
        $said = McpBox::run(['/sbin/ifconfig', (string) $device], '', 10)['stdout'];
        if (preg_match('/vlan: (\d+) .*parent interface: (\S+)/', $said, $match) !== 1 || [$match[2], $match[1]] !== [(string) $vlan['if'], (string) $vlan['tag']]) {
            $problems[] = "The kernel has no VLAN $device.";
        }
    }
    foreach (array_diff_key($old, $new) as $device => $vlan) {
        if (McpBox::run(['/sbin/ifconfig', (string) $device], '', 10)['code'] === 0) {
            $problems[] = "The kernel still has the VLAN $device.";
        }
    }
    return $problems === [] ? null : implode(' ', $problems);
};
