<?php
/**
 * Installs, removes or updates a package by the program that the package manager of the GUI uses.
 *
 * @effect dangerous
 * @class  dangerous
 * @since  2.7.0
 */
return static function (array $in): array {
    $version = static function () use ($in): ?string {
        $list = McpBox::run(['/usr/local/sbin/pkg-static', 'info', '-g', 'pfSense-pkg-*'], '', 60);
        $pattern = '/^' . preg_quote($in['package'], '/') . '-([^\s-]+)(?:\s|$)/m';
        return preg_match($pattern, $list['stdout'], $match) ? $match[1] : null;
    };
    $before = $version();
    $order = $in['operation'] === 'remove' ? '-r' : '-i';
    $upgrade = '/usr/local/sbin/' . g_get('product_name', 'pfSense') . '-upgrade';
    for ($tries = 0; $tries < 30; $tries++) {
        $run = McpBox::run([$upgrade, '-y', '-l', "{$in['folder']}/progress", '-p', "{$in['folder']}/socket", $order, $in['package']], '', 3600);
        if ($run['code'] !== 75) {
            break;
        }
        // Another run of it is not over yet.
        sleep(2);
    }
    $after = $version();
    return [
        'before' => $before,
        'after' => $after,
        'isInEffect' => match ($in['operation']) {
            'install' => $after !== null,
            'remove' => $after === null,
            default => $after !== null && ($after === $in['wanted'] || $after !== $before),
        },
    ];
};
