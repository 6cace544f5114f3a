<?php
/**
 * Brings the DNS resolver into force, after its own checker has read what it is going to read.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
require_once 'unbound.inc';
require_once 'service-utils.inc';

return static function (array $subjects, array $before, array $after): ?string {
    $isOn = config_path_enabled('unbound');
    if ($isOn) {
        $said = [];
        if (test_unbound_config((array) config_get_path('unbound', []), $said) !== 0) {
            return 'Unbound does not take this configuration: ' . substr((string) ($said[0] ?? ''), 0, 200);
        }
    }
    $isRenewed = McpDaemon::isRenewed('/var/run/unbound.pid', $isOn, static function (): void {
        // The DHCP server has a step of its own.
        services_unbound_configure(false);
        // The firewall asks its own resolver only while that listens on localhost.
        system_resolvconf_generate();
        system_dhcpleases_configure();
        clear_subsystem_dirty('unbound');
    });
    if (!$isRenewed) {
        return $isOn ? 'Unbound was not started anew.' : 'Unbound still runs.';
    }
    if (!$isOn) {
        return null;
    }
    $added = static fn (string $list): array => array_udiff(
        array_filter((array) ($after['unbound'][$list] ?? []), 'is_array'),
        array_filter((array) ($before['unbound'][$list] ?? []), 'is_array'),
        static fn (array $one, array $other): int => strcmp((string) json_encode($one), (string) json_encode($other)),
    );
    $hosts = (string) @file_get_contents('/var/unbound/host_entries.conf');
    foreach ($added('hosts') as $host) {
        $name = ltrim(($host['host'] ?? '') . '.' . $host['domain'], '.');
        foreach (explode(',', (string) $host['ip']) as $address) {
            if (!preg_match('/local-data: "' . preg_quote($name, '/') . '\.? A+ ' . preg_quote($address, '/') . '"/i', $hosts)) {
                return 'A host override is not in what Unbound reads.';
            }
        }
    }
    $domains = (string) @file_get_contents('/var/unbound/domainoverrides.conf');
    foreach ($added('domainoverrides') as $domain) {
        if (!str_contains($domains, "name: \"{$domain['domain']}\"") || !str_contains($domains, "forward-addr: {$domain['ip']}")) {
            return 'A domain override is not in what Unbound reads.';
        }
    }
    return null;
};
