<?php
/**
 * One section of the configuration, now or as it was saved earlier, without its secrets.
 *
 * @effect read
 * @class  config
 * @since  2.7.0
 */
return static function (array $in): array {
    $path = trim((string) ($in['path'] ?? ''), '/');
    $revision = (string) ($in['revision'] ?? '');
    if ($revision !== '' && !preg_match('/^\d{1,12}$/', $revision)) {
        McpBox::fail('not_found', 'The firewall keeps no such revision.');
    }
    $file = $revision === '' ? '/cf/conf/config.xml' : "/cf/conf/backup/config-$revision.xml";
    clearstatcache();
    $found = @stat($file);
    if ($found === false || !is_readable($file)) {
        $revision === '' && McpBox::fail('config_unreadable', 'The configuration file of the firewall cannot be read.');
        $found !== false && McpBox::fail('config_unreadable', 'The file of this revision cannot be read.');
        McpBox::fail('not_found', 'The firewall keeps no such revision.');
    }
    $mark = "{$found['mtime']}.{$found['size']}.{$found['ino']}";
    [$knownMark, $knownHash] = explode(' ', ($in['known'] ?? '') . ' ');
    // A file that was written within this second may be written again without a trace in its times.
    $isSettled = time() - $found['mtime'] > 1;
    if ($mark === $knownMark && $isSettled) {
        return ['unchanged' => true, 'stamp' => "$mark $knownHash"];
    }
    $hash = (string) hash_file('sha256', $file);
    if ($hash === $knownHash) {
        return ['unchanged' => true, 'stamp' => "$mark $hash"];
    }

    $key = (string) ($in['pseudonymKey'] ?? '');
    $secretNames = array_flip((array) ($in['secretNames'] ?? []));
    $secretPaths = array_flip((array) ($in['secretPaths'] ?? []));
    // A pattern that is missing matches everything: then nothing is shown.
    $secretName = '~' . ($in['secretName'] ?? '') . '~D';
    $secretPlace = '~' . ($in['secretPlace'] ?? '') . '~D';
    $isSecret = static fn (string $name, string $place): bool => isset($secretNames[$name]) || isset($secretPaths[$place])
        || preg_match($secretName, $name) !== 0 || preg_match($secretPlace, $place) !== 0;
    // What stands within a secret is one, under whatever name.
    $strip = static function (mixed $node, string $name, string $place, bool $within) use (&$strip, $isSecret, $key): mixed {
        $hides = $within || $isSecret($name, $place);
        if (is_array($node)) {
            $copy = [];
            foreach ($node as $step => $child) {
                $copy[$step] = is_int($step) ? $strip($child, $name, $place, $hides)
                    : $strip($child, (string) $step, ltrim("$place/$step", '/'), $hides);
            }
            return $copy;
        }
        return $hides && (string) $node !== '' ? "‹{$name}:" . substr(hash_hmac('sha256', (string) $node, $key), 0, 6) . '›' : (string) $node;
    };
    // What is in memory may have been read before the last change, and the file change while it is looked at: then the
    // answer carries no stamp, so that nobody keeps it.
    $stampOf = static function () use ($file, $mark, $hash, $isSettled, $revision): string {
        clearstatcache();
        $now = @stat($file);
        $isSame = $now !== false && "{$now['mtime']}.{$now['size']}.{$now['ino']}" === $mark;
        return $isSame && ($revision !== '' || ($isSettled && McpBox::configMark() === $mark)) ? "$mark $hash" : '';
    };
    $absent = new stdClass();
    $all = $revision === '' ? config_get_path('', []) : parse_xml_config($file, 'pfsense');
    if (!is_array($all)) {
        McpBox::fail('config_unreadable', 'The firewall cannot read this revision.');
    }
    $tree = $all;
    $siblings = [];
    foreach ($path === '' ? [] : explode('/', $path) as $step) {
        $siblings = is_array($tree) ? array_map('strval', array_slice(array_keys($tree), 0, 60)) : [];
        $tree = is_array($tree) && array_key_exists($step, $tree) ? $tree[$step] : $absent;
        if ($tree === $absent) {
            return ['unchanged' => false, 'stamp' => $stampOf(), 'found' => false, 'tree' => null, 'siblings' => $siblings];
        }
    }
    $steps = $path === '' ? [] : explode('/', $path);
    $name = (string) (array_values(array_filter(array_reverse($steps), static fn (string $step): bool => !ctype_digit($step)))[0] ?? '');
    $place = implode('/', array_filter($steps, static fn (string $step): bool => !ctype_digit($step)));
    $within = array_filter($steps, static fn (string $step): bool => !ctype_digit($step) && $isSecret($step, '')) !== [];
    return ['unchanged' => false, 'stamp' => $stampOf(), 'found' => true, 'tree' => $strip($tree, $name, $place, $within), 'siblings' => []];
};
