<?php
/**
 * Lines of one log or of all that fit, newest first, from the rotated files too, with the time each was written.
 *
 * @effect read
 * @class  config
 * @since  2.7.0
 */
require_once 'interfaces.inc';

return static function (array $in): array {
    $wanted = (string) ($in['log'] ?? 'system');
    $needle = (string) ($in['text'] ?? '');
    $limit = max(1, min(500, (int) ($in['limit'] ?? 50)));
    $skip = max(0, (int) ($in['skip'] ?? 0));
    $known = array_map(static fn (string $file): string => basename($file, '.log'), glob('/var/log/*.log') ?: []);
    $names = $wanted === 'all' ? $known : [$wanted];
    if ($wanted !== 'all' && !in_array($wanted, $known, true)) {
        return ['isKnown' => false, 'logs' => array_values(preg_grep('/^[a-zA-Z0-9_.-]{1,40}$/', $known)), 'lines' => [], 'matched' => 0,
            'filesRead' => 0, 'filesKnown' => 0, 'unreadable' => [], 'oldest' => null, 'now' => date('c'), 'timezone' => date('e'),
            'isKnownInterface' => true, 'hasPf' => true, 'rules' => new stdClass(), 'interfaces' => new stdClass(), 'rulesLoadedAt' => null];
    }

    $interfaces = ['enc0' => 'IPsec', 'lo0' => 'Loopback'];
    $device = $asked = (string) ($in['interface'] ?? '');
    foreach ((array) config_get_path('interfaces', []) as $key => $settings) {
        $real = (string) get_real_interface((string) $key);
        $interfaces[$real] = (string) (($settings['descr'] ?? '') ?: strtoupper((string) $key));
        if (in_array(strtolower($asked), [strtolower((string) $key), strtolower($interfaces[$real])], true)) {
            $device = $real;
        }
    }

    $action = (string) ($in['action'] ?? '');
    $tracker = (string) ($in['tracker'] ?? '');
    $port = (string) ($in['port'] ?? '');
    [$base, $bits] = [@inet_pton((string) ($in['network'] ?? '')), (int) ($in['length'] ?? 0)];
    $covers = static fn (string $address): bool => McpBox::isInNetwork($address, (string) $base, $bits);
    $isPacketSearch = $device . $action . $tracker . $port !== '' || $base !== false;
    $fitsPacket = static function (string $line) use ($device, $action, $tracker, $port, $base, $covers): bool {
        if (!preg_match('/ filterlog(?:\[\d+\]:| \S+ \S+ (?:-|\[.*?\])) (.*)$/', $line, $match)) {
            return false;
        }
        $field = explode(',', $match[1]);
        if (($device !== '' && ($field[4] ?? '') !== $device) || ($action !== '' && ($field[6] ?? '') !== $action)
            || ($tracker !== '' && ltrim($field[3] ?? '', '0') !== ltrim($tracker, '0'))) {
            return false;
        }
        if (str_starts_with($field[9] ?? '', 'error=')) {
            array_splice($field, 9, 1);
        }
        $at = ($field[8] ?? '') === '6' ? 15 : 18;
        return ($base === false || $covers($field[$at] ?? '') || $covers($field[$at + 1] ?? ''))
            && ($port === '' || ($field[$at + 2] ?? '') === $port || ($field[$at + 3] ?? '') === $port);
    };

    $readers = ['bz2' => '/usr/bin/bzcat', 'gz' => '/usr/bin/zcat', 'xz' => '/usr/bin/xzcat', 'zst' => '/usr/bin/zstdcat'];
    $found = [];
    $matched = $read = $filesKnown = 0;
    $unread = [];
    $oldest = null;
    foreach ($names as $name) {
        $rotated = array_filter(
            glob("/var/log/{$name}.log.*") ?: [],
            static fn (string $file): bool => (bool) preg_match('/\.log\.\d+(\.(bz2|gz|xz|zst))?$/', $file),
        );
        natsort($rotated);
        $there = ["/var/log/{$name}.log", ...$rotated];
        $files = array_values(array_filter($there, 'is_file'));
        // A pipe would be waited for, and a link that leads nowhere is not an empty log.
        $odd = array_filter($there, static fn (string $file): bool => !is_file($file) && (file_exists($file) || is_link($file)));
        array_push($unread, ...array_map('basename', array_values($odd)));
        $filesKnown += count($files) + count($odd);
        $ofLog = 0;
        foreach ($files as $file) {
            if ($ofLog >= $skip + $limit || McpBox::secondsLeft() < 0.8) {
                break;
            }
            $ending = pathinfo($file, PATHINFO_EXTENSION);
            if (isset($readers[$ending])) {
                $output = McpBox::run([$readers[$ending], $file]);
                $text = $output['code'] === 0 ? $output['stdout'] : false;
            } else {
                // A log rotates at half a megabyte by default; of one that never did, the end is what matters.
                $text = @file_get_contents($file, false, null, max(0, (int) filesize($file) - 8388608));
            }
            if ($text === false) {
                $unread[] = basename($file);
                continue;
            }
            $read++;
            $latest = min(time(), (int) filemtime($file));
            foreach (array_reverse(explode("\n", $text)) as $line) {
                if ($line === '' || ($needle !== '' && stripos($line, $needle) === false) || ($isPacketSearch && !$fitsPacket($line))) {
                    continue;
                }
                $matched++;
                if (++$ofLog <= $skip + $limit) {
                    $found[] = ['log' => $name, 'text' => substr($line, 0, 2000), 'time' => McpBox::lineTime($line, $latest)];
                }
            }
            $first = McpBox::lineTime((string) strtok($text, "\n"), $latest);
            $oldest = $first === null ? $oldest : min($first, $oldest ?? $first);
        }
    }
    if ($wanted === 'all') {
        usort($found, static fn (array $a, array $b): int => $b['time'] <=> $a['time']);
    }
    $lines = array_slice($found, $skip, $limit);

    // Who did it: rules of the GUI by their tracker, and those pfSense adds itself by the label that pf knows.
    $rules = [];
    $hasPf = true;
    $packets = array_filter($lines, static fn (array $line): bool => $line['log'] === 'filter');
    if ($packets !== []) {
        foreach (array_filter((array) config_get_path('filter/rule', []), 'is_array') as $rule) {
            $rules[(string) (int) ($rule['tracker'] ?? 0)] = [
                'description' => (string) ($rule['descr'] ?? ''),
                'changed' => (int) ($rule['updated']['time'] ?? $rule['created']['time'] ?? 0) ?: null,
                'isConfigured' => true,
            ];
        }
        $listing = McpBox::run(['/sbin/pfctl', '-vvsr']);
        $hasPf = $listing['code'] === 0;
        foreach (explode("\n", $listing['stdout']) as $line) {
            if (preg_match('/^@\d+ .*\bridentifier (\d+)/', $line, $id) && !isset($rules[$id[1]])) {
                preg_match('/\blabel "((?!(?:id|gw|s|tags)[:=])[^"]*)"/', $line, $label);
                $rules[$id[1]] = ['description' => (string) preg_replace('/^descr=/', '', $label[1] ?? ''), 'changed' => null, 'isConfigured' => false];
            }
        }
        $used = [];
        foreach ($packets as $line) {
            if (preg_match('/filterlog.*?[ ](\d*),[^,]*,[^,]*,0*(\d+),/', $line['text'], $match)) {
                $used[$match[2]] = true;
            }
        }
        $rules = array_intersect_key($rules, $used);
    }
    return [
        'isKnown' => true,
        'logs' => array_values($names),
        'lines' => array_map(
            static fn (array $line): array => ['log' => $line['log'], 'text' => $line['text'], 'at' => $line['time'] === null ? null : date('c', $line['time'])],
            $lines,
        ),
        'matched' => $matched,
        'filesRead' => $read,
        'filesKnown' => $filesKnown,
        'unreadable' => $unread,
        'oldest' => $oldest === null ? null : date('c', $oldest),
        'now' => date('c'),
        'timezone' => date('e'),
        'isKnownInterface' => $device === '' || isset($interfaces[$device]),
        'hasPf' => $hasPf,
        'rules' => (object) $rules,
        'interfaces' => (object) $interfaces,
        'rulesLoadedAt' => is_file('/tmp/rules.debug') ? date('c', (int) filemtime('/tmp/rules.debug')) : null,
    ];
};
