<?php
/**
 * Gives cron its jobs anew.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
return static function (array $subjects, array $before, array $after): ?string {
    configure_cron();
    $lines = static fn (array $config): array => array_map(
        static fn (array $job): string => implode("\t", array_map(
            static fn (string $key): string => (string) ($job[$key] ?? ''),
            ['minute', 'hour', 'mday', 'month', 'wday', 'who', 'command'],
        )),
        array_filter((array) ($config['cron']['item'] ?? []), 'is_array'),
    );
    clearstatcache();
    $present = (array) @file('/etc/crontab', FILE_IGNORE_NEW_LINES);
    if (array_diff($lines($after), $present) !== [] || array_intersect(array_diff($lines($before), $lines($after)), $present) !== []) {
        return 'The table of cron does not hold the jobs that it should.';
    }
    return is_process_running('cron') ? null : 'cron does not run.';
};
