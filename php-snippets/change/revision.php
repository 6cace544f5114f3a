<?php
/**
 * The configuration with a given hash that a change began from or left, whole, from where the firewall still has it.
 *
 * @effect read
 * @class  config
 * @since  2.7.0
 * @config unused
 */
return static function (array $in): array {
    $files = ['/cf/conf/config.xml', ...glob("/cf/conf/pfsense-mcp/{$in['id']}/base.xml") ?: [], ...array_reverse(glob('/cf/conf/backup/config-*.xml') ?: [])];
    foreach ($files as $file) {
        if (McpBox::secondsLeft() < 1) {
            break;
        }
        $bytes = (int) @filesize($file) <= 8388608 ? (string) @file_get_contents($file) : '';
        if (hash('sha256', $bytes) === $in['sha256']) {
            return ['document' => base64_encode($bytes)];
        }
    }
    return ['document' => null];
};
