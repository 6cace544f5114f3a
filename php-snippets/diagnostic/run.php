<?php
/**
 * One bounded look with a program of the system: ping, traceroute, DNS, neighbours, sockets, pf's counters and tables.
 *
 * @effect read
 * @class  config
 * @since  2.7.0
 * @config unused
 */
return static function (array $in): array {
    $kind = (string) ($in['kind'] ?? '');
    $target = (string) ($in['target'] ?? '');
    $server = (string) ($in['server'] ?? '');
    $table = (string) ($in['table'] ?? '');
    $text = (string) ($in['text'] ?? '');
    $type = (string) ($in['type'] ?? 'A');
    $count = max(1, min(5, (int) ($in['count'] ?? 3)));
    // Checked once more where it becomes an argument: nothing that a program could take for an option.
    $isName = static fn (string $text): bool => (bool) preg_match('/^[A-Za-z0-9_:][A-Za-z0-9_.:%-]{0,252}$/', $text);
    if (($target !== '' && !$isName($target)) || ($server !== '' && !$isName($server))
        || !preg_match('/^[A-Za-z0-9_-]{0,31}$/', $table) || str_starts_with($table, '-') || !preg_match('/^[A-Z]{1,8}$/', $type)) {
        McpBox::fail('bad_input', 'A host is named by its address or host name, a table by its name.');
    }
    $isSix = str_contains($target, ':');
    $commands = [
        'ping' => [['/sbin/ping', $isSix ? '-6' : '-4', '-n', '-c', $count, '-t', $count + 3, $target]],
        'traceroute' => [[$isSix ? '/usr/sbin/traceroute6' : '/usr/sbin/traceroute', '-n', '-q', '1', '-w', '1', '-m', '20', $target]],
        'dns_lookup' => [['/usr/bin/drill', ...($type === 'PTR' ? ['-x'] : [$type]), $target, ...($server === '' ? [] : ["@$server"])]],
        'arp' => [['/usr/sbin/arp', '-an']],
        'ndp' => [['/usr/sbin/ndp', '-an']],
        'sockets' => [['/usr/bin/sockstat', '-4', '-6', '-l']],
        'pf_info' => [['/sbin/pfctl', '-si'], ['/sbin/pfctl', '-sm']],
        'pf_tables' => [$table === '' ? ['/sbin/pfctl', '-s', 'Tables'] : ['/sbin/pfctl', '-t', $table, '-T', 'show']],
    ];
    if (!isset($commands[$kind])) {
        McpBox::fail('bad_input', 'There is no such look.');
    }
    if ($kind === 'ping' && !str_contains($target, ':') && !filter_var($target, FILTER_VALIDATE_IP)) {
        // A host name may have addresses of either family only.
        unset($commands['ping'][0][1]);
        $commands['ping'][0] = array_values($commands['ping'][0]);
    }
    $texts = [];
    $code = 0;
    $isCut = false;
    $entries = null;
    $isMissing = false;
    if ($kind === 'pf_tables' && $table !== '') {
        // A table may hold a million entries: what fits goes over, and all that match are counted.
        $entries = 0;
        $texts = [''];
        foreach (McpBox::lines($commands[$kind][0], $succeeded, 15) as $line) {
            if (trim($line) !== '' && ($text === '' || stripos($line, $text) !== false)) {
                $entries++;
                $texts[0] .= strlen($texts[0]) < 2097152 ? trim($line) . "\n" : '';
            }
        }
        $isCut = strlen($texts[0]) >= 2097152;
        $code = $succeeded ? 0 : 1;
        // pfctl says why, but only to who reads its errors.
        $again = !$succeeded && $entries === 0 ? McpBox::run($commands[$kind][0], '', 5) : null;
        $isMissing = $again !== null && !$again['timedOut'] && str_contains($again['stderr'], 'Table does not exist');
        $commands[$kind] = [];
    }
    foreach ($commands[$kind] as $argv) {
        $result = McpBox::run($argv, '', $kind === 'traceroute' ? 25 : 12);
        $texts[] = substr($result['stdout'], 0, 2097152);
        $isCut = $isCut || $result['timedOut'] || $result['truncated'] || strlen($result['stdout']) > 2097152;
        $code = $code ?: $result['code'];
    }
    $holding = null;
    if ($kind === 'pf_tables' && $table === '' && $target !== '' && $code === 0) {
        $holding = [];
        $names = preg_split('/\s+/', $texts[0], -1, PREG_SPLIT_NO_EMPTY);
        $isCut = $isCut || count($names) > 300;
        foreach (array_slice($names, 0, 300) as $name) {
            if (!preg_match('/^[A-Za-z0-9_.-]{1,63}$/', $name) || str_starts_with($name, '-') || McpBox::secondsLeft() < 0.8) {
                $isCut = true;
            } elseif (McpBox::run(['/sbin/pfctl', '-t', $name, '-T', 'test', $target], '', 3)['code'] === 0) {
                $holding[] = $name;
            }
        }
    }
    return ['code' => $code, 'texts' => $texts, 'isCut' => $isCut, 'holding' => $holding, 'count' => $entries, 'isMissing' => $isMissing];
};
