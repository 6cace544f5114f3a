<?php
/**
 * Names of privileges that can be granted here, and of the accounts and groups of the operating system.
 *
 * @effect read
 * @class  simple
 * @since  2.7.0
 */
require_once 'auth.inc';
require_once 'priv.inc';

return static function (array $in): array {
    $names = static fn (string $file): array => array_map(
        static fn (string $line): string => explode(':', $line)[0],
        array_values(preg_grep('/^[^#\s:][^:]*:/', (array) @file($file, FILE_IGNORE_NEW_LINES))),
    );
    $privileges = $GLOBALS['priv_list'] ?? null;
    if (!is_array($privileges)) {
        McpBox::fail('unsupported', 'This firewall does not tell which privileges it knows.');
    }
    return [
        'privileges' => array_map('strval', array_keys($privileges)),
        'users' => $names('/etc/passwd'),
        'groups' => $names('/etc/group'),
    ];
};
