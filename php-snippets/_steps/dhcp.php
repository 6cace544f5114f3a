<?php
/**
 * Brings the DHCP server for IPv4 into force, whichever of the two it is.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
require_once 'service-utils.inc';

return static function (array $subjects, array $before, array $after): ?string {
    $isKea = config_get_path('dhcpbackend') === 'kea';
    [$file, $config] = $isKea
        ? ['/var/run/kea/kea-dhcp4.kea-dhcp4.pid', '/usr/local/etc/kea/kea-dhcp4.conf']
        : ['/var/dhcpd/var/run/dhcpd.pid', '/var/dhcpd/etc/dhcpd.conf'];
    $isOn = is_dhcp_server_enabled();
    $isRenewed = McpDaemon::isRenewed($file, $isOn, static function (): void {
        services_dhcpd_configure('inet');
        clear_subsystem_dirty('dhcpd');
    });
    if (!$isRenewed) {
        return $isOn ? 'The DHCP server was not started anew.' : 'The DHCP server still runs.';
    }
    if (!$isOn) {
        return null;
    }
    $text = strtolower((string) @file_get_contents($config));
    foreach (array_filter((array) ($after['dhcpd'] ?? []), 'is_array') as $key => $server) {
        $known = (array) ($before['dhcpd'][$key]['staticmap'] ?? []);
        foreach (isset($server['enable']) ? array_filter((array) ($server['staticmap'] ?? []), 'is_array') : [] as $mapping) {
            $id = strtolower((string) ($mapping['mac'] ?? ''));
            if ($id !== '' && !in_array($mapping, $known, false) && (!str_contains($text, $id) || !str_contains($text, (string) ($mapping['ipaddr'] ?? '')))) {
                return 'A static mapping is not in what the DHCP server reads.';
            }
        }
        $range = (string) ($server['range']['from'] ?? '');
        if (isset($server['enable']) && $range !== '' && !str_contains($text, $range)) {
            return 'A range is not in what the DHCP server reads.';
        }
    }
    return null;
};
