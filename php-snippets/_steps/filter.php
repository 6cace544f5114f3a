<?php
/**
 * Loads rules, translations, aliases and schedules.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
return static function (array $subjects, array $before, array $after): ?string {
    @unlink('/var/run/filter_reload_status');
    if (function_exists('alias_make_table')) {
        // Without it every rule that uses an alias is dropped, and nothing says so.
        alias_make_table();
    }
    filter_configure_sync();
    clearstatcache();
    $status = @file('/var/run/filter_reload_status', FILE_IGNORE_NEW_LINES | FILE_SKIP_EMPTY_LINES) ?: [];
    $isLoaded = preg_match('/^(?:Done|Skipping|Filter is disabled)/', (string) end($status)) === 1;
    return $isLoaded ? null : 'pf did not take the rules.';
};
