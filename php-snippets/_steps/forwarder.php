<?php
/**
 * Brings the DNS forwarder into force.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
require_once 'service-utils.inc';

return static function (array $subjects, array $before, array $after): ?string {
    $isOn = config_path_enabled('dnsmasq');
    $isRenewed = McpDaemon::isRenewed('/var/run/dnsmasq.pid', $isOn, static function (): void {
        // The DHCP server has a step of its own.
        services_dnsmasq_configure(false);
        if (!config_path_enabled('dnsmasq')) {
            // What pfSense itself looks up there would still be the names of the forwarder.
            system_hosts_generate();
        }
        system_resolvconf_generate();
        system_dhcpleases_configure();
        clear_subsystem_dirty('hosts');
    });
    if (!$isRenewed) {
        return $isOn ? 'dnsmasq was not started anew.' : 'dnsmasq still runs.';
    }
    if (!$isOn) {
        return null;
    }
    // Overrides of hosts are in the file of hosts, those of domains in its command line.
    $hosts = (string) @file_get_contents('/etc/hosts');
    $command = McpBox::run(['/bin/ps', '-ww', '-o', 'args=', '-p', (string) McpDaemon::pid('/var/run/dnsmasq.pid')], '', 5)['stdout'];
    foreach (array_filter((array) ($after['dnsmasq']['hosts'] ?? []), 'is_array') as $host) {
        $name = ltrim(($host['host'] ?? '') . '.' . $host['domain'], '.');
        if (!in_array($host, (array) ($before['dnsmasq']['hosts'] ?? []), false) && !preg_match('/^' . preg_quote((string) $host['ip'], '/') . '\s.*' . preg_quote($name, '/') . '\b/mi', $hosts)) {
            return 'A host override is not in what dnsmasq reads.';
        }
    }
    foreach (array_filter((array) ($after['dnsmasq']['domainoverrides'] ?? []), 'is_array') as $domain) {
        $isNew = !in_array($domain, (array) ($before['dnsmasq']['domainoverrides'] ?? []), false);
        if ($isNew && str_contains($command, '--') && !str_contains($command, "--server=/{$domain['domain']}/" . ltrim((string) $domain['ip'], '!'))) {
            return 'A domain override is not in what dnsmasq was started with.';
        }
    }
    return null;
};
