<?php
/**
 * What is done after a save besides writing: the other node, packages and the backup are told, new tables are fetched.
 *
 * Only after a change was confirmed, as an upload can take half a minute.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
return static function (array $in): array {
    $done = [];
    if (function_exists('carp_sync_client')) {
        carp_sync_client();
        $done[] = 'sync';
    }
    if (is_dir('/usr/local/pkg/write_config') && function_exists('run_plugins')) {
        run_plugins('/usr/local/pkg/write_config/');
        $done[] = 'plugins';
    }
    // On trial its file of addresses could not be fetched, as what fetches it reads what is written.
    foreach (array_filter((array) config_get_path('aliases/alias', []), 'is_array') as $alias) {
        $name = (string) ($alias['name'] ?? '');
        if (str_starts_with((string) ($alias['type'] ?? ''), 'urltable') && (int) @filesize("/var/db/aliastables/$name.txt") === 0) {
            send_event("service sync alias $name");
            $done[] = 'table';
        }
    }
    // A reload that was under way while the change was written loads what was written before it; one more loads the change.
    $loaded = McpChange::facts("/cf/conf/pfsense-mcp/{$in['id']}", 'loaded');
    $reloading = @fopen('/tmp/filter.lock', 're');
    $isReloading = $reloading !== false && !flock($reloading, LOCK_EX | LOCK_NB);
    $reloading === false || fclose($reloading);
    if ($loaded !== null && ($isReloading || hash_file('sha256', '/tmp/rules.debug') !== $loaded['rules'])) {
        send_event('filter reload');
        $done[] = 'reload';
    }
    $backup = (array) config_get_path('system/acb', []);
    if (($backup['enable'] ?? '') === 'yes' && in_array($backup['frequency'] ?? 'every', ['every', ''], true) && stream_resolve_include_path('acb.inc')) {
        require_once 'acb.inc';
        if (function_exists('acb_backup_stage_upload')) {
            acb_backup_stage_upload(false);
            $done[] = 'backup';
        } elseif (function_exists('upload_config')) {
            upload_config((string) config_get_path('revision/description', ''));
            $done[] = 'backup';
        }
    }
    return ['done' => $done];
};
