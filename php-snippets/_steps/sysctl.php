<?php
/**
 * Gives the kernel its variables anew, and an undone change those that it found.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
return static function (array $subjects, array $before, array $after): ?string {
    $values = static fn (array $config): array => array_column((array) ($config['sysctl']['item'] ?? []), 'value', 'tunable');
    $wanted = array_intersect_key($values($after), array_flip($subjects));
    // What the kernel had before the change, which nothing of pfSense remembers once an entry is gone.
    $file = __DIR__ . '/sysctl.json';
    $found = json_decode((string) @file_get_contents($file), true);
    if (!is_array($found)) {
        file_put_contents($file, (string) json_encode(McpBox::sysctl(...$subjects)));
    }
    system_setup_sysctl();
    $restored = array_filter(array_diff_key((array) $found, $values($after)), 'is_scalar');
    if ($restored !== []) {
        set_sysctl($restored);
    }
    foreach ($wanted as $name => $value) {
        $wanted[$name] = $value === 'default' ? get_default_sysctl_value($name) : $value;
    }
    $wanted = array_filter($wanted, 'is_scalar');
    $now = McpBox::sysctl(...array_map('strval', array_keys($wanted)));
    foreach ($wanted as $name => $value) {
        if (trim((string) ($now[$name] ?? '')) !== trim((string) $value)) {
            return 'The kernel did not take the value of a tunable; it may be one that counts at boot only.';
        }
    }
    return null;
};
