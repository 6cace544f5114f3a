<?php
/**
 * What some of pf's tables hold, compared with what is expected there, and which tables hold an address.
 *
 * @effect read
 * @class  firewall
 * @since  2.7.0
 */
return static function (array $in): array {
    $isTable = static fn (string $name): bool => (bool) preg_match('/^[A-Za-z0-9_.:-]{1,63}$/', $name) && $name[0] !== '-';
    $normal = static function (string $entry): string {
        [$address, $length] = explode('/', "$entry/");
        $packed = @inet_pton($address);
        if ($packed === false) {
            return $entry;
        }
        return inet_ntop($packed) . ($length === '' || (int) $length === 8 * strlen($packed) ? '' : "/$length");
    };
    $sample = max(0, min(500, (int) ($in['sample'] ?? 0)));
    $contents = [];
    foreach ((array) ($in['expected'] ?? []) as $name => $expected) {
        $name = (string) $name;
        if (!$isTable($name) || McpBox::secondsLeft() < 0.8) {
            continue;
        }
        $shown = McpBox::run(['/sbin/pfctl', '-t', $name, '-T', 'show']);
        if ($shown['code'] !== 0 || $shown['truncated']) {
            $contents[$name] = null;
            continue;
        }
        $entries = [];
        foreach (explode("\n", $shown['stdout']) as $line) {
            if (trim($line) !== '') {
                $entries[$normal(trim($line))] = true;
            }
        }
        $wanted = array_fill_keys(array_map($normal, array_map('strval', (array) $expected)), true);
        $contents[$name] = [
            'entries' => count($entries),
            'sample' => array_map('strval', array_slice(array_keys($entries), 0, $sample)),
            'missing' => array_map('strval', array_slice(array_keys(array_diff_key($wanted, $entries)), 0, 50)),
            'unexpected' => array_map('strval', array_slice(array_keys(array_diff_key($entries, $wanted)), 0, 50)),
        ];
    }
    $address = (string) ($in['address'] ?? '');
    $holding = [];
    $untested = 0;
    if (@inet_pton($address) !== false) {
        foreach ((array) ($in['candidates'] ?? []) as $name) {
            if (!$isTable((string) $name)) {
                continue;
            }
            if (McpBox::secondsLeft() < 0.8) {
                $untested++;
                continue;
            }
            if (McpBox::run(['/sbin/pfctl', '-t', (string) $name, '-T', 'test', $address])['code'] === 0) {
                $holding[] = (string) $name;
            }
        }
    }
    return ['contents' => (object) $contents, 'holding' => $holding, 'untested' => $untested];
};
