<?php
/**
 * Which pfSense this is, and which part of a pair it plays now, before anything is changed there.
 *
 * @effect read
 * @class  interface
 * @since  2.7.0
 */
require_once 'interfaces.inc';

return static function (array $in): array {
    $peer = McpPeer::ask('host_firmware_version', '', 2);
    $states = [];
    $device = '';
    foreach (explode("\n", McpBox::run(['/sbin/ifconfig'])['stdout']) as $line) {
        if (preg_match('/^(\S+): flags=\S+/', $line, $match)) {
            $device = $match[1];
        } elseif (preg_match('/^\s+carp: (\w+) vhid (\d+)/', $line, $match)) {
            $states[] = ['name' => "$device vhid $match[2]", 'state' => $match[1]];
        }
    }
    $kernel = McpBox::sysctl('net.inet.carp.demotion');
    $version = @file_get_contents('/etc/version');
    $latest = function_exists('g_get') ? g_get('latest_config') : null;
    return [
        'product' => function_exists('g_get') ? (string) g_get('product_label') : null,
        'version' => $version === false ? null : trim($version),
        'codeConfig' => is_scalar($latest) ? (string) $latest : null,
        'savedConfig' => (string) config_get_path('version', ''),
        'carp' => $states,
        'demotion' => is_numeric($kernel['net.inet.carp.demotion'] ?? null) ? (int) $kernel['net.inet.carp.demotion'] : null,
        'isMaintenance' => config_get_path('virtualip_carp_maintenancemode') !== null,
        'sendsTo' => McpPeer::address(),
        'peerConfig' => is_scalar($peer['config_version'] ?? null) ? substr((string) $peer['config_version'], 0, 20) : null,
    ];
};
