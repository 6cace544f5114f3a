<?php
/**
 * States that fit, or who has most of them, found while pf's listing passes by; nothing of the table is kept.
 *
 * @effect read
 * @class  config
 * @since  2.7.0
 */
require_once 'interfaces.inc';

return static function (array $in): array {
    $count = static fn (string $text, string $pattern): ?int => preg_match($pattern, $text, $match) ? (int) $match[1] : null;
    $current = $count(McpBox::run(['/sbin/pfctl', '-si'])['stdout'], '/current entries\s+(\d+)/');
    $limit = $count(McpBox::run(['/sbin/pfctl', '-sm'])['stdout'], '/^states\s+hard limit\s+(\d+)/m');

    $names = ['enc0' => 'IPsec', 'lo0' => 'Loopback'];
    $own = ['127.0.0.1' => true, '::1' => true];
    $devices = [];
    foreach ((array) config_get_path('interfaces', []) as $key => $settings) {
        $device = (string) get_real_interface((string) $key);
        $names[$device] = (string) (($settings['descr'] ?? '') ?: strtoupper((string) $key));
        $devices[strtolower($names[$device])] = $devices[strtolower((string) $key)] = $device;
        $own[(string) get_interface_ip((string) $key)] = true;
        $own[(string) get_interface_ipv6((string) $key)] = true;
    }
    foreach (array_filter((array) config_get_path('virtualip/vip', []), 'is_array') as $vip) {
        $own[(string) ($vip['subnet'] ?? '')] = true;
    }
    unset($own['']);

    $rules = [];
    foreach (McpBox::lines(['/sbin/pfctl', '-vvsr'], $hasRules) as $line) {
        // Scrub rules are numbered apart from the others.
        if (preg_match('/^@(\d+) (?!scrub)/', $line, $match)) {
            preg_match('/\bridentifier (\d+)/', $line, $id) || preg_match('/\blabel "id[:=](\d+)"/', $line, $id);
            preg_match('/\blabel "((?!(?:id|gw|s|tags)[:=])[^"]*)"/', $line, $label);
            $rules[(int) $match[1]] = [
                'tracker' => isset($id[1]) ? (string) (int) $id[1] : null,
                'description' => (string) preg_replace('/^(?:USER_RULE: ?|descr=)/', '', $label[1] ?? ''),
            ];
        }
    }

    $interface = (string) ($in['interface'] ?? '');
    $device = $devices[strtolower($interface)] ?? $interface;
    $protocol = strtolower((string) ($in['protocol'] ?? ''));
    $status = strtoupper((string) ($in['status'] ?? ''));
    $port = (string) ($in['port'] ?? '');
    $tracker = (string) ($in['tracker'] ?? '');
    [$base, $bits] = [@inet_pton((string) ($in['network'] ?? '')), (int) ($in['length'] ?? 0)];
    $covers = static fn (string $address): bool => McpBox::isInNetwork($address, (string) $base, $bits);
    $split = static function (string $host): array {
        if (preg_match('/^(.*)\[(\d+)\]$/', $host, $match) || preg_match('/^([0-9.]+):(\d+)$/', $host, $match)) {
            return [$match[1], $match[2]];
        }
        return [$host, ''];
    };
    $number = static fn (string $text, string $pattern): ?int => preg_match($pattern, $text, $match) ? (int) $match[1] : null;
    $seconds = static fn (string $text, string $word): ?int => preg_match("/$word (\d+):(\d\d):(\d\d)/", $text, $t)
        ? (int) $t[1] * 3600 + (int) $t[2] * 60 + (int) $t[3] : null;

    $read = static function (string $head, string $tail) use ($split, $number, $seconds, $rules, $names): ?array {
        if (!preg_match('/^(\S+) (\S+) (\S+)(?: \((\S+)\))? (->|<-) (\S+)(?: \((\S+)\))?\s+(\S.*)$/', $head, $part)) {
            return null;
        }
        [, $device, $protocol, $left, $leftBefore, $arrow, $right, $rightBefore, $status] = $part;
        // pf prints the end that it translates first, whichever way the connection was opened.
        $isOut = $arrow === '->';
        $device = $device === 'all' && preg_match('/origif: (\S+)/', $tail, $origin) ? $origin[1] : $device;
        $rule = $number($tail, '/, rule (\d+)/');
        preg_match('/, (\d+):(\d+) pkts, (\d+):(\d+) bytes/', $tail, $traffic);
        preg_match('/\b(?:gateway|route-to|reply-to): ([0-9a-f.:]+)/', $tail, $gateway);
        return [
            'device' => $device,
            'interface' => $names[$device] ?? $device,
            'direction' => $isOut ? 'out' : 'in',
            'protocol' => $protocol,
            'source' => $isOut ? $left : $right,
            'sourceBefore' => ($isOut ? $leftBefore : $rightBefore) ?: null,
            'destination' => $isOut ? $right : $left,
            'destinationBefore' => ($isOut ? $rightBefore : $leftBefore) ?: null,
            'status' => trim($status),
            'age' => $seconds($tail, 'age'),
            'expires' => $seconds($tail, 'expires in'),
            'packets' => $traffic === [] ? null : ['sent' => (int) $traffic[1], 'received' => (int) $traffic[2]],
            'bytes' => $traffic === [] ? null : ['sent' => (int) $traffic[3], 'received' => (int) $traffic[4]],
            'rule' => $rule === null || str_contains($tail, ', anchor ') ? null : ($rules[$rule] ?? null),
            'gateway' => in_array($gateway[1] ?? '', ['', '0.0.0.0', '::'], true) ? null : $gateway[1],
            'id' => preg_match('/\bid: ([0-9a-f]+)/', $tail, $id) ? $id[1] : null,
        ];
    };
    $fits = static function (array $state) use ($device, $protocol, $status, $port, $tracker, $base, $covers, $split): bool {
        if (($device !== '' && $state['device'] !== $device) || ($protocol !== '' && $state['protocol'] !== $protocol)
            || ($status !== '' && !str_contains($state['status'], $status))
            || ($tracker !== '' && (string) ($state['rule']['tracker'] ?? '') !== $tracker)) {
            return false;
        }
        if ($base === false && $port === '') {
            return true;
        }
        $hasAddress = $base === false;
        $hasPort = $port === '';
        foreach (['source', 'sourceBefore', 'destination', 'destinationBefore'] as $end) {
            [$address, $found] = $split((string) $state[$end]);
            $hasAddress = $hasAddress || ($address !== '' && $covers($address));
            $hasPort = $hasPort || $found === $port;
        }
        return $hasAddress && $hasPort;
    };

    $top = (string) ($in['top'] ?? '');
    $most = max(1, min(200, (int) ($in['limit'] ?? 20)));
    $skip = max(0, min(100000, (int) ($in['skip'] ?? 0)));
    $scanned = $matched = $isCut = 0;
    $states = $talkers = [];
    $weigh = static fn (array $state): int => array_sum((array) $state[$top === 'packets' ? 'packets' : 'bytes']);
    $prune = static function (array &$states) use ($weigh, $most): void {
        usort($states, static fn (array $a, array $b): int => $weigh($b) <=> $weigh($a));
        $states = array_slice($states, 0, $most);
    };
    $take = static function (string $head, string $tail) use (&$scanned, &$matched, &$states, &$talkers, &$isCut, $read, $fits, $split, $own, $top, $device, $most, $skip, $prune): void {
        if ($head === '') {
            return;
        }
        $scanned++;
        $state = $read($head, $tail);
        if ($state === null || !$fits($state)) {
            return;
        }
        [$from] = $split($state['sourceBefore'] ?? $state['source']);
        // A forwarded connection has a state where it comes in and one where it goes out: counted once.
        if ($top !== '' && $device === '' && $state['direction'] === 'out' && !isset($own[$from])) {
            return;
        }
        $matched++;
        if ($top === '') {
            if ($matched > $skip && count($states) < $most) {
                $states[] = $state;
            }
        } elseif ($top === 'bytes' || $top === 'packets') {
            $states[] = $state;
            if (count($states) > 4 * $most + 100) {
                $prune($states);
            }
        } else {
            [$to] = $split($state['destination']);
            $who = $top === 'sources' ? $from : $to;
            if (!isset($talkers[$who]) && count($talkers) >= 50000) {
                $isCut++;
                return;
            }
            $talkers[$who] ??= ['states' => 0, 'packets' => 0, 'bytes' => 0];
            $talkers[$who]['states']++;
            $talkers[$who]['packets'] += array_sum((array) $state['packets']);
            $talkers[$who]['bytes'] += array_sum((array) $state['bytes']);
        }
    };
    $head = $tail = '';
    $isComplete = true;
    foreach (McpBox::lines(['/sbin/pfctl', '-vvss'], $isRead) as $line) {
        if ($line !== '' && $line[0] !== ' ' && $line[0] !== "\t") {
            $take($head, $tail);
            [$head, $tail] = [$line, ''];
            if ($scanned % 1000 === 0 && McpBox::secondsLeft() < 0.8) {
                $isComplete = false;
                $head = '';
                break;
            }
        } else {
            $tail .= ' ' . trim($line);
        }
    }
    $take($head, $tail);
    if ($top === 'bytes' || $top === 'packets') {
        $prune($states);
    }
    uasort($talkers, static fn (array $a, array $b): int => [$b['bytes'], $b['states']] <=> [$a['bytes'], $a['states']]);
    $rows = [];
    foreach (array_slice($talkers, 0, $most, true) as $address => $sums) {
        $rows[] = ['address' => (string) $address, ...$sums];
    }
    return [
        'current' => $current,
        'limit' => $limit,
        'isRead' => $isRead || !$isComplete,
        'hasRules' => $hasRules,
        'isComplete' => $isComplete && $isCut === 0,
        'isKnownInterface' => $interface === '' || isset($names[$device]),
        'scanned' => $scanned,
        'matched' => $matched,
        'states' => $states,
        'talkers' => $rows,
        'talkerCount' => count($talkers),
    ];
};
