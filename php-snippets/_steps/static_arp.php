<?php
/**
 * Puts the pairs of addresses that static mappings fix into the ARP table, and takes those out that are fixed no more.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
return static function (array $subjects, array $before, array $after): ?string {
    $fixed = static function (array $config): array {
        $pairs = [];
        foreach (array_filter((array) ($config['dhcpd'] ?? []), 'is_array') as $server) {
            foreach (array_filter((array) ($server['staticmap'] ?? []), 'is_array') as $mapping) {
                if (isset($mapping['arp_table_static_entry']) && ($mapping['ipaddr'] ?? '') !== '' && ($mapping['mac'] ?? '') !== '') {
                    $pairs[(string) $mapping['ipaddr']] = (string) $mapping['mac'];
                }
            }
        }
        return $pairs;
    };
    foreach (array_diff_key($fixed($before), $fixed($after)) as $address => $mac) {
        // It may be gone already: the DHCP server's start clears the table of its interface.
        McpBox::run(['/usr/sbin/arp', '-d', (string) $address], '', 5);
    }
    foreach ($fixed($after) as $address => $mac) {
        if (McpBox::run(['/usr/sbin/arp', '-S', (string) $address, $mac], '', 5)['code'] !== 0) {
            return 'An entry could not be put into the ARP table.';
        }
    }
    return null;
};
