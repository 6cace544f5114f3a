<?php
/**
 * What firewalls are compared by besides their configuration: versions, packages, states, how the last sync to a peer went.
 *
 * @effect read
 * @class  firewall
 * @since  2.7.0
 */
return static function (array $in): array {
    $read = static function (string $file): ?string {
        $text = is_readable($file) ? trim((string) file_get_contents($file, false, null, 0, 200)) : '';
        return $text === '' ? null : $text;
    };
    $listing = McpBox::run(['/usr/local/sbin/pkg-static', 'info', '-g', 'pfSense-pkg-*'], '', 6);
    preg_match_all('/^pfSense-pkg-(\S+)-([^\s-]+)(?:\s|$)/m', $listing['stdout'], $found, PREG_SET_ORDER);
    $info = McpBox::run(['/sbin/pfctl', '-si'], '', 3);

    $sync = (array) config_get_path('hasync', []);
    $target = is_scalar($sync['synchronizetoip'] ?? null) ? trim((string) $sync['synchronizetoip']) : '';
    $isReachable = null;
    if (filter_var($target, FILTER_VALIDATE_IP) !== false && McpBox::secondsLeft() > 3) {
        // pfSense sends to the port of its own web interface. Nothing is said on the connection.
        $isPlain = config_get_path('system/webgui/protocol') === 'http';
        $port = (int) (config_get_path('system/webgui/port') ?: ($isPlain ? 80 : 443));
        $knock = McpBox::run(['/usr/bin/nc', '-n', '-z', '-w', '2', $target, (string) $port], '', 4);
        $isReachable = match ($knock['code']) { 0 => true, 1 => false, default => null };
    }

    // The end of the log only: how the last attempt went, which may be long ago.
    $syncLine = null;
    $isLogRead = false;
    $handle = $target !== '' && is_readable('/var/log/system.log') ? @fopen('/var/log/system.log', 'r') : false;
    if ($handle !== false) {
        fseek($handle, -min(1048576, (int) filesize('/var/log/system.log')), SEEK_END);
        while (($line = fgets($handle, 8192)) !== false) {
            if (preg_match('/XMLRPC reload data success with .*restore_config_section|(?:calling|call) XMLRPC method|communications error occurred while attempting|authentication failure occurred while trying to access|other member (?:is on a different|could not be determined)/', $line)) {
                $syncLine = substr(rtrim($line), 0, 500);
            }
        }
        $isLogRead = feof($handle);
        fclose($handle);
    }
    return [
        'version' => $read('/etc/version'),
        'patch' => $read('/etc/version.patch'),
        'configVersion' => (string) config_get_path('version', ''),
        'packages' => $listing['code'] === 0 ? (object) array_column($found, 2, 1) : null,
        'states' => preg_match('/current entries\s+(\d+)/', $info['stdout'], $match) ? (int) $match[1] : null,
        'syncTarget' => $target === '' ? null : ['address' => $target, 'isReachable' => $isReachable],
        'syncLog' => $isLogRead ? ($syncLine ?? '') : null,
    ];
};
