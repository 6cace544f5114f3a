<?php
/**
 * What an action would hit, as it is now: states, clients of OpenVPN, versions of a package.
 *
 * @effect read
 * @class  config
 * @since  2.7.0
 */
require_once 'openvpn.inc';

return static function (array $in): array {
    $facts = ['states' => null, 'matching' => null, 'servers' => null, 'package' => null, 'pending' => McpBox::pendingChanges()];
    if ($in['about'] === 'states') {
        $info = McpBox::run(['/sbin/pfctl', '-si']);
        $facts['states'] = preg_match('/current entries\s+(\d+)/', $info['stdout'], $match) ? (int) $match[1] : null;
        if ($in['from'] !== null || $in['to'] !== null) {
            $count = 0;
            foreach (McpBox::lines(['/sbin/pfctl', '-vvss'], $isWhole, McpBox::secondsLeft() - 2) as $line) {
                $count += McpStates::fits($line, $in['from'], $in['to']) ? 1 : 0;
            }
            $facts['matching'] = $isWhole ? $count : null;
        }
    }
    if ($in['about'] === 'vpn') {
        $facts['servers'] = array_map(static fn (array $row): array => [
            'id' => (string) ($row['server']['vpnid'] ?? ''),
            'description' => (string) ($row['server']['description'] ?? ''),
            'clients' => $row['clients'] === null ? null : array_map(static fn (array $client): array => [
                'name' => $client['common_name'],
                'user' => $client['user_name'],
                'address' => $client['virtual_addr'],
                'from' => $client['remote_host'],
                'client' => $client['client_id'],
            ], $row['clients']),
        ], McpBox::openVpnServers());
    }
    if ($in['about'] === 'package') {
        $version = static function (array $result) use ($in): ?string {
            $pattern = '/^' . preg_quote($in['package'], '/') . '-([^\s-]+)(?:\s|$)/m';
            return preg_match($pattern, $result['stdout'], $match) ? $match[1] : null;
        };
        $pkg = '/usr/local/sbin/pkg-static';
        $facts['package'] = [
            'installed' => $version(McpBox::run([$pkg, 'info', '-g', 'pfSense-pkg-*'], '', 10)),
            'available' => $version(McpBox::run([$pkg, 'search', '-U', '-r', 'pfSense', '-g', 'pfSense-pkg-*'], '', 20)),
        ];
    }
    return $facts;
};
