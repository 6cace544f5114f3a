<?php
/**
 * One section of the configuration without its secrets.
 *
 * @effect read
 * @class  config
 * @since  2.7.0
 */
return static function (array $in): array {
    $path = trim((string) ($in['path'] ?? ''), '/');
    $secretNames = array_flip((array) ($in['secretNames'] ?? []));
    $key = (string) ($in['pseudonymKey'] ?? '');
    $pattern = '/(?:password|passwd|passphrase|secret|_key|apikey|token|pin)$/';
    $strip = static function (mixed $node, string $name) use (&$strip, $secretNames, $pattern, $key): mixed {
        if (is_array($node)) {
            $copy = [];
            foreach ($node as $step => $child) {
                $copy[$step] = $strip($child, is_int($step) ? $name : (string) $step);
            }
            return $copy;
        }
        $isSecret = isset($secretNames[$name]) || preg_match($pattern, $name);
        return $isSecret && (string) $node !== '' ? "‹{$name}:" . substr(hash_hmac('sha256', (string) $node, $key), 0, 6) . '›' : (string) $node;
    };
    $absent = new stdClass();
    $tree = $path === '' ? config_get_path('', []) : config_get_path($path, $absent);
    if ($path !== '' && $tree === $absent) {
        $parent = str_contains($path, '/') ? (string) preg_replace('~/[^/]*$~', '', $path) : '';
        $names = config_get_path($parent, []);
        return ['found' => false, 'tree' => null, 'siblings' => is_array($names) ? array_map('strval', array_slice(array_keys($names), 0, 60)) : []];
    }
    $steps = explode('/', $path);
    $name = (string) (array_values(array_filter(array_reverse($steps), static fn (string $step): bool => !ctype_digit($step)))[0] ?? '');
    return ['found' => true, 'tree' => $strip($tree, $name), 'siblings' => []];
};
