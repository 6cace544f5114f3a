<?php
/**
 * What a careful operator looks at before an upgrade, without asking the network: disk, way back, branch, locks, backups.
 *
 * @effect read
 * @class  interface
 * @since  2.7.0
 */
return static function (array $in): array {
    $text = static fn (string $file): ?string => is_readable($file) ? trim(substr((string) file_get_contents($file), 0, 200)) : null;
    $root = null;
    $disk = McpBox::run(['/bin/df', '-k', '/'], '', 2);
    foreach (array_slice(explode("\n", $disk['code'] === 0 ? trim($disk['stdout']) : ''), 1) as $line) {
        $field = preg_split('/\s+/', trim($line), 6);
        if (count($field) === 6 && $field[5] === '/') {
            // A dataset has no device file; everything else that pfSense boots from is UFS.
            $root = ['isZfs' => !str_starts_with($field[0], '/'), 'freeBytes' => 1024 * (int) $field[3]];
        }
    }
    $environments = McpBox::run(['/sbin/bectl', 'list', '-H'], '', 3);
    preg_match_all('/^(\S+)\s/m', $environments['stdout'], $names);

    // pfSense keeps the branch by its path or by its name; which of them, depends on its age.
    $branches = [];
    foreach (glob('/usr/local/etc/pfSense/pkg/repos/pfSense-repo-*.name') ?: [] as $file) {
        $name = (string) $text($file);
        $named = dirname($file) . "/pfSense-repo-$name";
        $base = is_file("$named.conf") ? $named : substr($file, 0, -5);
        $branches[] = ['name' => $name, 'path' => "$base.conf", 'description' => (string) $text("$base.descr"), 'isDefault' => is_file("$base.default")];
    }
    // The GUI keeps what its last check found: 2 is a newer version, 0 is none.
    $checked = $text('/var/run/pfSense_version.rc');
    $pid = (int) $text('/var/run/pfSense-upgrade-GUI.pid');
    $search = McpBox::run(['/usr/local/sbin/pkg-static', 'search', '-U', '-r', 'pfSense', '-g', 'pfSense-pkg-*'], '', min(4, McpBox::secondsLeft() / 2));
    preg_match_all('/^pfSense-pkg-(\S+)-([^\s-]+)(?:\s|$)/m', $search['stdout'], $offered, PREG_SET_ORDER);
    $catalogue = array_map('filemtime', array_filter(['/var/db/pkg/repos/pfSense/db', '/var/db/pkg/repo-pfSense.sqlite'], 'is_file'));
    $backups = array_map('filemtime', glob('/cf/conf/backup/config-*.xml') ?: []);
    $latest = function_exists('g_get') ? g_get('latest_config') : null;
    return [
        'configVersion' => (string) config_get_path('version', ''),
        'codeVersion' => is_scalar($latest) ? (string) $latest : null,
        'root' => $root,
        'bootEnvironments' => $environments['code'] === 0 ? $names[1] : null,
        'branch' => (string) config_get_path('system/pkg_repo_conf_path', ''),
        'branches' => $branches,
        'check' => $checked === null ? null : [
            'at' => (int) filemtime('/var/run/pfSense_version.rc'),
            'hasNewer' => $checked === '2' ? true : ($checked === '0' ? false : null),
            'version' => $checked === '2' ? strtok((string) $text('/var/run/pfSense_version'), ' ') ?: null : null,
        ],
        'isUpgrading' => $pid > 1 && McpBox::run(['/bin/ps', '-p', (string) $pid, '-o', 'pid='], '', 2)['code'] === 0,
        'isPackageLocked' => is_file('/var/run/packagelock.dirty'),
        'catalogue' => $search['code'] === 0 && $offered !== [] ? (object) array_column($offered, 2, 1) : null,
        'catalogueAt' => $catalogue === [] ? null : (int) max($catalogue),
        'revisionAt' => $backups === [] ? null : (int) max($backups),
        'isBackedUpOnline' => config_get_path('system/acb/enable') === 'yes',
        'onlineBackupAt' => is_file('/cf/conf/lastACBentry.txt') ? (int) filemtime('/cf/conf/lastACBentry.txt') : null,
        'hasRamDisk' => config_get_path('system/use_mfs_tmpvar') !== null,
        'now' => time(),
    ];
};
