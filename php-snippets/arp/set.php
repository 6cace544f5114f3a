<?php
/**
 * Deletes or sets the entry of one IPv4 address in the ARP table, and reads it back.
 *
 * @effect service
 * @class  interface
 * @since  2.7.0
 */
require_once 'interfaces.inc';
require_once 'gwlb.inc';

return static function (array $in): array {
    $address = $in['address'];
    $own = [];
    foreach (explode("\n", McpBox::run(['/sbin/ifconfig'])['stdout']) as $line) {
        if (preg_match('/^\s+inet ([0-9.]+)/', $line, $match)) {
            $own[$match[1]] = true;
        }
    }
    if ($own === []) {
        McpBox::fail('box_not_ready', 'The addresses of the firewall itself could not be read.');
    }
    if (isset($own[$address])) {
        McpBox::fail('bad_input', 'This is an address of the firewall itself.');
    }
    $entry = static function () use ($address): ?array {
        foreach (explode("\n", McpBox::run(['/usr/sbin/arp', '-an'])['stdout']) as $line) {
            if (preg_match('/^\? \(([0-9.]+)\) at (\S+) on (\S+) (.*)$/', $line, $match) && $match[1] === $address) {
                return ['mac' => $match[2] === '(incomplete)' ? null : strtolower($match[2]), 'device' => $match[3], 'isPermanent' => str_contains($match[4], 'permanent')];
            }
        }
        return null;
    };
    if ($in['mac'] !== null) {
        // With a wrong one of these the session, or everything behind a gateway, would be cut.
        $client = explode(' ', (string) getenv('SSH_CONNECTION'))[0];
        $hop = preg_match('/^\s*gateway: (\S+)/m', McpBox::run(['/sbin/route', '-n', 'get', $client], '', 3)['stdout'], $match) ? $match[1] : null;
        if ($client === '') {
            McpBox::fail('lockout_risk', 'The firewall does not tell from where this session comes, so no entry is set.');
        }
        if ($address === $client || $address === $hop) {
            McpBox::fail('lockout_risk', 'This session reaches the firewall by this address.');
        }
        $gateways = function_exists('get_gateways') ? get_gateways(GW_CACHE_DISABLED | GW_CACHE_INACTIVE) : return_gateways_array(true, false, true);
        foreach ((array) $gateways as $gateway) {
            if (($gateway['gateway'] ?? '') === $address) {
                McpBox::fail('lockout_risk', 'This is the address of a gateway.');
            }
        }
    }
    $before = $entry();
    if ($in['mac'] === null && $before === null) {
        McpBox::fail('not_found', 'The ARP table has no entry of this address.');
    }
    if ($before !== null) {
        McpBox::run(['/usr/sbin/arp', '-d', $address], '', 3);
    }
    if ($in['mac'] !== null) {
        McpBox::run(['/usr/sbin/arp', '-s', $address, $in['mac'], ...($in['isTemporary'] ? ['temp'] : [])], '', 3);
    }
    $after = $entry();
    if ($in['mac'] !== null && ($after['mac'] ?? null) !== strtolower($in['mac'])) {
        McpBox::fail('no_effect', 'The ARP table does not show the entry that was set; is the address in a network of the firewall?');
    }
    // A host that talks at this moment is learned anew at once.
    if ($in['mac'] === null && $after !== null && $after['isPermanent']) {
        McpBox::fail('no_effect', 'The entry is still there.');
    }
    return ['before' => $before, 'after' => $after];
};
