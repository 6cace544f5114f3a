<?php
/**
 * Headers of packets on one interface for a few seconds, as lines of text; nothing is written to a file.
 *
 * @effect read
 * @class  config
 * @since  2.7.0
 */
require_once 'interfaces.inc';

return static function (array $in): array {
    $id = (string) ($in['interface'] ?? '');
    $host = (string) ($in['host'] ?? '');
    $port = (int) ($in['port'] ?? 0);
    $protocol = (string) ($in['protocol'] ?? '');
    foreach ((array) config_get_path('interfaces', []) as $key => $settings) {
        $names = is_array($settings) ? [(string) $key, (string) ($settings['descr'] ?? ''), (string) ($settings['if'] ?? '')] : [];
        if ($id !== '' && in_array(strtolower($id), array_map('strtolower', $names), true)) {
            $device = (string) get_real_interface((string) $key);
        }
    }
    if (!isset($device) || !preg_match('/^[A-Za-z][A-Za-z0-9_.]{0,30}$/', $device)) {
        McpBox::fail('not_found', 'There is no interface of that name.');
    }
    if (($host !== '' && !filter_var($host, FILTER_VALIDATE_IP)) || $port < 0 || $port > 65535
        || !in_array($protocol, ['', 'tcp', 'udp', 'icmp', 'icmp6', 'arp', 'esp'], true)) {
        McpBox::fail('bad_input', 'The filter is made of an address, a port and a protocol.');
    }
    $parts = array_filter([
        $protocol === '' ? [] : [$protocol],
        $host === '' ? [] : ['host', $host],
        $port === 0 ? [] : ['port', $port],
    ]);
    $filter = [];
    foreach ($parts as $part) {
        $filter = [...$filter, ...($filter === [] ? [] : ['and']), ...$part];
    }
    $seconds = max(1, min(20, (int) ($in['seconds'] ?? 5)));
    $packets = max(1, min(1000, (int) ($in['packets'] ?? 200)));
    // -p: the interface is not put into promiscuous mode.
    $result = McpBox::run(['/usr/sbin/tcpdump', '-n', '-p', '-tt', '-q', '-l', '-i', $device, '-s', 128, '-c', $packets, ...$filter], '', $seconds);
    return [
        'device' => $device,
        'text' => substr($result['stdout'], 0, 1048576),
        // Ended by the clock is the usual end; then the program was told to stop and still counts.
        'isRun' => $result['code'] === 0 || $result['timedOut'],
        'dropped' => preg_match('/(\d+) packets? dropped by kernel/', $result['stderr'], $match) ? (int) $match[1] : null,
    ];
};
