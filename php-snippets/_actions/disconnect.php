<?php
/**
 * Ends the connection of one client of an OpenVPN server, and looks whether it is gone.
 *
 * @effect service
 * @class  config
 * @since  2.7.0
 */
require_once 'service-utils.inc';
require_once 'openvpn.inc';

return static function (array $in): array {
    $find = static function () use ($in): ?array {
        foreach (McpBox::openVpnServers() as $row) {
            if ((string) ($row['server']['vpnid'] ?? '') !== $in['server']) {
                continue;
            }
            if ($row['clients'] === null) {
                McpBox::fail('box_not_ready', 'The OpenVPN server does not answer.');
            }
            foreach ($row['clients'] as $client) {
                if ($client['remote_host'] === $in['from'] && $client['client_id'] === $in['client']) {
                    return $client;
                }
            }
        }
        return null;
    };
    if ($find() === null) {
        McpBox::fail('not_found', 'This client is not connected any more.');
    }
    openvpn_kill_client("server{$in['server']}", $in['from'], $in['client']);
    for ($looks = 0; ($left = $find()) !== null && $looks < 20; $looks++) {
        usleep(250000);
    }
    return ['isInEffect' => $left === null];
};
