<?php
/**
 * What the logs of OpenVPN and IPsec say of one user or of some tunnels, newest last, with where the logs begin.
 *
 * @effect read
 * @class  config
 * @since  2.7.0
 */
return static function (array $in): array {
    $user = (string) ($in['user'] ?? '');
    $needles = array_slice(array_filter(array_map('strval', (array) ($in['needles'] ?? []))), 0, 40);
    $daemons = array_slice(array_map('strval', (array) ($in['daemons'] ?? [])), 0, 20);
    $limit = max(1, min(2000, (int) ($in['limit'] ?? 500)));

    // Where a name stands in these logs: quoted, in brackets, in a distinguished name, or before an address. A short name is
    // also a word of many lines. Not in UTF-8 mode: a line may be anything.
    $name = preg_quote($user, '/');
    $isNamed = "/(?:['\"\[(=]|= )$name(?=['\"\])\/,]|$)|(?<=\s)$name(?=\/[\d\[])/i";
    $names = static fn (string $line): bool => $user !== '' && (bool) preg_match($isNamed, $line);
    $peer = '/ openvpn(?:\[\d+\]:| \d+ \S+ (?:-|\[.*?\])) (?:[^\s\/]+\/)?((?:\d{1,3}\.){3}\d{1,3}:\d+|[0-9a-f]*:[0-9a-f:]*:\d+) /i';

    // A daemon keeps its number when it reconnects; of one that ended, only names and addresses tell.
    $pids = [];
    foreach ($daemons as $daemon) {
        $file = "/var/run/openvpn_$daemon.pid";
        $pid = preg_match('/^(?:server|client)\d+$/', $daemon) && is_file($file) ? trim((string) @file_get_contents($file)) : '';
        if (ctype_digit($pid)) {
            $pids[$pid] = $daemon;
        }
    }
    $lines = [];
    $logs = [];
    foreach (['openvpn', 'ipsec'] as $log) {
        $file = "/var/log/$log.log";
        $isThere = is_file($file);
        $size = $isThere ? (int) filesize($file) : 0;
        $text = $isThere ? @file_get_contents($file, false, null, max(0, $size - 4194304)) : '';
        if ($text === false) {
            $logs[] = ['log' => $log, 'isRead' => false, 'begins' => null];
            continue;
        }
        $all = explode("\n", $text);
        if ($size > 4194304) {
            array_shift($all);
        }
        $latest = $isThere ? min(time(), (int) filemtime($file)) : time();
        $logs[] = ['log' => $log, 'isRead' => $isThere, 'begins' => $isThere ? McpBox::lineTime($all[0] ?? '', $latest) : null];
        // Until a client has shown who it is, its lines carry its address and port alone.
        $peers = [];
        if ($user !== '' && $log === 'openvpn') {
            foreach ($all as $line) {
                if (preg_match($peer, $line, $match) && $names($line)) {
                    $peers[$match[1]] = true;
                }
            }
        }
        $found = [];
        foreach ($all as $line) {
            if ($line === '') {
                continue;
            }
            $daemon = preg_match('/ openvpn\[(\d+)\]:| openvpn (\d+) /', $line, $match) ? ($pids[$match[2] ?? $match[1]] ?? null) : null;
            $fits = $daemon !== null || $names($line);
            foreach ($needles as $needle) {
                $fits = $fits || stripos($line, $needle) !== false;
            }
            if (!$fits && $peers !== [] && preg_match($peer, $line, $match)) {
                $fits = isset($peers[$match[1]]);
            }
            if ($fits) {
                $found[] = ['log' => $log, 'daemon' => $daemon, 'text' => substr($line, 0, 600)];
            }
        }
        foreach (array_slice($found, -$limit) as $line) {
            $lines[] = [...$line, 'at' => McpBox::lineTime($line['text'], $latest)];
        }
    }
    return ['logs' => $logs, 'lines' => $lines, 'now' => time()];
};
