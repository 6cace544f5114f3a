<?php
/**
 * The revisions of the configuration that the firewall keeps, with the note that each carries.
 *
 * @effect read
 * @class  config
 * @since  2.7.0
 * @config unused
 */
return static function (array $in): array {
    $stat = static function (string $path): string {
        $found = @stat($path);
        return $found === false ? '-' : "{$found['mtime']}.{$found['size']}.{$found['ino']}";
    };
    clearstatcache();
    $stamp = "{$stat('/cf/conf/config.xml')} {$stat('/cf/conf/backup')} {$stat('/cf/conf/backup/backup.cache')}";
    if (($in['known'] ?? '') === $stamp) {
        return ['unchanged' => true, 'stamp' => $stamp];
    }
    $describe = static function (string $file, string $id): ?array {
        $text = @file_get_contents($file);
        if ($text === false) {
            return null;
        }
        // The note stands one step below the root; within values pfSense always encodes a `<`.
        preg_match_all('~^[ \t]*<revision>.{0,20000}?</revision>~sm', $text, $notes);
        return ['id' => $id, 'bytes' => strlen($text), 'sha256' => hash('sha256', $text), 'note' => (string) end($notes[0])];
    };
    $saved = [];
    $unreadable = 0;
    $isReadable = is_readable('/cf/conf/backup');
    foreach ($isReadable ? (array) glob('/cf/conf/backup/config-*.xml') : [] as $file) {
        if (preg_match('~/config-(\d{1,12})\.xml$~', (string) $file, $match)) {
            $entry = $describe((string) $file, $match[1]);
            $saved = $entry === null ? $saved : [...$saved, $entry];
            $unreadable += $entry === null ? 1 : 0;
        }
    }
    $index = function_exists('get_backups') ? get_backups() : false;
    $listed = is_array($index) ? array_filter($index, static fn (mixed $row): bool => is_array($row) && isset($row['time'])) : [];
    return [
        'unchanged' => false,
        'stamp' => $stamp,
        'current' => $describe('/cf/conf/config.xml', 'current'),
        'saved' => $isReadable ? $saved : null,
        'unreadable' => $unreadable,
        'listed' => is_array($index) ? array_map(static fn (array $row): array => [
            'id' => (string) $row['time'],
            'description' => (string) ($row['description'] ?? ''),
        ], array_values($listed)) : null,
    ];
};
