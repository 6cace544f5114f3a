<?php
/**
 * Lines of one log that contain a text, newest first, from the rotated files too.
 *
 * @effect read
 * @class  firewall
 * @since  2.7.0
 */
return static function (array $in): array {
    $name = (string) ($in['log'] ?? 'system');
    $needle = (string) ($in['text'] ?? '');
    $limit = max(1, min(500, (int) ($in['limit'] ?? 50)));
    $skip = max(0, (int) ($in['skip'] ?? 0));
    if (!preg_match('/^[a-z0-9_]{1,30}$/', $name)) {
        McpBox::fail('bad_input', 'A log is named by letters, digits and underscores.');
    }
    $rotated = array_filter(
        glob("/var/log/{$name}.log.*") ?: [],
        static fn (string $file): bool => (bool) preg_match('/\.log\.\d+(\.(bz2|gz|xz|zst))?$/', $file),
    );
    natsort($rotated);
    $files = array_values(array_filter(["/var/log/{$name}.log", ...$rotated], 'is_file'));
    if ($files === []) {
        McpBox::fail('not_found', 'There is no such log on this firewall.');
    }
    $readers = ['bz2' => '/usr/bin/bzcat', 'gz' => '/usr/bin/zcat', 'xz' => '/usr/bin/xzcat', 'zst' => '/usr/bin/zstdcat'];
    $lines = [];
    $matched = 0;
    $read = 0;
    $unread = [];
    foreach ($files as $file) {
        if (count($lines) >= $limit || McpBox::secondsLeft() < 1) {
            break;
        }
        $ending = pathinfo($file, PATHINFO_EXTENSION);
        if (isset($readers[$ending])) {
            $output = McpBox::run([$readers[$ending], $file]);
            $text = $output['code'] === 0 ? $output['stdout'] : false;
        } else {
            // A log rotates at half a megabyte by default; of one that never did, the end is what matters.
            $size = (int) filesize($file);
            $text = @file_get_contents($file, false, null, max(0, $size - 8388608));
        }
        if ($text === false) {
            $unread[] = basename($file);
            continue;
        }
        $read++;
        foreach (array_reverse(explode("\n", $text)) as $line) {
            if ($line === '' || ($needle !== '' && stripos($line, $needle) === false)) {
                continue;
            }
            $matched++;
            if ($matched > $skip && count($lines) < $limit) {
                $lines[] = substr($line, 0, 2000);
            }
        }
        $oldest = strtok($text, "\n");
    }
    return [
        'lines' => $lines,
        'matched' => $matched,
        'filesRead' => $read,
        'filesKnown' => count($files),
        'unreadable' => $unread,
        'oldestLine' => isset($oldest) && $oldest !== false ? substr($oldest, 0, 200) : null,
        'now' => time(),
        'utcOffsetSeconds' => (int) date('Z'),
    ];
};
