<?php
/**
 * Whether what aliases rest on is there: lists that are downloaded, and addresses of host names.
 *
 * @effect read
 * @class  config
 * @since  2.7.0
 * @config unused
 */
return static function (array $in): array {
    $lists = [];
    foreach ((array) ($in['lists'] ?? []) as $name) {
        // As pfSense looks for it before it writes a rule: an empty list counts as none.
        $file = '/var/db/aliastables/' . basename((string) $name) . '.txt';
        $lists[(string) $name] = is_file($file) && trim((string) file_get_contents($file, false, null, 0, 65536)) !== '';
    }
    $hosts = [];
    foreach ((array) ($in['hosts'] ?? []) as $host) {
        $isName = (bool) preg_match('/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}$/', (string) $host);
        $found = $isName && McpBox::secondsLeft() > 5 ? McpBox::run(['/usr/bin/getent', 'hosts', (string) $host], '', 3) : null;
        // 2: the resolver of the firewall, files and name servers both, has no such name.
        $isKnown = $found !== null && !$found['timedOut'] && in_array($found['code'], [0, 2], true);
        $hosts[(string) $host] = $isKnown ? $found['code'] === 0 : null;
    }
    return ['lists' => (object) $lists, 'hosts' => (object) $hosts];
};
