<?php
/** What a change left in the configuration, to be told later whether it is still there, without a copy of any of it. */
final class McpTrace
{
    private const BACKUPS = '/cf/conf/backup';
    /** How long after a change reads go on saying that it was overwritten, in seconds. */
    private const TOLD = 86400;

    private static string $seen = '';
    private static array $found = [];

    /**
     * Marks of what operations bring to a configuration and of what they take away.
     *
     * @param list<array{path: list<string>, value?: mixed}> $operations
     * @return list<array{path: list<string>, is?: string, has?: list<string>, lacks?: list<string>}>
     */
    public static function of(array $base, array $operations): array
    {
        $marks = [];
        foreach ($operations as $operation) {
            self::collect(McpMerge::at($base, $operation['path']), $operation['value'] ?? null, $operation['path'], $marks);
        }
        return $marks;
    }

    /** Whether all that marks stand for is in a configuration. */
    public static function isIn(array $tree, array $marks): bool
    {
        foreach ($marks as $mark) {
            $there = McpMerge::at($tree, $mark['path']);
            $items = isset($mark['is']) ? [] : self::items($there);
            if (isset($mark['is']) ? self::mark($there) !== $mark['is'] : array_diff($mark['has'], $items) !== [] || array_intersect($mark['lacks'], $items) !== []) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether somebody undid what a change wrote, or brought back what was taken out again: `lost`, `back`; null when
     * all is as the change left it. `isBlind`: by a writer that had not read it, at `when` about; null when that cannot
     * be told.
     *
     * @return array{what: string, isBlind: ?bool, when: int}|null
     */
    public static function overwriting(string $folder, array $tree): ?array
    {
        $isOut = is_file("$folder/reverted");
        $marks = McpChange::facts($folder, 'trace');
        $written = McpChange::facts($folder, $isOut ? 'unwritten' : 'written');
        if (!$marks || $written === null || is_file("$folder/reverting") || self::isIn($tree, $marks) !== $isOut) {
            return null;
        }
        $when = self::blindWrite($written);
        // Not kept apart, so it is not later than the last one.
        $last = (int) ($tree['revision']['time'] ?? 0);
        return ['what' => $isOut ? 'back' : 'lost', 'isBlind' => $when === null ? null : $when !== 0, 'when' => $when === PHP_INT_MAX || !$when ? $last : $when];
    }

    /**
     * Changes that were overwritten lately by somebody who had not read them, and those on trial by anybody, until another
     * change is begun. Looks only when the configuration in memory is the written one, and once for each.
     *
     * @return list<string> `overwritten.ID` or `resurrected.ID`
     */
    public static function overwritten(): array
    {
        $stamp = McpConfig::writtenMark();
        if ($stamp === self::$seen || $stamp === '') {
            return self::$found;
        }
        [self::$seen, self::$found] = [$stamp, []];
        $begun = array_map(static fn (string $file): int => (int) @filemtime($file), glob('/cf/conf/pfsense-mcp/*/order.json') ?: []);
        foreach (glob('/cf/conf/pfsense-mcp/*/trace') ?: [] as $file) {
            $folder = dirname($file);
            $own = (int) @filemtime("$folder/order.json");
            $found = time() - $own < self::TOLD ? self::overwriting($folder, $GLOBALS['config']) : null;
            // One that began in the second of the overwriting came after it: what undoes both is told of the later one.
            $isAnswered = $found !== null && array_filter($begun, static fn (int $at): bool => $at > $own && $at >= $found['when']) !== [];
            if ($found !== null && (is_file("$folder/armed") || ($found['isBlind'] && !$isAnswered))) {
                self::$found[] = ($found['what'] === 'lost' ? 'overwritten.' : 'resurrected.') . substr(basename($folder), 0, 12);
            }
        }
        return self::$found;
    }

    /**
     * When somebody wrote over a revision of ours without having read it; 0: nobody did. pfSense keeps what it overwrites
     * under the time of the revision that its writer had read. PHP_INT_MAX: at a time that is not known, null: that cannot
     * be told.
     */
    private static function blindWrite(array $written): ?int
    {
        $ours = (int) ($written['revision'] ?? 0);
        $oldest = PHP_INT_MAX;
        foreach (glob(self::BACKUPS . '/config-*.xml') ?: [] as $file) {
            $read = (int) substr(basename($file), 7);
            $oldest = min($oldest, $read);
            $at = (int) @filemtime($file);
            if ($read < $ours && $at >= $ours && self::revision($file) >= $ours) {
                return $at;
            }
        }
        $kept = self::BACKUPS . "/config-$ours.xml";
        if (is_file($kept)) {
            return hash_file('sha256', $kept) === $written['sha256'] ? 0 : null;
        }
        // The oldest go first, so that ours was never kept: who overwrote it had looked before.
        return $ours > 0 && $oldest < $ours ? PHP_INT_MAX : null;
    }

    /** The time that the note of a written configuration states. */
    private static function revision(string $file): int
    {
        preg_match_all('~<revision>.{0,20000}?<time>(\d+)</time>~s', (string) @file_get_contents($file), $times);
        return (int) end($times[1]);
    }

    private static function collect(mixed $from, mixed $to, array $path, array &$marks): void
    {
        if (McpMerge::isSame($from, $to)) {
            return;
        }
        [$isNothing, $isList] = [self::isNothing($from) && self::isNothing($to), McpMerge::isListOrNothing($from) && McpMerge::isListOrNothing($to)];
        if (!$isNothing && $isList) {
            [$old, $new] = [self::items($from), self::items($to)];
            $marks[] = ['path' => $path, 'has' => array_values(array_diff($new, $old)), 'lacks' => array_values(array_diff($old, $new))];
        } elseif (!$isNothing && McpMerge::isSectionOrNothing($from) && McpMerge::isSectionOrNothing($to)) {
            $ends = [is_array($from) ? $from : [], is_array($to) ? $to : []];
            foreach (array_keys($ends[0] + $ends[1]) as $name) {
                self::collect($ends[0][$name] ?? null, $ends[1][$name] ?? null, [...$path, (string) $name], $marks);
            }
        } else {
            $marks[] = ['path' => $path, 'is' => self::mark($to)];
        }
    }

    /** @return list<string> one for each item of a list */
    private static function items(mixed $list): array
    {
        return array_map(static fn (string $key): string => self::short($key), array_keys(McpMerge::keyed(is_array($list) ? $list : [])));
    }

    private static function mark(mixed $value): string
    {
        return self::short(serialize(McpMerge::plain($value)));
    }

    private static function short(string $text): string
    {
        return substr(hash('sha256', $text), 0, 20);
    }

    private static function isNothing(mixed $value): bool
    {
        return $value === null || $value === '' || $value === [];
    }
}
